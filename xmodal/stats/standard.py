"""Features brought to zero mean, or to zero mean and unit variance."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from xmodal.stats.rows import check_rows

_CONSTANT = 1e-7
"""A feature that varies less than this share of its own size is constant: what is left is rounding."""


@dataclass(frozen=True)
class Standard:
    """`(rows - mean) * scale`."""

    mean: Float[np.ndarray, "features"]
    scale: Float[np.ndarray, "features"]
    """1 / standard deviation; 0 where a feature was constant, so that it says nothing about new rows either."""

    def transform(self, rows: Float[np.ndarray, "items features"]) -> Float[np.ndarray, "items features"]:
        """New rows on the scale of the old.

        Raises:
            ValueError: other features than before, or a number that is not finite.
        """
        if rows.shape[1] != len(self.mean):
            raise ValueError(f"{rows.shape[1]} features, fitted to {len(self.mean)}")
        check_rows(rows, least=0)
        return (rows - self.mean) * self.scale


def fit_standard(rows: Float[np.ndarray, "items features"]) -> Standard:
    """Zero mean and unit variance (of the rows given, divided by their number) in each feature.

    Raises:
        ValueError: fewer than 2 rows, or a number that is not finite.
    """
    check_rows(rows)
    mean, deviation = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
    varies = deviation > _CONSTANT * np.maximum(np.abs(mean), np.finfo(np.float64).tiny)
    scale = np.divide(1.0, deviation, out=np.zeros_like(deviation), where=varies)
    return Standard(mean.astype(rows.dtype), scale.astype(rows.dtype))


def fit_centre(rows: Float[np.ndarray, "items features"]) -> Standard:
    """Zero mean alone.

    Raises:
        ValueError: no row, or a number that is not finite.
    """
    check_rows(rows, least=1)
    mean = rows.mean(axis=0, dtype=np.float64).astype(rows.dtype)
    return Standard(mean, np.ones_like(mean))
