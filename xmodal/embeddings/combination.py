"""Several queries as one: this sound, and "at night", minus that picture."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Float32

from xmodal.embeddings.unit_rows import unit_rows
from xmodal.errors import InputError

_CANCELLED = 1e-3
"""A sum this short, against the sum of the weights' sizes, is what rounding and noise left."""


def combined(
    vectors: Float[np.ndarray, "queries dim"], weights: Sequence[float] | Float[np.ndarray, "queries"]
) -> Float32[np.ndarray, "dim"]:
    """The weighted sum of the queries, each taken at unit length first, as one vector of unit length.

    A negative weight takes a query away; 0 leaves it out. Ours: no paper combines queries.

    Raises:
        InputError: no query, a query of zeros, NaN or infinite numbers, all weights zero, or queries that cancel out.
        ValueError: not one weight a query.
    """
    amounts = np.asarray(weights, np.float64)
    if amounts.shape != (len(vectors),):
        raise ValueError(f"{len(vectors)} queries need as many weights, not {amounts.size}")
    if not np.isfinite(amounts).all():
        raise InputError("a weight is not a number")
    chosen = amounts != 0
    if not chosen.any():
        raise InputError("nothing is asked for: give a query, with a weight other than 0")
    try:
        unit = unit_rows(np.asarray(vectors)[chosen])
    except ValueError as error:
        raise InputError(f"a query cannot be used: {error}") from error
    if not unit.any(axis=1).all():
        raise InputError("a query says nothing to this network: its vector is zero")
    total = amounts[chosen] @ unit.astype(np.float64)
    if np.linalg.norm(total) <= _CANCELLED * np.abs(amounts).sum():
        raise InputError("the queries cancel each other out: change a weight")
    return unit_rows(total[None])[0]
