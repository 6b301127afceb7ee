"""The matchmap player: press play and the picture lights up as it is described."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from streamlit.components.v2 import component

from xmodal.ui.components.assets import FOLDER
from xmodal.ui.palette import stylesheet
from xmodal.ui.played_clip import PlayedClip, payload

SCRIPTS = ("scores", "looks", "payload", "transport", "panel", "strip", "words", "controls", "keys", "player")
"""Parts of the component's script after `shared.js`, in this order: each uses only what stands before it."""

Box = tuple[float, float, float, float]
"""Left, top, width, height as fractions of the picture."""


class PlayerView(BaseModel):
    """What is on screen: told by the player once per gesture, and given to it to open a clip in that view."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str | None = None
    """The clip that it is about; None before the first gesture."""
    time_s: float = Field(default=0.0, ge=0.0)
    map: str | None = None
    """Name of the chosen map; None: the first."""
    compare: bool = False
    """Several maps side by side."""
    mode: Literal["spotlight", "heat"] = "spotlight"
    unit: Literal["percentile", "score"] = "percentile"
    """Which of the next two is the threshold."""
    percentile: float = Field(default=80.0, ge=0.0, le=100.0)
    score: float = 0.0
    opacity: float = Field(default=0.8, ge=0.0, le=1.0)
    speed: float = Field(default=1.0, gt=0.0, le=4.0)
    """Seconds a second; of a text: words a second."""
    offset_ms: float = Field(default=0.0, ge=-300.0, le=300.0)
    """How late the sound is heard; the light waits for it."""
    loop: bool = False
    truth: bool = False
    """Outlines of what is really there."""
    place: Box | None = None
    """The chosen place: when is it spoken about?"""
    peak_s: float | None = None
    """When the chosen map matches that place most."""
    peak_score: float | None = None
    stretch: tuple[float, float] | None = None
    """The brushed stretch of time: where does it match?"""


def matchmap_player(clip: PlayedClip, *, key: str, opening: PlayerView | None = None) -> PlayerView:
    """Show `clip`; returns what its viewer did last. `opening` counts when this clip is shown first."""
    data = payload(clip) | {"opening": _opening(clip, opening)}
    seen = _mounted(key=key, data=data, on_view_change=_nothing)
    return view_of(seen.view, clip)


def view_of(told: object, clip: PlayedClip) -> PlayerView:
    """What the browser told, if it is about `clip` and makes sense; else the view of an untouched player."""
    try:
        view = PlayerView.model_validate(told)
    except ValidationError:
        return PlayerView()
    return view if view.id == clip.id else PlayerView()


def _nothing() -> None:
    """The view is read where the player is mounted; a gesture only has to run the page again."""


def _opening(clip: PlayedClip, view: PlayerView | None) -> dict[str, Any]:
    if view is None:
        return {"settings": {}, "time_s": 0.0, "place": None, "stretch": None}
    names = [each.name for each in clip.maps]
    fields = {"compare", "mode", "unit", "percentile", "score", "opacity", "speed", "offset_ms", "loop", "truth"}
    settings = view.model_dump(include=fields & view.model_fields_set)
    settings["map"] = names.index(view.map) if view.map in names else 0
    return {"settings": settings, **view.model_dump(include={"time_s", "place", "stretch"})}


def _script() -> str:
    parts = [FOLDER / "shared.js", *(FOLDER / "matchmap" / f"{name}.js" for name in SCRIPTS)]
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)


def _style() -> str:
    parts = [FOLDER / "shared.css", FOLDER / "matchmap" / "matchmap.css"]
    return "\n".join((stylesheet(), *(part.read_text(encoding="utf-8") for part in parts)))


_mounted = component(
    "xmodal_matchmap",
    html=(FOLDER / "matchmap" / "matchmap.html").read_text(encoding="utf-8"),
    css=_style(),
    js=_script(),
)
