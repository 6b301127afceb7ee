"""Search by example: vectors of queries against the vectors of a catalog, answers in every sense."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from xmodal.data.catalog import equals
from xmodal.data.sample import Split
from xmodal.embeddings.combination import combined
from xmodal.embeddings.engine import searcher
from xmodal.embeddings.exact import ExactSearcher
from xmodal.embeddings.search import Found, Searcher, allowed_rows
from xmodal.embeddings.sense_scales import SenseScales, load_scales
from xmodal.embeddings.vector_table import VectorTable
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.progress import Progress
from xmodal.recipes.embedder import Embedder, Medium, scaled
from xmodal.recipes.recipe import Recipe

Vector = Float32[np.ndarray, "dim"]


@dataclass(frozen=True)
class Hit:
    """One answer."""

    item: str
    """Its id."""
    position: int
    """Its position in the catalog."""
    modality: Modality
    """Which entry of it."""
    score: float
    """Cosine with the query, -1 to 1."""
    text: int = 0
    """Which text, of an entry that holds several."""
    scene: str | None = None


@dataclass(frozen=True)
class Part:
    """One of the queries that are asked together."""

    vector: Vector
    weight: float = 1.0
    """Negative: minus this."""


@dataclass(frozen=True)
class Filters:
    """Which items may answer; unset: all."""

    split: Split | None = None
    scene: str | None = None


class Collection:
    """The vectors of a catalog by one run, opened for search."""

    def __init__(self, table: VectorTable, scales: SenseScales, engine: Searcher) -> None:
        self.table, self.scales, self.engine = table, scales, engine
        self._rows = {sense: equals(table.rows["modality"], sense.value) for sense in table.index.key.modalities}
        self.senses = tuple(sense for sense, rows in self._rows.items() if rows.any())
        """What it can answer with."""
        self._texts = 1 + int(table.rows["text"].to_numpy().max(initial=0))

    @property
    def left_out(self) -> tuple[tuple[str, str], ...]:
        """Id and reason of every entry without a vector."""
        return tuple(each for part in self.table.index.parts for each in part.left_out)

    def rows_of(self, sense: Modality) -> int:
        """How many vectors of a sense there are."""
        return int(np.count_nonzero(self._rows[sense])) if sense in self._rows else 0

    def embedded(self, embedder: Embedder, sense: Modality, medium: Medium) -> Vector:
        """The vector of a query on the scale of the collection.

        Raises:
            InputError: nothing can be seen, heard or read in it.
        """
        raw = embedder.vectors(sense, [embedder.ready(sense, medium)], self.table.index.key.layer)
        return self.scales.transform(sense, raw)[0].astype(np.float32)

    def holds(self, item: str, sense: Modality) -> bool:
        """Whether there is a vector of that entry."""
        return self._place(item, sense) is not None

    def _place(self, item: str, sense: Modality) -> int | None:
        if sense not in self._rows:
            return None
        found = np.flatnonzero(equals(self.table.rows["id"], item) & self._rows[sense])
        return int(found[0]) if found.size else None

    def vector_of(self, item: str, sense: Modality) -> Vector:
        """The vector of an entry of one of the items, of its first text.

        Raises:
            InputError: it has none.
        """
        place = self._place(item, sense)
        if place is None:
            start = f"{sense.display.lower()}: "
            known = dict(reversed([each for each in self.left_out if each[1].startswith(start)]))
            why = known[item].removeprefix(start) if item in known else "there is no such item, or it has none"
            raise InputError(f"{item!r} cannot be asked with as {sense.display.lower()}: {why}")
        return np.asarray(self.table.vectors[place], np.float32)

    def search(
        self, parts: Sequence[Part], sense: Modality, count: int, filters: Filters = Filters()
    ) -> tuple[tuple[Hit, ...], float | None]:
        """The items whose entries of one sense are nearest to the queries together, best first, each item once; and
        which share of the true ten nearest the engine finds (None: not measured).

        Raises:
            InputError: nothing is asked for, a query is zero, or they cancel each other out.
        """
        allowed = allowed_rows(self.table.rows, modality=sense, split=filters.split, scene=filters.scene)
        found = self.engine.search(query_of(parts)[None], self._rows_for(sense, count), allowed=allowed)
        return self._hits(found, sense)[0][:count], found.recall_at_10

    def answer(self, query: Vector, item: str, sense: Modality) -> tuple[Hit, Vector]:
        """An entry of an item as an answer to a query, and its vector; of several texts the nearest.

        Raises:
            InputError: it has no vector.
        """
        if not self.holds(item, sense):
            raise InputError(f"{item!r} has no vector as {sense.display.lower()}")
        own = equals(self.table.rows["id"], item) & self._rows[sense]
        found = ExactSearcher(self.table.vectors).search(query[None], 1, allowed=own)
        [[hit]] = self._hits(found, sense)
        return hit, np.asarray(self.table.vectors[found.positions[0, 0]], np.float32)

    def strongest(self, units: Sequence[int], sense: Modality, count: int) -> tuple[tuple[Hit, ...], ...]:
        """The items of one sense at which each unit (from 0) fires most, best first, each item once; fewer where it
        fires at fewer. Their scores are the unit's entries in vectors of unit length.

        Such an entry is the cosine with the unit's own axis: exact search for the axes finds them, in bounded memory.
        """
        if not units:
            return ()
        axes = np.zeros((len(units), self.table.dim), np.float32)
        axes[np.arange(len(units)), list(units)] = 1.0
        engine = ExactSearcher(self.table.vectors)
        found = engine.search(axes, self._rows_for(sense, count), allowed=self._rows[sense])
        return tuple(tuple(hit for hit in hits if hit.score > 0)[:count] for hits in self._hits(found, sense))

    def _rows_for(self, sense: Modality, count: int) -> int:
        """How many rows hold that many items, at most."""
        return count * (self._texts if sense is Modality.TEXT else 1)

    def _hits(self, found: Found, sense: Modality) -> list[tuple[Hit, ...]]:
        """The rows that each query found as answers, each item once."""
        answers = []
        for places, scores in zip(found.positions.tolist(), found.scores.tolist(), strict=True):
            hits: dict[str, Hit] = {}
            for place, score in zip(places, scores, strict=True):
                row = self.table.row(place)
                hits.setdefault(row.id, Hit(row.id, row.position, sense, score, row.text, row.scene))
            answers.append(tuple(hits.values()))
        return answers


def query_of(parts: Sequence[Part]) -> Vector:
    """Queries that are asked together, as one vector of unit length.

    Raises:
        InputError: nothing is asked for, a query is zero, or they cancel each other out.
    """
    return combined(np.stack([part.vector for part in parts]), [part.weight for part in parts])


def open_collection(table: VectorTable, recipe: Recipe, progress: Progress | None = None) -> Collection:
    """A table of a run of that recipe, with what is needed to search it.

    Raises:
        TableError: its scales are missing or damaged.
    """
    scales = load_scales(table.folder) if scaled(recipe) else SenseScales({})
    return Collection(table, scales, searcher(table, progress=progress))
