"""The colour and the marker of each modality, so that colour is never alone.

Base colours are those of Okabe and Ito (2008), safe for the common kinds of colour blindness. On a light background
some are too faint, on a dark one some too deep; `mark` reaches a contrast of 3:1 and `text` 4.5:1 (WCAG 2.2, 1.4.11
and 1.4.3) on both surfaces of its theme. tests/ui/test_palette.py computes it.
"""

from dataclasses import dataclass
from typing import Literal

from xmodal.modality import Modality

Theme = Literal["light", "dark"]

SURFACES: dict[Theme, tuple[str, str]] = {"light": ("#FCFCFA", "#F2F2EE"), "dark": ("#14161A", "#1E2127")}
"""Page and panel background of each theme, as in `.streamlit/config.toml`."""


@dataclass(frozen=True)
class Tone:
    """One modality's colour in one theme."""

    mark: str
    """For edges, markers and bars."""
    text: str
    """For words."""


MARKERS: dict[Modality, str] = {
    Modality.IMAGE: "●",
    Modality.SKETCH: "◆",
    Modality.CLIP_ART: "■",
    Modality.SPATIAL_TEXT: "▲",
    Modality.TEXT: "✚",
    Modality.SOUND: "★",
    Modality.SPEECH: "▼",
    Modality.VIDEO: "◐",
}

TONES: dict[Theme, dict[Modality, Tone]] = {
    "light": {
        Modality.IMAGE: Tone(mark="#0072B2", text="#0072B2"),
        Modality.SKETCH: Tone(mark="#1C91D4", text="#1672A7"),
        Modality.CLIP_ART: Tone(mark="#B77F00", text="#906400"),
        Modality.SPATIAL_TEXT: Tone(mark="#948D00", text="#736E00"),
        Modality.TEXT: Tone(mark="#009C72", text="#007B5A"),
        Modality.SOUND: Tone(mark="#D55E00", text="#B24F00"),
        Modality.SPEECH: Tone(mark="#C76C9E", text="#B34482"),
        Modality.VIDEO: Tone(mark="#7F7F7F", text="#6D6D6D"),
    },
    "dark": {
        Modality.IMAGE: Tone(mark="#0072B2", text="#008FDF"),
        Modality.SKETCH: Tone(mark="#56B4E9", text="#56B4E9"),
        Modality.CLIP_ART: Tone(mark="#E69F00", text="#E69F00"),
        Modality.SPATIAL_TEXT: Tone(mark="#A69F00", text="#A69F00"),
        Modality.TEXT: Tone(mark="#009E73", text="#009E73"),
        Modality.SOUND: Tone(mark="#D55E00", text="#E36400"),
        Modality.SPEECH: Tone(mark="#CC79A7", text="#CC79A7"),
        Modality.VIDEO: Tone(mark="#7F7F7F", text="#898989"),
    },
}
