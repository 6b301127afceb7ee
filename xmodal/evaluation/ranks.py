"""Cross-modal retrieval: the rank of each query's own partner, recall and median rank (matchmaps section 5.1)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int


@dataclass(frozen=True)
class Retrieval:
    """Retrieval in one direction."""

    ranks: Int[np.ndarray, "queries"]
    """Rank of each query's own partner, from 1."""
    candidates: int
    """How many answers compete."""

    def recall_at(self, count: int) -> float:
        """Share of queries whose own partner is among the `count` best."""
        return float(np.mean(self.ranks <= count))

    @property
    def median_rank(self) -> float:
        """Median of the ranks."""
        return float(np.median(self.ranks))

    def interval_at(self, count: int) -> tuple[float, float]:
        """95 % interval of the recall over queries (Wilson's score interval)."""
        n, share, z2 = len(self.ranks), self.recall_at(count), 1.959964**2
        centre = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
        return max(0.0, float(centre - half)), min(1.0, float(centre + half))

    def as_dict(self) -> dict[str, float]:
        """The field's measures by name."""
        return {
            "recall_at_1": self.recall_at(1),
            "recall_at_5": self.recall_at(5),
            "recall_at_10": self.recall_at(10),
            "median_rank": self.median_rank,
            "chance_recall_at_10": min(1.0, 10 / self.candidates),
            "queries": float(len(self.ranks)),
        }


def retrieval(similarities: Float[np.ndarray, "queries candidates"]) -> Retrieval:
    """Ranks where query i's own partner is candidate i.

    A tie counts against the query, so that a network which gives every pair the same score has the worst rank, not
    the best. Queries and candidates: `[[3, 1], [2, 2]]` has ranks 1 and 2.

    Raises:
        ValueError: not square, or a score that is not a number.
    """
    rows, cols = similarities.shape
    if rows != cols:
        raise ValueError(f"{rows} queries and {cols} candidates: each query needs its own partner at its own place")
    return Retrieval(ranks_of(similarities, np.arange(rows)), cols)


def ranks_of(
    similarities: Float[np.ndarray, "queries candidates"], own: Int[np.ndarray, "queries"]
) -> Int[np.ndarray, "queries"]:
    """Rank of each query's own partner, candidate `own`, from 1; a tie counts against the query.

    Raises:
        ValueError: a score that is not a number.
    """
    if not np.isfinite(similarities).all():
        raise ValueError("a score is not a finite number")
    scores = np.take_along_axis(similarities, own[:, None], axis=1)
    return (similarities >= scores).sum(axis=1)


def retrieval_of_alike(
    similarities: Float[np.ndarray, "queries candidates"], alike: Bool[np.ndarray, "queries candidates"]
) -> Retrieval:
    """Ranks of the best candidate that is as good as a query's own partner; a tie with any other counts against it.

    Raises:
        ValueError: a query without such a candidate, or a score that is not a number.
    """
    if not alike.any(axis=1).all():
        raise ValueError("a query has no candidate that counts as its own")
    if not np.isfinite(similarities).all():
        raise ValueError("a score is not a finite number")
    best = np.where(alike, similarities, -np.inf).max(axis=1)
    others = (similarities >= best[:, None]) & ~alike
    return Retrieval(others.sum(axis=1) + 1, similarities.shape[1])


def both_ways(
    similarities: Float[np.ndarray, "images captions"], *, picture: str = "image", caption: str = "speech"
) -> dict[str, Retrieval]:
    """Retrieval from captions to pictures and back, as the paper's tables have it; keys like `speech_to_image`."""
    return {
        f"{caption}_to_{picture}": retrieval(np.ascontiguousarray(similarities.T)),
        f"{picture}_to_{caption}": retrieval(similarities),
    }
