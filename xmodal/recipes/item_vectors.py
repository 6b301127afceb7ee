"""Vectors of everything that some items have and a network takes, sense by sense."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from xmodal.data import load
from xmodal.data.sample import Sample
from xmodal.embeddings.vector_table import Row
from xmodal.errors import InputError, reason
from xmodal.features.preparation import Source
from xmodal.modality import AUDIBLE, Modality
from xmodal.progress import Progress
from xmodal.recipes.embedder import Embedder, Medium, Ready, width_of

BATCH = 64
"""Media of one sense that go through the network at once."""
WISH_PX = 256
"""Size asked of pictures that are computed."""
Fault = tuple[str, str]
"""Id of an item, and why an entry of it has no vector."""


@dataclass(frozen=True)
class ItemVectors:
    """What one item gives."""

    rows: tuple[Row, ...]
    vectors: Float[np.ndarray, "rows dim"]
    """As the network gives them."""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Reading:
    """How items become vectors of one layer."""

    embedder: Embedder
    source: Source
    layer: str

    def read(self, positions: Sequence[int], pool: Executor, progress: Progress, stage: str) -> dict[int, ItemVectors]:
        """What the items at some positions give, by position; media are read by a pool of threads."""
        ready: list[tuple[Row, Ready]] = []
        faults: dict[int, tuple[Fault, ...]] = {}
        for place, (entries, wrong) in zip(positions, pool.map(self._item, positions), strict=True):
            progress.update(stage, place, len(self.source))
            ready.extend(entries)
            faults[place] = wrong
        vectors = self._vectors(ready)
        found: dict[int, ItemVectors] = {}
        for place in positions:
            own = [number for number, (row, _) in enumerate(ready) if row.position == place]
            found[place] = ItemVectors(tuple(ready[number][0] for number in own), vectors[own], faults[place])
        return found

    def _item(self, position: int) -> tuple[list[tuple[Row, Ready]], tuple[Fault, ...]]:
        sample = self.source[position]
        entries: list[tuple[Row, Ready]] = []
        faults: list[Fault] = []
        for sense in self.embedder.senses:
            if sense in sample.media:
                ready, why = self._entry(sample, sense)
                entries += [(Row(sample.id, position, sense, sample.split, sample.scene, n), each) for n, each in ready]
                faults += [] if ready else [(sample.id, f"{sense.display.lower()}: {why}")]
        return entries, tuple(faults)

    def _entry(self, sample: Sample, sense: Modality) -> tuple[list[tuple[int, Ready]], str]:
        """What can be used of one entry, by number of text, and why something else cannot."""
        ready, why = [], ""
        try:
            for number, medium in enumerate(media_of(sample, sense)):
                try:
                    ready.append((number, self.embedder.ready(sense, medium)))
                except InputError as error:
                    why = why or reason(error)
        except (ValueError, OSError) as error:
            why = reason(error)
        return ready, why

    def _vectors(self, ready: Sequence[tuple[Row, Ready]]) -> Float[np.ndarray, "rows dim"]:
        by_sense: dict[Modality, list[int]] = {}
        for number, (row, _) in enumerate(ready):
            by_sense.setdefault(row.modality, []).append(number)
        found: dict[int, np.ndarray] = {}
        for sense, numbers in by_sense.items():
            for chosen in _batches(numbers):
                vectors = self.embedder.vectors(sense, [ready[number][1] for number in chosen], self.layer)
                found.update(zip(chosen, vectors, strict=True))
        width = width_of(self.embedder.recipe, self.layer)
        return np.array([found[number] for number in range(len(ready))], np.float32).reshape(len(ready), width)


def media_of(sample: Sample, sense: Modality) -> Iterator[Medium]:
    """The medium of one sense of an item, or its texts.

    Raises:
        MediaError: absent or unreadable.
    """
    if sense is Modality.TEXT:
        yield from load.texts(sample)
    elif sense in AUDIBLE:
        yield load.waveform(sample, sense)
    else:
        yield load.picture(sample, sense, size_px=WISH_PX)


def _batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(numbers), BATCH):
        yield numbers[first : first + BATCH]
