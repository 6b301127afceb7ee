"""Pairs made ready for training: every picture resized, every spectrogram computed, once, in memory-mapped files.

A folder holds `pictures.npy` (uint8, all pixels one after the other), `shapes.npy` (rows and cols of each),
`captions.npy` (float16 frames x bands, one clip after the other), `lengths.npy` (frames of each), `labels.json` (what
is seen and heard in each, where known), `texts.json` where captions are texts, and `prepared.json` (options, ids, what
was left out and why). It is a cache: it can be deleted at
any time, and has to be where items were left out that are readable now. `preparation` makes it.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int, UInt8
from pydantic import BaseModel, ConfigDict, Field, model_validator

from xmodal.features.log_mel import LogMel
from xmodal.modality import AUDIBLE, PICTORIAL, Modality

INDEX, LABELS = "prepared.json", "labels.json"
FORMAT = 2
"""Of the folder and of what the numbers in it mean: a new one has everything prepared again."""


class PairOptions(BaseModel):
    """What a pair is and how it is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    picture: Modality = Modality.IMAGE
    """What is seen: image, sketch, clip art or spatial text."""
    caption: Modality = Modality.SPEECH
    """Speech, sound or text."""
    shorter_side_px: int = Field(default=256, ge=16, le=1024)
    """Pictures are stored with this shorter side; crops are cut in training."""
    spectrogram: LogMel = LogMel()
    """How sound becomes a spectrogram."""
    most_frames: int = Field(default=2048, ge=1)
    """Longer clips are cut (2048 in matchmaps section 4.2: about 20 s)."""

    @property
    def hop_s(self) -> float:
        """Seconds between frames of what the caption branch reads; words count 1."""
        options = self.spectrogram
        return 1.0 if self.caption is Modality.TEXT else options.hop_samples / options.rate_hz

    @model_validator(mode="after")
    def _seen_and_heard(self) -> "PairOptions":
        if self.picture not in PICTORIAL:
            raise ValueError(f"{self.picture.value} is not seen as a picture: {', '.join(PICTORIAL)} are")
        if self.caption not in (*AUDIBLE, Modality.TEXT):
            raise ValueError(f"{self.caption.value} is no caption: {', '.join((*AUDIBLE, Modality.TEXT))} are")
        return self


class PreparedIndex(BaseModel):
    """What `prepared.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=FORMAT, le=FORMAT)
    options: PairOptions
    ids: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    """Id and reason of each item that could not be read."""


class Labels(BaseModel):
    """What is known to be in each pair, without repetition, in alphabetic order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seen: tuple[tuple[str, ...], ...]
    """Names of the things in each picture (`Truth.objects`)."""
    heard: tuple[tuple[str, ...], ...]
    """Names of what sounds in each item (`Truth.sound_events`)."""


@dataclass(frozen=True)
class Prepared:
    """A folder of prepared pairs, opened without reading it."""

    folder: Path

    @cached_property
    def index(self) -> PreparedIndex:
        """Options and ids."""
        return PreparedIndex.model_validate_json((self.folder / INDEX).read_bytes())

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.index.ids)

    def picture(self, position: int) -> UInt8[np.ndarray, "rows cols 3"]:
        """The stored picture."""
        rows, cols = self._shapes[position]
        start = self._picture_starts[position]
        return self._pixels[start : start + rows * cols * 3].reshape(rows, cols, 3)

    def spectrogram(self, position: int) -> Float[np.ndarray, "bands frames"]:
        """The stored spectrogram, float16 dB."""
        start = self._caption_starts[position]
        return self._frames[start : start + self.lengths[position]].T

    def text(self, position: int) -> tuple[str, ...]:
        """The text captions of that pair, where captions are texts."""
        return tuple(self._texts[position])

    @cached_property
    def labels(self) -> Labels:
        """What is seen and heard in every pair."""
        return Labels.model_validate_json((self.folder / LABELS).read_bytes())

    @cached_property
    def _pixels(self) -> np.ndarray:
        return np.load(self.folder / "pictures.npy", mmap_mode="r", allow_pickle=False)

    @cached_property
    def _frames(self) -> np.ndarray:
        return np.load(self.folder / "captions.npy", mmap_mode="r", allow_pickle=False)

    @cached_property
    def _shapes(self) -> np.ndarray:
        return np.load(self.folder / "shapes.npy", allow_pickle=False)

    @cached_property
    def lengths(self) -> Int[np.ndarray, "pairs"]:
        """Frames of every clip as stored."""
        return np.load(self.folder / "lengths.npy", allow_pickle=False)

    @cached_property
    def _texts(self) -> list[list[str]]:
        return json.loads((self.folder / "texts.json").read_bytes())

    @cached_property
    def _picture_starts(self) -> np.ndarray:
        return _starts(self._shapes.prod(axis=1) * 3)

    @cached_property
    def _caption_starts(self) -> np.ndarray:
        return _starts(self.lengths)


def _starts(sizes: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
