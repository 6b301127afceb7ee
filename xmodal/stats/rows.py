"""What every fit asks of its rows: enough of them, as many on both sides, and finite numbers."""

import numpy as np
from jaxtyping import Float


def check_rows(rows: Float[np.ndarray, "items features"], *, least: int = 2, name: str = "rows") -> None:
    """Whether something can be fitted to these rows.

    Raises:
        ValueError: fewer than `least` rows, no feature, or a number that is not finite.
    """
    items, features = rows.shape
    if items < least:
        raise ValueError(f"{name}: {items} given, at least {least} are needed")
    if not features:
        raise ValueError(f"{name}: without any feature")
    if not np.isfinite(rows).all():
        raise ValueError(f"{name}: a number is not finite")


def check_pairs(first: Float[np.ndarray, "_ _"], second: Float[np.ndarray, "_ _"], *, least: int = 2) -> None:
    """Whether row i of one side can be the partner of row i of the other.

    Raises:
        ValueError: as `check_rows`, or the sides have different numbers of rows.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} rows on one side and {len(second)} on the other: each row needs its partner")
    check_rows(first, least=least, name="first side")
    check_rows(second, least=least, name="second side")


def check_varies(rows: Float[np.ndarray, "items features"], name: str = "rows") -> None:
    """Whether there is anything to learn from these rows.

    Raises:
        ValueError: all rows are alike.
    """
    if (rows == rows[0]).all():
        raise ValueError(f"{name}: all {len(rows)} are alike, so every feature is constant")
