"""Linear regression with a small isotropic prior on its matrix (see_hear_read section 4.2)."""

import numpy as np
from jaxtyping import Float
from sklearn.linear_model import Ridge

from xmodal.stats.linear_map import LinearMap
from xmodal.stats.rows import check_pairs, check_varies


def fit_ridge(
    rows: Float[np.ndarray, "items features"], targets: Float[np.ndarray, "partners dims"], *, prior: float
) -> LinearMap:
    """The matrix that predicts centred targets from centred rows, kept small by an isotropic Gaussian prior.

    It minimises `|targets - rows @ weights|^2 + a |weights|^2` with `a = prior * items * v`, where v is the mean
    variance of a feature: the prior's weight is relative to an average feature, whatever its unit and however many
    items there are. 1 halves what such a feature contributes; the paper's "small" says no number. Means are taken out
    first, so the prior does not pull the offset. A constant feature has no weight.

    With fewer rows than features the prior alone chooses among the many matrices that fit.

    Args:
        rows: what is predicted from.
        targets: row i belongs to row i.
        prior: weight of the prior, above 0.

    Raises:
        ValueError: no such prior, rows that do not match, fewer than 2 of them, every feature constant, or a number
            that is not finite.
    """
    if not prior > 0.0 or not np.isfinite(prior):
        raise ValueError(f"prior {prior} is not a number above 0")
    check_pairs(rows, targets)
    check_varies(rows)
    mean, wanted = rows.mean(axis=0, dtype=np.float64), targets.astype(np.float64)
    centred = rows - mean
    found = Ridge(prior * len(rows) * centred.var(axis=0).mean(), solver="cholesky").fit(centred, wanted)
    return LinearMap(mean, np.ascontiguousarray(found.coef_.T), wanted.mean(axis=0))
