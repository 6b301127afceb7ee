"""Exact search: every allowed row is compared, block by block, in bounded memory."""

from collections.abc import Iterable, Sequence

import numpy as np
from jaxtyping import Bool, Float, Float32

from xmodal.embeddings.matrix_blocks import Block, blocks
from xmodal.embeddings.nearest import Nearest, promising
from xmodal.embeddings.search import Found, asked, possible

_ONE_BY_ONE = 2
"""Up to so many queries are compared one after the other: at memory speed that beats a matrix product."""
_TOGETHER = 256
"""Queries of one matrix product."""


class ExactSearcher:
    """Exact search in a matrix of unit (or zero) rows, float32 or float16, in memory or memory-mapped.

    A single query reads the matrix once, at the speed of memory, on one thread. Several go through one matrix product
    a block (on as many threads as NumPy's BLAS has), which only says which rows are worth a second look: every score
    that is returned comes from one row and one query alone, so that it depends on nothing else, and equal rows tie.
    Memory beside the matrix: tens of MB, whatever the number of rows.
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
        if k > 0:
            step = 1 if len(unit) <= _ONE_BY_ONE else _TOGETHER
            for first in range(0, len(unit), step):
                chosen = slice(first, first + step)
                compare(unit[chosen], nearest[chosen], blocks(self.vectors, allowed))
        return gathered(nearest, k)


def gathered(nearest: Sequence[Nearest], k: int) -> Found:
    """What queries kept, `k` rows each."""
    return Found(
        np.array([each.positions for each in nearest], np.int64).reshape(len(nearest), k),
        np.array([each.scores for each in nearest], np.float32).reshape(len(nearest), k),
    )


def compare(queries: Float32[np.ndarray, "queries dim"], nearest: Sequence[Nearest], passing: Iterable[Block]) -> None:
    """Let blocks of a table pass by unit queries, each of which keeps its nearest rows."""
    slack = queries.shape[1] * 2.0**-22  # twice what rounding moves a dot product of unit vectors by, at worst
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
