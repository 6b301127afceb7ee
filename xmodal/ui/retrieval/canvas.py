"""Paper to draw on or to place words on."""

from typing import Literal

from xmodal.modality import Modality
from xmodal.ui.cards import named
from xmodal.ui.components.assets import register
from xmodal.ui.retrieval import state
from xmodal.ui.retrieval.state import Place

_canvas = register("canvas")

Mode = Literal["draw", "layout"]
LABELS: dict[Mode, str] = {"draw": "Your drawing", "layout": "Your words in their places"}


def canvas(place: Place, mode: Mode, modality: Modality) -> object:
    """What is on the paper, as the browser tells it; None while it is untouched. It stays when something else is asked
    with in between."""
    key = f"{mode}{place.mark}"
    kept = state.drawn(key)
    data = named(modality) | {"mode": mode, "label": LABELS[mode], "things": kept.get("things") if kept else None}
    _canvas(key=key, data=data, on_drawn_change=lambda: state.keep_drawn(key))
    return kept
