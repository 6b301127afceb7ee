"""Colours of pages: those of modalities (`figures/modality_colours.py`), of classes, and of runs."""

from collections.abc import Sequence

from xmodal.figures.modality_colours import MARKERS as MARKERS
from xmodal.figures.modality_colours import SURFACES as SURFACES
from xmodal.figures.modality_colours import TONES
from xmodal.figures.modality_colours import Theme as Theme
from xmodal.figures.modality_colours import Tone as Tone

CLASS_COLOURS: tuple[str, ...] = (
    "#88CCEE", "#CC6677", "#DDCC77", "#117733", "#AA4499", "#44AA99", "#999933", "#882255", "#6699CC", "#EE8866",
    "#BBCC33", "#661100", "#FFAABB", "#225555", "#AAAA00", "#332288", "#99DDFF", "#994455", "#EECC66", "#004488",
)  # fmt: skip
"""Fills of classes and instances in mask overlays, from Paul Tol's qualitative sets (SRON/EPS/TN/09-002), which are
chosen for colour-blind readers. Never used for a modality."""


RUN_COLOURS: dict[Theme, tuple[str, ...]] = {
    "light": ("#4A5F9E", "#9A3B00", "#117733", "#AA4499", "#8A6A00", "#00707F"),
    "dark": ("#8FA3E6", "#EE8866", "#66BB7F", "#E08FC8", "#DDCC77", "#44C0C8"),
}
"""Lines of trained runs in charts, where colour means neither a modality nor a class; at least 4.5:1."""


def class_colours(ids: Sequence[int]) -> dict[int, str]:
    """One fill per class or instance id of a picture.

    A class keeps its colour from picture to picture unless an earlier id of the same picture has taken it; colours
    repeat only when there are more ids than colours.
    """
    chosen: dict[int, str] = {}
    for number, identity in enumerate(ids):
        order = [CLASS_COLOURS[(identity + step) % len(CLASS_COLOURS)] for step in range(len(CLASS_COLOURS))]
        taken = set(list(chosen.values())[number - number % len(CLASS_COLOURS) :])
        chosen[identity] = next(colour for colour in order if colour not in taken)
    return chosen


def rgb(colour: str) -> tuple[int, int, int]:
    """`#RRGGBB` -> three numbers, 0 to 255."""
    value = int(colour.removeprefix("#"), 16)
    return value >> 16, value >> 8 & 255, value & 255


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance in linear sRGB)."""
    brighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    weights = (0.2126, 0.7152, 0.0722)
    return sum(weight * _linear(value / 255) for weight, value in zip(weights, rgb(colour), strict=True))


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def stylesheet() -> str:
    """CSS variables `--xm-<modality>` and `--xm-<modality>-text` for both themes.

    Components put `data-theme` on their root element, because Streamlit's theme need not follow the system's.
    """
    lines = []
    for theme, tones in TONES.items():
        pairs = "".join(
            f"--xm-{modality}:{tone.mark};--xm-{modality}-text:{tone.text};" for modality, tone in tones.items()
        )
        lines.append(f'.xm[data-theme="{theme}"]{{{pairs}}}')
    return "\n".join(lines) + "\n"
