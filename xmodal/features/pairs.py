"""Prepared pairs as batches: pictures cut and normalised, captions padded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float, Int, Shaped
from torch import Tensor

from xmodal.features import log_mel
from xmodal.features.perturbation import UNCHANGED, Perturbation, perturbed
from xmodal.features.picture import Picture, normalised, prepared, randomly_prepared
from xmodal.features.picture import batch as picture_batch
from xmodal.features.prepared import PairOptions, Prepared
from xmodal.features.words import Vocabulary, words_of
from xmodal.seeding import stream


@dataclass(frozen=True)
class Batch:
    """Row i of the pictures belongs to row i of the captions."""

    pictures: Float[Tensor, "items 3 rows cols"]
    """Normalised."""
    captions: Shaped[Tensor, "items *rest"]
    """Spectrograms in dB (`items bands frames`) or word ids (`items words`), padded on the right."""
    lengths: Int[Tensor, "items"]
    """Unpadded frames or words."""
    labels: Mapping[str, Float[Tensor, "items _"]] = field(default_factory=dict)
    """1 where a class is `seen` or `heard`, else 0, for training with labels."""

    def to(self, device: torch.device, memory_format: torch.memory_format = torch.preserve_format) -> "Batch":
        """The same on a device."""
        pictures = self.pictures.to(device, memory_format=memory_format, non_blocking=True)
        labels = {branch: each.to(device) for branch, each in self.labels.items()}
        return Batch(pictures, self.captions.to(device), self.lengths.to(device), labels)


@runtime_checkable
class Pairs(Protocol):
    """Any number of pairs, read by position."""

    def __len__(self) -> int:
        """Number of pairs."""
        ...

    @property
    def lengths(self) -> Int[np.ndarray, "pairs"]:
        """About how long each caption is: frames or words."""
        ...

    def batch(self, positions: Sequence[int], generator: np.random.Generator | None) -> Batch:
        """Those pairs on the CPU; with a generator pictures are cut at random, without one in the middle."""
        ...


@dataclass(frozen=True)
class PreparedPairs:
    """Some of the pairs of a prepared folder."""

    prepared: Prepared
    picture: Picture
    positions: tuple[int, ...]
    """Which pairs, in order."""
    vocabulary: Vocabulary | None = None
    """Where captions are texts."""
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of what may be `seen` and `heard`, where labels are wanted."""
    perturbation: Perturbation = UNCHANGED
    """How spectrograms are changed where a generator is given."""

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.positions)

    @property
    def lengths(self) -> Int[np.ndarray, "pairs"]:
        """See `Pairs.lengths`; of several texts the first counts."""
        if self.vocabulary is None:
            return self.prepared.lengths[list(self.positions)]
        return np.array([len(words_of(self.prepared.text(place)[0])) for place in self.positions])

    def batch(self, positions: Sequence[int], generator: np.random.Generator | None) -> Batch:
        """See `Pairs.batch`. Of several texts one is drawn with a generator; the first is taken without."""
        chosen = [self.positions[position] for position in positions]
        pictures = [self._picture(place, generator) for place in chosen]
        captions, lengths = self._captions(chosen, generator)
        labels = {branch: self.labels(branch, positions) for branch in self.classes}
        return Batch(normalised(picture_batch(pictures), self.picture), captions, lengths, labels)

    @property
    def options(self) -> PairOptions:
        """What a pair is and how it is stored."""
        options = self.prepared.index.options
        assert isinstance(options, PairOptions), "these pairs were prepared for another kind of network"
        return options

    def first(self, count: int) -> "PreparedPairs":
        """The first `count` of these pairs, or all if there are fewer."""
        return replace(self, positions=self.positions[:count])

    def _picture(self, place: int, generator: np.random.Generator | None) -> np.ndarray:
        whole = self.prepared.picture(place)
        return prepared(whole, self.picture) if generator is None else randomly_prepared(whole, self.picture, generator)

    def labels(self, branch: str, positions: Sequence[int]) -> Float[Tensor, "items _"]:
        """1 where a class of that branch is `seen` or `heard` in those pairs, else 0."""
        known = self.prepared.labels.seen if branch == "seen" else self.prepared.labels.heard
        present = [[name in known[self.positions[place]] for name in self.classes[branch]] for place in positions]
        return torch.tensor(present, dtype=torch.float32)

    def _captions(self, chosen: Sequence[int], generator: np.random.Generator | None) -> tuple[Tensor, Tensor]:
        options = self.options
        if self.vocabulary is None:
            clips = [self._clip(place, generator) for place in chosen]
            return log_mel.batch(clips, options.spectrogram, most_frames=options.most_frames)
        texts = [self.prepared.text(place) for place in chosen]
        picks = [0 if generator is None else int(generator.integers(len(each))) for each in texts]
        return self.vocabulary.batch([each[pick] for each, pick in zip(texts, picks, strict=True)])

    def _clip(self, place: int, generator: np.random.Generator | None) -> np.ndarray:
        whole = self.prepared.spectrogram(place).astype(np.float32)
        if generator is None or self.perturbation.nothing:
            return whole
        return perturbed(whole, self.perturbation, self.options.spectrogram, generator)


def share_of(prepared_pairs: Prepared, share: float, seed: int) -> tuple[int, ...]:
    """Positions of a random share of the pairs, the same for the same seed; a larger share holds the smaller one."""
    count = max(1, round(share * len(prepared_pairs)))
    order = stream(seed, "share").permutation(len(prepared_pairs))
    return tuple(sorted(int(place) for place in order[:count]))
