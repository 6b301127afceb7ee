"""The nearest rows of one query while a table passes by, block after block."""

import numpy as np
from jaxtyping import Float32, Int64


class Nearest:
    """At most `k` rows, best first; rows are offered in ascending order of position, each once."""

    def __init__(self, k: int) -> None:
        self.k = k
        self.positions = np.empty(0, np.int64)
        self.scores = np.empty(0, np.float32)

    @property
    def limit(self) -> float:
        """A later row must score above this to be taken: one as good is further down in the table."""
        return float(self.scores[-1]) if len(self.scores) == self.k else -np.inf

    def offer(self, positions: Int64[np.ndarray, "rows"], scores: Float32[np.ndarray, "rows"]) -> None:
        """Take what is better than what is there."""
        places = np.concatenate([self.positions, positions])
        values = np.concatenate([self.scores, scores])
        best = np.lexsort((places, -values))[: self.k]
        self.positions, self.scores = places[best], values[best]


def promising(
    scores: Float32[np.ndarray, "rows"], limit: float, k: int, slack: float = 0.0
) -> Int64[np.ndarray, "chosen"]:
    """Places of all scores that can be among the `k` best, where scores are off by at most half of `slack`."""
    places = np.flatnonzero(scores > limit - slack)
    if places.size > 4 * k:  # before the first k are known, everything is above the limit
        among = scores[places]
        places = places[among >= np.partition(among, -k)[-k] - slack]
    return places
