"""How well one sense finds another, from vectors alone: ranks of the own partner, and precision by label.

Vectors are compared block by block, so that memory grows with the items and not with their square.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int64

from xmodal.embeddings.unit_rows import unit_rows
from xmodal.evaluation.ranks import Retrieval, ranks_of
from xmodal.progress import Progress, Silent

BLOCK = 256
"""Queries that are compared with all candidates at once."""
FIRST = 10
"""Answers whose precision is taken."""


@dataclass(frozen=True)
class DirectionScores:
    """Retrieval in one direction between two senses of the same items."""

    retrieval: Retrieval
    best: Int64[np.ndarray, "queries"]
    """Which candidate each query ranks first: its own partner only at rank 1; of equal others the first."""
    average_precision: Float[np.ndarray, "queries"]
    """Area under the curve of precision over recall, where what has the query's label is right, its own partner too;
    NaN for queries without a label."""
    precision_at_10: Float[np.ndarray, "queries"]
    """Share of the ten best (of all, where there are fewer) that have the query's label; NaN as above."""
    alike: Float[np.ndarray, "queries"]
    """Share of the candidates that have the query's label: precision by chance; NaN as above."""

    def as_dict(self) -> dict[str, float]:
        """The measures by name; those by label only where there are labels."""
        chance = {"chance_median_rank": (self.retrieval.candidates + 1) / 2}
        found = self.retrieval.as_dict() | chance
        if not np.isfinite(self.alike).any():
            return found
        return found | {
            "mean_average_precision": float(np.nanmean(self.average_precision)),
            "precision_at_10": float(np.nanmean(self.precision_at_10)),
            "chance_precision": float(np.nanmean(self.alike)),
        }


def direction_scores(
    queries: Float[np.ndarray, "items dim"],
    candidates: Float[np.ndarray, "items dim"],
    labels: Sequence[str | None],
    *,
    stage: str = "Comparing",
    progress: Progress | None = None,
) -> DirectionScores:
    """Every query against every candidate by the cosine; row i of both is one item, `labels[i]` is its label.

    Raises:
        ValueError: not one candidate and one label a query, or numbers that are not finite.
    """
    if not len(queries) == len(candidates) == len(labels):
        raise ValueError(f"{len(queries)} queries, {len(candidates)} candidates and {len(labels)} labels")
    unit, names = unit_rows(candidates), np.array([label or "" for label in labels])
    parts = []
    for first in range(0, len(queries), BLOCK):
        (progress or Silent()).update(stage, first, len(queries))
        places = np.arange(first, min(first + BLOCK, len(queries)))
        parts.append(_block(unit_rows(queries[places]) @ unit.T, places, names))
    (progress or Silent()).update(stage, len(queries), len(queries))
    ranks, best, precision, first_ten, alike = (np.concatenate(each) for each in zip(*parts, strict=True))
    return DirectionScores(Retrieval(ranks, len(candidates)), best, precision, first_ten, alike)


def _block(
    scores: Float[np.ndarray, "queries candidates"], own: Int64[np.ndarray, "queries"], names: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Of some queries: ranks, first answers, average precision, precision of the ten best, and chance."""
    ranks = ranks_of(scores, own)
    order = np.argsort(-scores, axis=1, kind="stable")
    labelled = names[own] != ""
    right = names[own, None] == names[order]
    precision = average_precision(right, np.take_along_axis(scores, order, axis=1))
    by_label = (precision, right[:, :FIRST].mean(axis=1), right.mean(axis=1))
    others = scores.copy()
    np.put_along_axis(others, own[:, None], -np.inf, axis=1)
    best = np.where(ranks == 1, own, others.argmax(axis=1))
    return ranks, best, *(np.where(labelled, each, np.nan) for each in by_label)


def average_precision(
    right: Bool[np.ndarray, "queries answers"], scores: Float[np.ndarray, "queries answers"]
) -> Float[np.ndarray, "queries"]:
    """Mean, over the right answers of each query, of the precision down to each; answers come best first, and those of
    equal scores count together, as scikit-learn's `average_precision_score` has it (25 times slower, query by query).

    0 for a query without a right answer.
    """
    count = right.shape[1]
    last = np.ones(right.shape, bool)  # of those that are equal
    last[:, :-1] = scores[:, 1:] != scores[:, :-1]
    ends = np.where(last, np.arange(count), count - 1)
    ends = np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]
    hits = np.take_along_axis(np.cumsum(right, axis=1), ends, axis=1)
    return (right * hits / (ends + 1)).sum(axis=1) / np.maximum(1, right.sum(axis=1))
