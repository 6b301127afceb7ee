"""What the linear methods learn: vectors are centred, multiplied by a matrix and moved."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from xmodal.stats.rows import check_rows


@dataclass(frozen=True)
class LinearMap:
    """`(rows - mean) @ weights + offset`."""

    mean: Float[np.ndarray, "features"]
    """Of the rows that it was fitted to."""
    weights: Float[np.ndarray, "features dims"]
    offset: Float[np.ndarray, "dims"]

    def transform(self, rows: Float[np.ndarray, "items features"]) -> Float[np.ndarray, "items dims"]:
        """Where new rows go.

        Raises:
            ValueError: other features than before, or a number that is not finite.
        """
        if rows.shape[1] != len(self.mean):
            raise ValueError(f"{rows.shape[1]} features, fitted to {len(self.mean)}")
        check_rows(rows, least=0)
        return (rows - self.mean) @ self.weights + self.offset
