"""Search with FAISS (IVF-SQ8): for tables that are too large to compare with every row."""

from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from jaxtyping import Bool, Float, Float32

from xmodal.embeddings import ivf_index
from xmodal.embeddings.exact import ExactSearcher
from xmodal.embeddings.faiss_package import faiss_package
from xmodal.embeddings.ivf_index import FaissIndex, Measured
from xmodal.embeddings.matrix_blocks import widened
from xmodal.embeddings.recall import least_effort, trial
from xmodal.embeddings.search import Found, asked, possible
from xmodal.embeddings.vector_table import VectorTable
from xmodal.progress import Progress, Silent
from xmodal.storage import digest

EXACT_ROWS = 200_000
"""Up to so many rows exact search is fast enough (some 25 ms at 512 numbers a row)."""
RECALL = 0.95
_SPARE = 4
"""One row more for so many that are asked for is taken: 8 bits mix up neighbours, their stored vectors decide."""
_REMEMBERED = 32
"""Filters whose effort is remembered."""

FaissOptions = Any
"""`SearchParametersIVF` of FAISS, which has no types."""
Queries = Float[np.ndarray, "queries dim"]
Mask = Bool[np.ndarray, "rows"]


class IvfSearcher:
    """Approximate search in a table; scores come from the stored vectors, recall is measured on them.

    A filter that leaves at most `exact_rows` rows is answered exactly. For any other, the number of lists to look into
    is found anew by a trial among the allowed rows (seconds, once a filter): where most of the near rows are filtered
    out, the effort that does without a filter finds less. A query for which the lists hold fewer rows than asked for
    is answered exactly too.
    """

    def __init__(
        self,
        exact: ExactSearcher,
        index: FaissIndex,
        measured: Measured,
        *,
        trial_queries: Queries | None = None,
        exact_rows: int = EXACT_ROWS,
    ) -> None:
        self.measured = measured
        self._exact, self.index = exact, index
        self._trial_queries, self._exact_rows = trial_queries, exact_rows
        self._plain = options(measured.probes)
        self._efforts: dict[str, tuple[FaissOptions, float]] = {}

    def __len__(self) -> int:
        """Rows of the table."""
        return len(self._exact)

    def search(self, queries: Queries, k: int, *, allowed: Mask | None = None) -> Found:
        """See `Searcher.search`."""
        vectors = self._exact.vectors
        unit = asked(queries, k, allowed, vectors.shape)
        k = possible(k, len(self), allowed)
        if k == 0 or (allowed is not None and np.count_nonzero(allowed) <= self._exact_rows):
            return self._exact.search(unit, max(k, 1), allowed=allowed)
        chosen, recall = (self._plain, self.measured.recall_at_10) if allowed is None else self._effort(allowed)
        positions, scores = looked_up(self.index, vectors, unit, k, chosen)
        if positions[:, -1].min(initial=0) < 0:
            short = np.flatnonzero(positions[:, -1] < 0)
            whole = self._exact.search(unit[short], k, allowed=allowed)
            positions[short], scores[short] = whole.positions, whole.scores
        return Found(positions, scores, recall)

    def _effort(self, allowed: Mask) -> tuple[FaissOptions, float]:
        key = digest(np.packbits(allowed).tobytes())
        if key not in self._efforts:
            target, queries = self.measured.target, self._trial_queries
            probes, recall = effort(self.index, self._exact, target, queries=queries, allowed=allowed)
            while len(self._efforts) >= _REMEMBERED:
                self._efforts.pop(next(iter(self._efforts)), None)
            self._efforts[key] = options(probes, allowed), recall
        return self._efforts[key]


def options(probes: int, allowed: Mask | None = None) -> FaissOptions:
    """What FAISS is asked beside the queries."""
    faiss = faiss_package()
    if allowed is None:
        return faiss.SearchParametersIVF(nprobe=probes)
    return faiss.SearchParametersIVF(nprobe=probes, sel=faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little")))


def looked_up(
    index: FaissIndex,
    vectors: Float[np.ndarray, "rows dim"],
    queries: Float32[np.ndarray, "queries dim"],
    k: int,
    chosen: FaissOptions,
) -> tuple[np.ndarray, np.ndarray]:
    """Positions and scores (queries x k) that the lists give; -1 and -infinity where they hold too few rows."""
    near = index.search(queries, min(k + 1 + k // _SPARE, len(vectors)), params=chosen)[1]
    positions, scores = np.full((len(queries), k), -1), np.full((len(queries), k), -np.inf, np.float32)
    for place, (query, rows) in enumerate(zip(queries, near, strict=True)):
        if rows[-1] < 0:
            rows = rows[rows >= 0]
        cosines = np.vecdot(widened(vectors[rows]), query)
        best = np.lexsort((rows, -cosines))[:k]
        positions[place, : len(best)] = rows[best]
        scores[place, : len(best)] = cosines[best]
    return positions, scores


def effort(
    index: FaissIndex,
    exact: ExactSearcher,
    target: float,
    *,
    queries: Queries | None = None,
    allowed: Mask | None = None,
) -> tuple[int, float]:
    """Lists to look into for a recall of `target` among the allowed rows, and the recall that they give."""
    given = trial(exact, queries, allowed)
    k = possible(given.k, len(exact), allowed)

    def search(probes: int) -> Found:
        return Found(*looked_up(index, exact.vectors, given.queries, k, options(probes, allowed)))

    return least_effort(search, given, target, index.nlist)


def ivf_searcher(
    table: VectorTable,
    *,
    target: float = RECALL,
    trial_queries: Queries | None = None,
    exact_rows: int = EXACT_ROWS,
    progress: Progress | None = None,
) -> IvfSearcher:
    """A searcher with the index that lies in the table's folder, made (again) if it is not there or cannot be used.

    `trial_queries` are vectors like those that will be asked (see `recall.trial`); with others than last time, or
    another target, the effort is measured again and the index stays. Another process that builds is waited for.

    Raises:
        ValueError: an empty table.
        OSError: the index cannot be written.
    """
    if len(table) == 0:
        raise ValueError(f"{table.folder} holds no vectors: there is nothing to index")
    progress = progress or Silent()
    folder: Path = table.folder / "ivf"
    exact = ExactSearcher(table.vectors)
    unit = None if trial_queries is None else asked(trial_queries, 1, None, table.vectors.shape)
    tried = "" if unit is None else digest(unit.tobytes())
    with FileLock(table.folder / "ivf.lock"):
        found = ivf_index.load(folder, table.digest, table.vectors.shape)
        index, kept = found or (ivf_index.built(table.vectors, progress), None)
        measured = None if kept is None else kept.measured
        if measured is None or (measured.target, measured.trial) != (target, tried):
            progress.update("Measuring what the search index finds", 0, None)
            probes, recall = effort(index, exact, target, queries=unit)
            measured = Measured(table=table.digest, target=target, trial=tried, probes=probes, recall_at_10=recall)
            ivf_index.keep(folder, index, measured, kept)
    return IvfSearcher(exact, index, measured, trial_queries=unit, exact_rows=exact_rows)
