"""Pictures with one other sense each, for a network with a pathway for every sense: several prepared sets at once.

An example is one pair of every set: a picture with a text, another picture with a sound, and so on. No set shares an
item with another (see_hear_read section 2), so that no two senses but a picture and its own ever meet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from xmodal.features.picture import Picture, normalised, prepared, randomly_prepared
from xmodal.features.picture import batch as picture_batch
from xmodal.features.prepared import Prepared
from xmodal.modality import AUDIBLE, PICTORIAL, Modality


@runtime_checkable
class Sentences(Protocol):
    """How texts become numbers."""

    def batch(self, texts: Sequence[str]) -> tuple[Float[Tensor, "items words dims"], Int[Tensor, "items"]]:
        """Word vectors of each text, all of one size, and how many words are its own."""
        ...


@dataclass(frozen=True)
class SensePart:
    """Pairs of one set: row i of the pictures belongs to row i of the other sense."""

    pictures: Float[Tensor, "items 3 rows cols"]
    """Normalised."""
    other: Float[Tensor, "items *rest"] | None
    """Normalised pictures, log spectrograms `items bands frames`, or word vectors `items words dims`; None where
    pictures alone are learned from."""
    lengths: Int[Tensor, "items"] | None
    """Words of each text; None for other senses, which have no padding."""
    teacher: Float[Tensor, "items classes"] | None = None
    """What a teacher says of the pictures."""


@dataclass(frozen=True)
class SenseBatch:
    """As many pairs of every set, by the sense that goes with the pictures."""

    parts: Mapping[Modality, SensePart]

    def to(self, device: torch.device, memory_format: torch.memory_format = torch.preserve_format) -> "SenseBatch":
        """The same on a device."""

        def moved(tensor: Tensor) -> Tensor:
            layout = memory_format if tensor.ndim == 4 else torch.preserve_format
            return tensor.to(device, memory_format=layout, non_blocking=True)

        return SenseBatch(
            {
                sense: SensePart(
                    moved(part.pictures),
                    None if part.other is None else moved(part.other),
                    None if part.lengths is None else moved(part.lengths),
                    None if part.teacher is None else moved(part.teacher),
                )
                for sense, part in self.parts.items()
            }
        )


@dataclass(frozen=True)
class SensePairs:
    """Some of the pairs of one prepared set."""

    prepared: Prepared
    picture: Picture
    positions: tuple[int, ...]
    """Which pairs, in order."""
    sentences: Sentences | None = None
    """How texts are read, where the other sense is text."""
    teacher: Float[np.ndarray, "pairs classes"] | None = None
    """What a teacher says of the pictures at `positions`; None: nobody is asked."""
    pictures_only: bool = False
    """Whether the other sense is left out: for a network that has no pathway for it."""

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.positions)

    @property
    def sense(self) -> Modality:
        """What goes with the pictures."""
        return self.prepared.index.options.caption

    @property
    def ids(self) -> tuple[str, ...]:
        """Of the items, in order."""
        return tuple(self.prepared.index.ids[place] for place in self.positions)

    def first(self, count: int) -> "SensePairs":
        """The first `count` of these pairs, or all if there are fewer."""
        teacher = None if self.teacher is None else self.teacher[:count]
        return replace(self, positions=self.positions[:count], teacher=teacher)

    def batch(self, positions: Sequence[int], generator: np.random.Generator | None) -> SensePart:
        """Those pairs on the CPU; with a generator pictures are cut at random and one of several texts is drawn."""
        chosen = [self.positions[position] for position in positions]
        taught = None if self.teacher is None else torch.from_numpy(self.teacher[list(positions)])
        pictures = self.pictures(positions, generator)
        if self.pictures_only:
            return SensePart(pictures, None, None, taught)
        if self.sense in PICTORIAL:
            drawn = [self._cut(self.prepared.other_picture(place), generator) for place in chosen]
            return SensePart(pictures, normalised(picture_batch(drawn), self.picture), None, taught)
        if self.sense in AUDIBLE:
            clips = [self.prepared.spectrogram(place).astype(np.float32) for place in chosen]
            return SensePart(pictures, torch.from_numpy(np.stack(clips)), None, taught)
        assert self.sentences is not None, "texts need word vectors"
        texts = [self.prepared.text(place) for place in chosen]
        picks = [0 if generator is None else int(generator.integers(len(each))) for each in texts]
        words, lengths = self.sentences.batch([each[pick] for each, pick in zip(texts, picks, strict=True)])
        return SensePart(pictures, words, lengths, taught)

    def pictures(
        self, positions: Sequence[int], generator: np.random.Generator | None
    ) -> Float[Tensor, "items 3 rows cols"]:
        """The pictures of those pairs alone."""
        cut = [self._cut(self.prepared.picture(self.positions[position]), generator) for position in positions]
        return normalised(picture_batch(cut), self.picture)

    def _cut(self, whole: np.ndarray, generator: np.random.Generator | None) -> np.ndarray:
        return prepared(whole, self.picture) if generator is None else randomly_prepared(whole, self.picture, generator)


def aligned(sets: Mapping[Modality, SensePairs]) -> dict[Modality, SensePairs]:
    """The pairs of the items that all sets hold: row i of each is one item. What a teacher said is left out."""
    shared = set.intersection(*(set(each.ids) for each in sets.values()))
    found = {}
    for sense, pairs in sets.items():
        kept = [place for place, name in zip(pairs.positions, pairs.ids, strict=True) if name in shared]
        found[sense] = replace(pairs, positions=tuple(kept), teacher=None)
    return found


@dataclass(frozen=True)
class ManySenses:
    """Sets of pairs as one: example i holds pair i of every set, counted round in those that are shorter."""

    sets: Mapping[Modality, SensePairs]

    def __len__(self) -> int:
        """Pairs of the largest set."""
        return max(len(each) for each in self.sets.values())

    @property
    def lengths(self) -> Int[np.ndarray, "examples"]:
        """All the same: every sense has one size."""
        return np.ones(len(self), np.int64)

    def batch(self, positions: Sequence[int], generator: np.random.Generator | None) -> SenseBatch:
        """Those examples on the CPU."""
        return SenseBatch(
            {
                sense: each.batch([place % len(each) for place in positions], generator)
                for sense, each in self.sets.items()
            }
        )
