"""The live component: speak and the picture lights up."""

import io
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from PIL import Image
from streamlit.components.v2 import component

from xmodal.figures.heat import heat_table
from xmodal.modality import Modality
from xmodal.ui.components.assets import FOLDER
from xmodal.ui.live_routes import ADDRESS
from xmodal.ui.palette import stylesheet

if TYPE_CHECKING:
    from xmodal.ui.networks.live import LivePicture

SCRIPTS = ("shared", "matchmap/scores", "matchmap/looks", "live/microphone", "live/sender", "live/heard", "live/light",
           "live/live")  # fmt: skip
"""Parts of the component's script, in this order: each uses only what stands before it."""
STYLES = ("shared", "matchmap/matchmap", "live/live")
WORKLET = FOLDER / "live" / "capture.worklet.js"
"""Runs in the audio thread: the script holds it as text and loads it from a blob, as a component has no address."""


def live_player(picture: "LivePicture", *, name: str, token: str, heard: Modality, key: str) -> None:
    """Show the picture and listen.

    Args:
        picture: what is looked at.
        name: names picture and network, as in the visitor's seat.
        token: key of the seat.
        heard: what the network listens to.
        key: of the component.
    """
    _mounted(key=key, data=payload(picture, name=name, token=token, heard=heard))


def payload(picture: "LivePicture", *, name: str, token: str, heard: Modality) -> dict[str, Any]:
    """What the component is given: plain values, and one Arrow row with the bytes."""
    with Image.open(io.BytesIO(picture.jpeg)) as image:
        ratio = image.width / image.height
    columns = {"picture": picture.jpeg, "heat": heat_table()}
    return {
        "address": ADDRESS,
        "token": token,
        "picture": name,
        "alt": picture.description,
        "ratio": ratio,
        "heard": heard.value,
        "bytes": pa.table({each: pa.array([content], pa.large_binary()) for each, content in columns.items()}),
    }


def _script() -> str:
    worklet = f"const WORKLET = {json.dumps(WORKLET.read_text(encoding='utf-8'))};"
    return "\n".join((worklet, *(_text(f"{part}.js") for part in SCRIPTS)))


def _text(file: str) -> str:
    return (FOLDER / file).read_text(encoding="utf-8")


_mounted = component(
    "xmodal_live",
    html=_text("live/live.html"),
    css="\n".join((stylesheet(), *(_text(f"{part}.css") for part in STYLES))),
    js=_script(),
)
