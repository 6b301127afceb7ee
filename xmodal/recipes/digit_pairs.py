"""Spoken digits composed while a network trains: every pair is new, and none is stored (ours).

Composed from glyphs and from the spectrograms of single recordings, ten times faster than an item of
`digit_items` is drawn, spoken and measured; look and sound are the same but for details (the noise of the ground is
finer, each word is measured against its own maximum and not against its loudest neighbour's).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from PIL import Image

from xmodal.data import decode, load
from xmodal.data.media import Stored, parse
from xmodal.data.readers import idx_files
from xmodal.features import log_mel
from xmodal.features.pairs import Batch
from xmodal.features.perturbation import Perturbation, perturbed
from xmodal.features.picture import Picture, normalised, randomly_prepared
from xmodal.features.picture import batch as picture_batch
from xmodal.features.prepared import PairOptions
from xmodal.recipes.digit_items import DigitItems
from xmodal.seeding import stream

_CELLS = 4
_GLYPH_SHARE = (0.31, 0.45)
"""Side of a digit with its margins, as a share of the canvas: 40 to 58 of 128 px, as in `digit_scene`."""
_INK = (0.55, 1.0)
_GROUND, _COARSE_NOISE, _FINE_NOISE = 0.16, 0.05, 0.03
_PAUSE_S = (0.06, 0.25)
_QUIETER_DB = 8.0
"""How much quieter than the loudest a word may be."""


@dataclass(frozen=True)
class Parts:
    """What items are composed of."""

    spoken: Mapping[str, Mapping[int, Sequence[Float[np.ndarray, "bands _"]]]]
    """Speaker -> digit -> spectrograms, each in dB below its own maximum."""
    written: Mapping[int, UInt8[np.ndarray, "count rows cols"]]
    """Digit -> pictures."""


@dataclass(frozen=True)
class DigitPairs:
    """As many new pairs as are asked for; see `features.pairs.Pairs`."""

    items: DigitItems
    pair: PairOptions
    picture: Picture
    perturbation: Perturbation

    def __len__(self) -> int:
        """Pairs of an epoch."""
        return len(self.items)

    @property
    def lengths(self) -> Int[np.ndarray, "pairs"]:
        """The same for all: what is spoken is drawn when a batch is read."""
        return np.zeros(len(self), np.int64)

    def batch(self, positions: Sequence[int], generator: np.random.Generator | None) -> Batch:
        """As many new pairs as positions; the generator decides which. Without one they follow from the positions."""
        rng = stream([self.items.composer.settings.seed, *positions], "digit pairs") if generator is None else generator
        composed = [self._composed(rng) for _ in positions]
        pictures = [randomly_prepared(picture, self.picture, rng) for picture, _ in composed]
        clips = [perturbed(clip, self.perturbation, self.pair.spectrogram, rng) for _, clip in composed]
        captions, lengths = log_mel.batch(clips, self.pair.spectrogram, most_frames=self.pair.most_frames)
        return Batch(normalised(picture_batch(pictures), self.picture), captions, lengths.to(torch.int64))

    @cached_property
    def parts(self) -> Parts:
        """Every recording and every picture of the split, read once.

        Raises:
            MediaError: a file is damaged.
        """
        composer = self.items.composer
        sample = self.items[0]
        spoken = {
            speaker: {
                digit: tuple(self._spectrogram(name) for name in names)
                for digit, names in composer.recordings.by_digit[composer.split, speaker].items()
            }
            for speaker in composer.speakers
        }
        place = parse(composer.places[0])
        assert isinstance(place, Stored)
        images = idx_files.read(load.file_path(place, sample))
        return Parts(spoken, {digit: images[places] for digit, places in composer.pictures.items()})

    def _spectrogram(self, name: str) -> Float[np.ndarray, "bands frames"]:
        place = parse(self.items.composer.places[1])
        assert isinstance(place, Stored)
        recording = replace(place, path=f"{place.path}/{name}".removeprefix("./"))
        with load.opened(recording, self.items[0]) as file:
            return log_mel.log_mel_of(decode.waveform(file), self.pair.spectrogram)

    def _composed(
        self, rng: np.random.Generator
    ) -> tuple[UInt8[np.ndarray, "side side 3"], Float[np.ndarray, "bands frames"]]:
        """Canvas and spectrogram of one item."""
        composer = self.items.composer
        spoken = self.parts.spoken[composer.speakers[int(rng.integers(len(composer.speakers)))]]
        known = sorted(spoken.keys() & self.parts.written.keys())
        digits = [known[place] for place in rng.permutation(len(known))[: composer.settings.count]]
        clip = self._clip([spoken[digits[place]] for place in rng.permutation(len(digits))], rng)
        return self._canvas(digits, rng), clip

    def _canvas(self, digits: Sequence[int], rng: np.random.Generator) -> UInt8[np.ndarray, "side side 3"]:
        side = self.pair.shorter_side_px
        ground = _GROUND + _COARSE_NOISE * _resized(rng.standard_normal((16, 16), np.float32), side)
        ground += _FINE_NOISE * rng.standard_normal((side, side), np.float32)
        for digit, cell in zip(digits, rng.permutation(_CELLS), strict=False):
            glyphs = self.parts.written[digit]
            size = round(side * rng.uniform(*_GLYPH_SHARE))
            stroke = _resized(glyphs[int(rng.integers(len(glyphs)))].astype(np.float32) / 255, size).clip(0.0, 1.0)
            row, col = (int(half) * (side // 2) for half in divmod(int(cell), 2))
            top, left = (int(start) for start in rng.integers(0, side // 2 - size + 1, 2))
            part = ground[row + top : row + top + size, col + left : col + left + size]
            part += (rng.uniform(*_INK) - 0.7 * part - 0.3 * _GROUND) * stroke  # as `digit_scene.canvas` mixes them
        grey = np.clip(np.rint(255 * ground), 0, 255).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)

    def _clip(
        self, words: Sequence[Sequence[Float[np.ndarray, "bands _"]]], rng: np.random.Generator
    ) -> Float[np.ndarray, "bands frames"]:
        options = self.pair.spectrogram
        quieter_db = rng.uniform(0.0, _QUIETER_DB, len(words))
        quieter_db -= quieter_db.min()
        pieces = []
        for takes, less in zip(words, quieter_db, strict=True):
            pieces.append(self._silence(rng.uniform(*_PAUSE_S)))
            pieces.append(np.maximum(takes[int(rng.integers(len(takes)))] - np.float32(less), -options.top_db))
        return np.concatenate([*pieces, self._silence(0.1)], axis=1)

    def _silence(self, length_s: float) -> Float[np.ndarray, "bands frames"]:
        options = self.pair.spectrogram
        frames = round(length_s * options.rate_hz / options.hop_samples)
        return np.full((options.bands, frames), -options.top_db, np.float32)


def _resized(plane: Float[np.ndarray, "rows cols"], side: int) -> Float[np.ndarray, "side side"]:
    return np.array(Image.fromarray(plane).resize((side, side), Image.Resampling.BICUBIC))
