"""How much of the truth an approximate engine finds on the user's own vectors, and how hard it has to look for it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Float32, Int64

from xmodal.embeddings.exact import ExactSearcher
from xmodal.embeddings.matrix_blocks import widened
from xmodal.embeddings.search import Found
from xmodal.seeding import stream

TEN = 10
TRIALS = 200
"""Queries of a trial: a recall of 0.95 is measured to about 0.01 (they share the ten answers each)."""


@dataclass(frozen=True)
class Trial:
    """Queries, and how well their true neighbours score."""

    queries: Float[np.ndarray, "queries dim"]
    itself: bool
    """The queries are rows of the table: the best answer, the row itself, does not count."""
    tenth: Float[np.ndarray, "queries"]
    """Score of the last true neighbour that counts; -infinity where there is none."""

    @property
    def k(self) -> int:
        """Rows to ask for."""
        return TEN + self.itself

    def recall(self, found: Found) -> float:
        """Share of the ten true neighbours that were found; of equally near rows any will do."""
        scores = found.scores[:, int(self.itself) :]
        return float((scores >= self.tenth[:, None]).mean()) if scores.size else 1.0


def own_rows(rows: int, count: int = TRIALS) -> Int64[np.ndarray, "chosen"]:
    """Rows of a table that stand for queries, drawn by a fixed seed, in ascending order."""
    return np.sort(stream(0, "trial queries").permutation(rows)[:count])


def trial(
    exact: ExactSearcher,
    queries: Float[np.ndarray, "queries dim"] | None = None,
    allowed: Bool[np.ndarray, "rows"] | None = None,
) -> Trial:
    """A trial with the given queries, else with rows of the table.

    Rows of the table stand for queries of the same kind. Where others will ask (sounds that look for pictures), give
    theirs: they lie elsewhere, and more of the table has to be looked at.
    """
    itself = queries is None
    if queries is None:
        rows = widened(exact.vectors[own_rows(len(exact))])
        queries = rows[rows.any(axis=1)]
    return Trial(queries, itself, tenth(exact.search(queries, TEN + itself, allowed=allowed)))


def tenth(truth: Found) -> Float32[np.ndarray, "queries"]:
    """Score of each query's last true neighbour; -infinity where there is none."""
    if truth.scores.shape[1] == 0:
        return np.full(len(truth.scores), -np.inf, np.float32)
    return truth.scores[:, -1]


def least_effort(search: Callable[[int], Found], of: Trial, target: float, most: int) -> tuple[int, float]:
    """The least of 1, 2, 3, 4, 6, 8, 12, ... `most` lists to look into that reaches a recall, and that recall."""
    recall = 0.0
    for effort in sorted({min(most, base << power) for power in range(most.bit_length()) for base in (1, 3)}):
        recall = of.recall(search(effort))
        if recall >= target:
            return effort, recall
    return most, recall
