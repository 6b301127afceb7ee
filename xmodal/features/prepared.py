"""Pairs made ready for training: every picture resized, every spectrogram computed, once, in memory-mapped files.

A folder holds `pictures.npy` (uint8, all pixels one after the other), `shapes.npy` (rows and cols of each),
`captions.npy` (float16 frames x bands, one clip after the other), `lengths.npy` (frames of each), `labels.json` (what
is seen and heard in each, where known), `texts.json` where captions are texts, `others.npy` and `other_shapes.npy`
where they are pictures too, and `prepared.json` (options, ids, what was left out and why). It is a cache: it can be
deleted at any time, and has to be where items were left out that are readable now. `preparation` makes it.
"""

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int, UInt8
from pydantic import BaseModel, ConfigDict, Field, model_validator

from xmodal.data.sample import Waveform
from xmodal.features.log_mel import LogMel, log_mel_of
from xmodal.features.spectrogram import Spectrogram, spectrogram_of
from xmodal.modality import AUDIBLE, PICTORIAL, Modality

INDEX, LABELS = "prepared.json", "labels.json"
FORMAT = 2
"""Of the folder and of what the numbers in it mean: a new one has everything prepared again."""


class StoredPair(BaseModel, ABC):
    """What a pair is and how it is stored, apart from how sound becomes a spectrogram."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    picture: Modality = Modality.IMAGE
    """What is seen: image, sketch, clip art or spatial text."""
    caption: Modality
    """What goes with it."""
    shorter_side_px: int = Field(default=256, ge=16, le=1024)
    """Pictures are stored with this shorter side; crops are cut in training."""

    @property
    @abstractmethod
    def bands(self) -> int:
        """Of a spectrogram."""

    @abstractmethod
    def hear(self, waveform: Waveform) -> Float[np.ndarray, "frames bands"]:
        """The spectrogram that is stored of a sound, float16.

        Raises:
            ValueError: it has none (values that are not finite).
        """

    @model_validator(mode="after")
    def _seen(self) -> "StoredPair":
        if self.picture not in PICTORIAL:
            raise ValueError(f"{self.picture.value} is not seen as a picture: {', '.join(PICTORIAL)} are")
        return self


class SensePairOptions(StoredPair):
    """A picture and any other sense, each of one size (see_hear_read section 2)."""

    spectrogram: Spectrogram = Spectrogram()
    """How sound becomes a spectrogram."""

    @property
    def bands(self) -> int:
        """Of a spectrogram."""
        return self.spectrogram.bands

    def hear(self, waveform: Waveform) -> Float[np.ndarray, "frames bands"]:
        """See `StoredPair.hear`; the values are small, so that float16 holds them to 0.04 dB."""
        return spectrogram_of(waveform, self.spectrogram).T.astype(np.float16)

    @model_validator(mode="after")
    def _another(self) -> "SensePairOptions":
        if self.caption in (self.picture, Modality.VIDEO):
            raise ValueError(f"{self.caption.value} cannot go with {self.picture.value}: another sense is needed")
        if self.spectrogram.mean == "training":
            raise ValueError("stored before the training set's mean is known: set mean of spectrogram to clip or bands")
        return self


class PairOptions(StoredPair):
    """A picture and its caption of any length (matchmaps section 4)."""

    caption: Modality = Modality.SPEECH
    """Speech, sound or text."""
    spectrogram: LogMel = LogMel()
    """How sound becomes a spectrogram."""
    most_frames: int = Field(default=2048, ge=1)
    """Longer clips are cut (2048 in matchmaps section 4.2: about 20 s)."""

    @property
    def bands(self) -> int:
        """Of a spectrogram."""
        return self.spectrogram.bands

    def hear(self, waveform: Waveform) -> Float[np.ndarray, "frames bands"]:
        """See `StoredPair.hear`."""
        return log_mel_of(waveform, self.spectrogram).T[: self.most_frames].astype(np.float16)

    @property
    def hop_s(self) -> float:
        """Seconds between frames of what the caption branch reads; words count 1."""
        options = self.spectrogram
        return 1.0 if self.caption is Modality.TEXT else options.hop_samples / options.rate_hz

    @model_validator(mode="after")
    def _heard(self) -> "PairOptions":
        if self.caption not in (*AUDIBLE, Modality.TEXT):
            raise ValueError(f"{self.caption.value} is no caption: {', '.join((*AUDIBLE, Modality.TEXT))} are")
        return self


class PreparedIndex(BaseModel):
    """What `prepared.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=FORMAT, le=FORMAT)
    options: PairOptions | SensePairOptions
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
    scenes: tuple[str, ...] = ()
    """Scene of each item, empty where it is not known; none at all in what was prepared by earlier versions."""


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

    def other_picture(self, position: int) -> UInt8[np.ndarray, "rows cols 3"]:
        """The stored picture of the other sense, where that is one."""
        rows, cols = self._other_shapes[position]
        start = self._other_starts[position]
        return self._others[start : start + rows * cols * 3].reshape(rows, cols, 3)

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
    def _others(self) -> np.ndarray:
        return np.load(self.folder / "others.npy", mmap_mode="r", allow_pickle=False)

    @cached_property
    def _other_shapes(self) -> np.ndarray:
        return np.load(self.folder / "other_shapes.npy", allow_pickle=False)

    @cached_property
    def _other_starts(self) -> np.ndarray:
        return _starts(self._other_shapes.prod(axis=1) * 3)

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
