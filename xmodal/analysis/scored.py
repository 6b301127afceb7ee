"""A matchmap with its places in the picture and its times (matchmaps section 4.3); needs no network to be read."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True)
class Matchmap:
    """Similarity of every cell of a picture with every frame of a caption."""

    scores: Float[np.ndarray, "rows cols frames"]
    row_centres: Float[np.ndarray, "rows"]
    """Centre of each row of cells, fraction of the picture's height."""
    col_centres: Float[np.ndarray, "cols"]
    """Centre of each column of cells, fraction of the picture's width."""
    times_s: Float[np.ndarray, "frames"]
    """Centre of each frame, seconds into the caption (of a text: number of the word)."""

    @property
    def step_s(self) -> float:
        """Seconds from frame to frame; 1 where there is only one."""
        return float(self.times_s[1] - self.times_s[0]) if len(self.times_s) > 1 else 1.0
