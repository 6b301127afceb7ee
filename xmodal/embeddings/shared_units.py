"""Which units make two vectors near: a cosine is a sum over units, and each unit has its part in it.

Ours: the paper shows what single hidden units stand for (see_hear_read Figure 6), not which of them join two items.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int64

from xmodal.embeddings.unit_rows import unit_rows


@dataclass(frozen=True)
class SharedUnits:
    """A cosine, taken apart. Parts are products of two unit-length vectors' entries; they add up to the cosine.

    A unit fires where its entry is above 0: on the scale of the table that is above the mean of its sense, where
    senses are brought to one scale, and above 0 as it is elsewhere.
    """

    cosine: float
    """-1 to 1."""
    both: float
    """What the units give that fire in both: at least 0."""
    neither: float
    """What the units give that fire in neither: at least 0."""
    one: float
    """What the units take away that fire in one alone: at most 0."""
    firing: int
    """How many units fire in both."""
    units: Int64[np.ndarray, "units"]
    """Units that fire in both, largest part first, from 0."""
    parts: Float[np.ndarray, "units"]
    """The part of each of them."""


def shared_units(query: Float[np.ndarray, "dim"], answer: Float[np.ndarray, "dim"], count: int) -> SharedUnits:
    """The cosine of two vectors of any length, and the `count` units that fire in both with the largest parts; of
    equal ones the first. A vector of zeros shares nothing.

    Raises:
        ValueError: NaN or infinite numbers, or vectors of two lengths.
    """
    first, second = unit_rows(np.stack([query, answer])).astype(np.float64)
    parts = first * second
    fires = (first > 0) & (second > 0)
    silent = (first <= 0) & (second <= 0)
    units = np.flatnonzero(fires)
    best = units[np.argsort(-parts[units], kind="stable")][:count]
    return SharedUnits(
        cosine=float(parts.sum()),
        both=float(parts[fires].sum()),
        neither=float(parts[silent].sum()),
        one=float(parts[~fires & ~silent].sum()),
        firing=len(units),
        units=best,
        parts=parts[best],
    )
