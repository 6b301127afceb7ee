"""Exact search: every allowed row is compared, block by block, in bounded memory."""

from collections.abc import Iterable, Sequence

import numpy as np
from jaxtyping import Bool, Float, Float32

from xmodal.embeddings.faiss_package import faiss_package
from xmodal.embeddings.matrix_blocks import Block, blocks
from xmodal.embeddings.nearest import Nearest, promising
from xmodal.embeddings.search import Found, asked, possible

_FEW = 20
"""From so many queries on, FAISS compares them by matrix products; below, one after the other."""
_SPARE = 16
"""Rows beyond those asked for that show where the rest begins."""
_TOGETHER = 256
"""Queries of one matrix product."""


class ExactSearcher:
    """Exact search in a matrix of unit (or zero) rows, float32 or float16, in memory or memory-mapped.

    A single query reads the matrix once, at the speed of memory, on one thread; many go through matrix products. Both
    only say which rows are worth a second look: every score that is returned comes from one row and one query alone,
    so that it depends on nothing else, and equal rows tie. Memory beside the matrix: tens of MB, whatever its rows.
    """

    def __init__(self, vectors: Float[np.ndarray, "rows dim"]) -> None:
        self.vectors = vectors

    def __len__(self) -> int:
        """Rows of the table."""
        return len(self.vectors)

    def search(
        self,
        queries: Float[np.ndarray, "queries dim"],
        k: int,
        *,
        allowed: Bool[np.ndarray, "rows"] | None = None,
    ) -> Found:
        """See `Searcher.search`."""
        rows, dim = self.vectors.shape
        unit = asked(queries, k, allowed, (rows, dim))
        k = possible(k, rows, allowed)
        nearest = [Nearest(k) for _ in unit]
        if k == 0 or len(unit) == 0:
            return gathered(nearest, k)
        left = range(len(unit))
        plain = allowed is None and self.vectors.dtype == np.float32
        if plain and (len(unit) == 1 or len(unit) >= _FEW):
            left = scan(unit, nearest, self.vectors)
        for first in range(0, len(left), _TOGETHER):
            chosen = left[first : first + _TOGETHER]
            for place in chosen:
                nearest[place] = Nearest(k)
            compare(unit[chosen], [nearest[place] for place in chosen], blocks(self.vectors, allowed))
        return gathered(nearest, k)


def gathered(nearest: Sequence[Nearest], k: int) -> Found:
    """What queries kept, `k` rows each."""
    return Found(
        np.array([each.positions for each in nearest], np.int64).reshape(len(nearest), k),
        np.array([each.scores for each in nearest], np.float32).reshape(len(nearest), k),
    )


def rounding(dim: int) -> float:
    """Twice what rounding moves a dot product of two unit vectors of float32 by, at worst."""
    return dim * 2.0**-22


def scan(
    queries: Float32[np.ndarray, "queries dim"], nearest: Sequence[Nearest], vectors: Float32[np.ndarray, "rows dim"]
) -> list[int]:
    """Have FAISS look for the nearest rows, in one pass; returns the queries for which that is not certain.

    It is if the last of some more rows than asked for is farther than rounding can tell: no other row can belong to
    the nearest. Where many rows are nearly as near, it is not.
    """
    faiss = faiss_package()
    k = nearest[0].k
    count = min(len(vectors), k + _SPARE)
    rough, places = faiss.knn(queries, vectors, count, metric=faiss.METRIC_INNER_PRODUCT)
    unsure = []
    for number, (query, each) in enumerate(zip(queries, nearest, strict=True)):
        each.offer(places[number], np.vecdot(vectors[places[number]], query))
        if count < len(vectors) and each.limit - rough[number, -1] <= rounding(queries.shape[1]):
            unsure.append(number)
    return unsure


def compare(queries: Float32[np.ndarray, "queries dim"], nearest: Sequence[Nearest], passing: Iterable[Block]) -> None:
    """Let blocks of a table pass by unit queries, each of which keeps its nearest rows."""
    slack = rounding(queries.shape[1])
    for positions, rows in passing:
        if len(queries) == 1:
            scores = np.vecdot(rows, queries[0])
            places = promising(scores, nearest[0].limit, nearest[0].k)
            nearest[0].offer(positions[places], scores[places])
            continue
        for query, each, rough in zip(queries, nearest, queries @ rows.T, strict=True):
            places = promising(rough, each.limit, each.k, slack)
            if places.size:
                each.offer(positions[places], np.vecdot(rows[places], query))
