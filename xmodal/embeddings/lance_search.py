"""Search with LanceDB, behind the same interface as the others."""

from functools import cached_property

import numpy as np
import pyarrow as pa
from jaxtyping import Bool, Float, Float32
from pydantic import BaseModel, ConfigDict, Field

from xmodal.embeddings.exact import compare, gathered
from xmodal.embeddings.ivf import EXACT_ROWS, RECALL
from xmodal.embeddings.ivf_index import list_count
from xmodal.embeddings.lance import LanceCollection, positions_and_vectors
from xmodal.embeddings.lance_filter import RowConditions
from xmodal.embeddings.nearest import Nearest
from xmodal.embeddings.recall import TEN, Trial, least_effort, own_rows, tenth
from xmodal.embeddings.search import Found, asked, possible

_SPARE = 2
"""Times as many rows as asked for are taken: their stored vectors decide."""
_TRIALS = 50
"""Queries of a trial: each of them reads from the disk, once an effort."""
_MEASURED = pa.schema([("measured", pa.string())])

Mask = Bool[np.ndarray, "rows"]


class LanceMeasured(BaseModel):
    """How hard to look, and what that finds; kept beside the vectors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    """Of the collection when it was measured."""
    target: float = Field(gt=0, le=1)
    probes: int = Field(ge=1)
    recall_at_10: float = Field(ge=0, le=1)


class LanceSearcher:
    """Search in a LanceDB collection; scores come from the stored vectors.

    Without `measured` every row is compared: exact, at the speed of the disk. A filter that leaves at most
    `exact_rows` rows is answered so too; for any other, as many more lists are looked into as rows are filtered out,
    and recall is not measured (that would read the whole collection once a filter). The collection must not grow
    meanwhile.
    """

    def __init__(
        self, collection: LanceCollection, measured: LanceMeasured | None = None, *, exact_rows: int = EXACT_ROWS
    ) -> None:
        self.collection, self.measured = collection, measured
        self._rows, self._exact_rows = len(collection), exact_rows

    def __len__(self) -> int:
        """Rows of the collection."""
        return self._rows

    def search(self, queries: Float[np.ndarray, "queries dim"], k: int, *, allowed: Mask | None = None) -> Found:
        """See `Searcher.search`."""
        unit = asked(queries, k, allowed, (len(self), self.collection.dim))
        k = possible(k, len(self), allowed)
        kept = len(self) if allowed is None else int(np.count_nonzero(allowed))
        condition = "" if allowed is None or k == 0 else self._conditions.condition(allowed)
        if self.measured is None or (allowed is not None and kept <= self._exact_rows):
            return gathered([self._near(query, k, None, condition) for query in unit], k)
        nearest = [self._near(query, k, self.measured.probes * len(self) // kept, condition) for query in unit]
        short = [place for place, each in enumerate(nearest) if len(each.positions) < k]
        for place in short:
            nearest[place] = self._near(unit[place], k, None, condition)
        found = gathered(nearest, k)
        return Found(found.positions, found.scores, self.measured.recall_at_10 if allowed is None else None)

    @cached_property
    def _conditions(self) -> RowConditions:
        return RowConditions(self.collection.rows)

    def _near(self, query: Float32[np.ndarray, "dim"], k: int, probes: int | None, condition: str = "") -> Nearest:
        """The rows that LanceDB gives for a unit query; `probes` None: of all rows."""
        nearest = Nearest(k)
        if k == 0:
            return nearest
        search = self.collection.table.search(query, vector_column_name="vector").distance_type("dot")
        search = search.bypass_vector_index() if probes is None else search.nprobes(probes).refine_factor(_SPARE)
        if condition:
            search = search.where(condition, prefilter=True)
        found = search.select(["row", "vector", "_distance"]).limit(_SPARE * k).to_arrow()
        positions, vectors = positions_and_vectors(found, self.collection.dim)
        nearest.offer(positions, np.vecdot(vectors, query))
        return nearest

    def looked_up(self, queries: Float32[np.ndarray, "queries dim"], k: int, probes: int) -> Found:
        """What so many lists give; -infinity where they hold fewer than `k` rows."""
        scores = np.full((len(queries), k), -np.inf, np.float32)
        for place, query in enumerate(queries):
            found = self._near(query, k, probes).scores
            scores[place, : len(found)] = found
        return Found(np.full(scores.shape, -1), scores)


def lance_searcher(
    collection: LanceCollection, *, target: float = RECALL, exact_rows: int = EXACT_ROWS
) -> LanceSearcher:
    """A searcher; above `exact_rows` rows with an index (IVF-SQ8), made and measured unless that is done."""
    rows = len(collection)
    if rows <= exact_rows:
        return LanceSearcher(collection, exact_rows=exact_rows)
    kept = _kept(collection)
    if kept is None or (kept.rows, kept.target) != (rows, target):
        from lancedb.index import IvfSq  # who has a collection has the package

        lists = list_count(rows)
        config = IvfSq(distance_type="dot", num_partitions=lists)
        collection.table.create_index("vector", config=config, replace=True)
        blind = LanceSearcher(collection, exact_rows=exact_rows)
        given = _trial(collection)
        probes, recall = least_effort(
            lambda count: blind.looked_up(given.queries, given.k, count), given, target, lists
        )
        kept = LanceMeasured(rows=rows, target=target, probes=probes, recall_at_10=recall)
        data = pa.table({"measured": [kept.model_dump_json()]}, schema=_MEASURED)
        collection.database.create_table(_name(collection), data, mode="overwrite")
    return LanceSearcher(collection, kept, exact_rows=exact_rows)


def _trial(collection: LanceCollection) -> Trial:
    """A trial with rows of the collection, which is read once."""
    chosen = ", ".join(map(str, own_rows(len(collection), _TRIALS).tolist()))
    queries = collection.vectors(f"row IN ({chosen})")[1]
    queries = queries[queries.any(axis=1)]
    nearest = [Nearest(min(TEN + 1, len(collection))) for _ in queries]
    compare(queries, nearest, collection.blocks())
    return Trial(queries, True, tenth(gathered(nearest, nearest[0].k)))


def _kept(collection: LanceCollection) -> LanceMeasured | None:
    try:
        found = collection.database.open_table(_name(collection)).to_arrow()
        return LanceMeasured.model_validate_json(found["measured"][0].as_py())
    except (OSError, ValueError, RuntimeError):  # it was never measured
        return None


def _name(collection: LanceCollection) -> str:
    return f"measured_{collection.key.digest[:16]}"
