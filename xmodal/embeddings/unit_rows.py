"""Rows of unit length, in NumPy: dot products of them are cosines."""

import numpy as np
from jaxtyping import Float, Float32

SHORTEST = 1e-6
"""A vector shorter than this says nothing about direction and becomes zeros (see `similarity/cosine.py`)."""


def unit_rows(vectors: Float[np.ndarray, "rows dim"]) -> Float32[np.ndarray, "rows dim"]:
    """Each row divided by its Euclidean length (in float64); rows shorter than `SHORTEST` become zeros.

    Raises:
        ValueError: NaN or infinite entries; names the first such row.
    """
    wide = np.asarray(vectors, np.float64)
    lengths = np.sqrt(np.vecdot(wide, wide))
    if not (lengths.min(initial=1.0) >= SHORTEST and lengths.max(initial=1.0) < np.inf):
        wide, lengths = _without_silence(wide, lengths)
    return (wide / lengths[:, None]).astype(np.float32)


def _without_silence(
    wide: Float[np.ndarray, "rows dim"], lengths: Float[np.ndarray, "rows"]
) -> tuple[np.ndarray, np.ndarray]:
    bad = np.flatnonzero(~np.isfinite(lengths))
    if bad.size:
        raise ValueError(f"vector {bad[0]} holds NaN or infinite numbers ({bad.size} of {len(wide)} do)")
    silent = lengths < SHORTEST
    return np.where(silent[:, None], 0.0, wide), np.where(silent, 1.0, lengths)
