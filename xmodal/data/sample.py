"""One item of paired media, its split and its ground truth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int, UInt8

from xmodal.data.media import Media, Rendered, Stored
from xmodal.modality import Modality


class Split(StrEnum):
    """What an item may be used for."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


@dataclass(frozen=True)
class Word:
    """One spoken word."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class SoundEvent:
    """One thing that is heard."""

    label: str
    start_s: float
    end_s: float
    seen: bool | None = None
    """Whether its source is in the picture; None: unknown."""


@dataclass(frozen=True)
class LabelMap:
    """Which class and which instance each pixel of the item's picture belongs to."""

    labels: Int[np.ndarray, "rows cols"]
    """Class id of each pixel, 0 = unlabelled."""
    names: Mapping[int, str]
    """Class id -> name; 0 is absent."""
    instances: Int[np.ndarray, "rows cols"]
    """Instance of each pixel: 0 = none, else 1 + index into `instance_names`."""
    instance_names: tuple[str, ...]


@dataclass(frozen=True)
class Waveform:
    """Decoded sound, mono."""

    samples: Float[np.ndarray, "samples"]
    """float32, full scale is [-1, 1]; lossy codecs may overshoot a little."""
    rate_hz: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.samples.size / self.rate_hz


@dataclass(frozen=True)
class Clip:
    """Decoded video."""

    frames: UInt8[np.ndarray, "frames rows cols 3"]
    frame_rate_hz: float
    sound: Waveform | None
    """Its soundtrack, if it has one."""


@dataclass(frozen=True)
class LabelMapSource:
    """Where a label map comes from and how it is written."""

    scheme: str
    """Key of `label_maps.SCHEMES`."""
    media: Stored | Rendered


@dataclass(frozen=True)
class Truth:
    """What is known to be true about an item; each part may be missing."""

    label_map: LabelMapSource | None = None
    objects: tuple[str, ...] = ()
    """Names of the things in the picture (for filters and statistics), repeated per instance."""
    words: tuple[Word, ...] = ()
    """Word times of the speech entry."""
    sound_events: tuple[SoundEvent, ...] = ()
    """What is heard in the sound entry."""


@dataclass(frozen=True)
class Sample:
    """One item: at most one entry per modality, all of the same scene."""

    id: str
    """Stable and unique within its catalog."""
    split: Split
    media: Mapping[Modality, Media]
    scene: str | None = None
    """Scene or class label."""
    group: str | None = None
    """Speaker, video or user: items of one group are not independent."""
    truth: Truth = Truth()
    facts: Mapping[str, str] = field(default_factory=dict)
    """Anything else worth showing (fold, voice, licence, address of the original)."""
    roots: Mapping[str, Path] = field(default_factory=dict)
    """Named folders that its references are relative to; filled in by the catalog."""
