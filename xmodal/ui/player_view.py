"""What is on screen in the matchmap player: as the browser tells it, and as a short text for the address.

`mode-heat~percentile-60~time_s-1.25~place-0.25_0.5_0.1_0.1`: only what differs from an untouched player. Everything
read back is checked as what a browser tells is.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Box = tuple[float, float, float, float]
"""Left, top, width, height as fractions of the picture."""


class PlayerView(BaseModel):
    """What is on screen: told by the player once per gesture, and given to it to open a clip in that view."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

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


BETWEEN, AFTER_NAME, IN_LIST = "~", "-", "_"
LASTING = ("mode", "unit", "percentile", "score", "opacity", "offset_ms")
"""What stays when another clip is shown; the rest is about one clip."""
_FIELDS = (*LASTING, "map", "compare", "speed", "loop", "truth", "time_s", "place", "stretch")
_LISTS = ("place", "stretch")


def written(view: PlayerView) -> str:
    """`view` as text; empty for an untouched player."""
    untouched = PlayerView()
    threshold = "score" if view.unit == "percentile" else "percentile"  # the other unit follows from it
    changed = [
        (name, value)
        for name in _FIELDS
        if name != threshold and (value := getattr(view, name)) != getattr(untouched, name)
    ]
    return BETWEEN.join(f"{name}{AFTER_NAME}{_text(value)}" for name, value in changed)


def read(text: str) -> PlayerView | None:
    """The view that a text names; None if it names none or makes no sense."""
    told: dict[str, object] = {}
    for part in text.split(BETWEEN):
        name, _, value = part.partition(AFTER_NAME)
        if name in _FIELDS and value:
            told[name] = value.split(IN_LIST) if name in _LISTS else value
    try:
        return PlayerView.model_validate(told) if told else None
    except ValidationError:
        return None


def lasting(text: str) -> str:
    """The part of a text that stays when another clip is shown."""
    return BETWEEN.join(part for part in text.split(BETWEEN) if part.partition(AFTER_NAME)[0] in LASTING)


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return IN_LIST.join(_text(each) for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.8g}" if isinstance(value, float) else str(value)
