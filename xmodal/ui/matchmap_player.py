"""The matchmap player: press play and the picture lights up as it is described."""

from typing import Any

from pydantic import ValidationError
from streamlit.components.v2 import component

from xmodal.ui.components.assets import FOLDER
from xmodal.ui.palette import stylesheet
from xmodal.ui.played_clip import PlayedClip, payload
from xmodal.ui.player_view import PlayerView

SCRIPTS = ("scores", "looks", "payload", "transport", "panel", "strip", "words", "controls", "keys", "player")
"""Parts of the component's script after `shared.js`, in this order: each uses only what stands before it."""


def matchmap_player(
    clip: PlayedClip, *, key: str, opening: PlayerView | None = None, together: bool = False
) -> PlayerView:
    """Show `clip`; returns what its viewer did last.

    `opening` counts when this clip is shown first. When `together` becomes true, the maps are put side by side.
    """
    data = payload(clip) | {"opening": _opening(clip, opening), "together": together}
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
