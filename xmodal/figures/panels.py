"""Panels of a gallery, ready to be drawn: a query, and what answers it in each sense."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8

from xmodal.data.sample import Waveform
from xmodal.modality import Modality


@dataclass(frozen=True)
class Entry:
    """One thing that asks or answers."""

    sense: Modality
    title: str
    """A few signs above or below it: its score, or as what it asks."""
    caption: str = ""
    """What it shows, for those who do not see it."""
    text: str = ""
    """Of a text."""
    picture: UInt8[np.ndarray, "rows cols 3"] | None = None
    """Of a picture; of a sound its spectrogram."""
    sound: Waveform | None = None
    """Loudness evened out for playing."""
    own: bool = False
    """It belongs to the item that asks."""


@dataclass(frozen=True)
class ShownPanel:
    """One panel."""

    name: str
    queries: tuple[Entry, ...]
    answers: Mapping[Modality, tuple[Entry, ...]]
    """Best first."""


@dataclass(frozen=True)
class ShownGallery:
    """Panels with a headline and what has to be known of them."""

    title: str
    notes: tuple[str, ...]
    """A paragraph each."""
    panels: tuple[ShownPanel, ...]
