"""Principal components: the directions along which rows differ most (scikit-learn's, with its edges closed)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from sklearn.decomposition import PCA

from xmodal.stats.linear_map import LinearMap
from xmodal.stats.rows import check_rows, check_varies


@dataclass(frozen=True)
class Pca:
    """Principal components of some rows, largest variance first."""

    map: LinearMap
    """From features to components; its weights are orthonormal columns."""
    variances: Float[np.ndarray, "dims"]
    """Of each component over the rows (divided by their number less one)."""
    shares: Float[np.ndarray, "dims"]
    """The same as shares of the variance of all features; they add up to 1 where nothing was left out."""

    @property
    def dims(self) -> int:
        """How many components there are: at most as many as were asked for."""
        return len(self.variances)

    def transform(self, rows: Float[np.ndarray, "items features"]) -> Float[np.ndarray, "items dims"]:
        """The components of new rows.

        Raises:
            ValueError: other features than before, or a number that is not finite.
        """
        return self.map.transform(rows)


def fit_pca(rows: Float[np.ndarray, "items features"], dims: int, *, seed: int = 0) -> Pca:
    """The first `dims` principal components, in the precision of the rows.

    n rows differ along n - 1 directions at most, and along no more than they have features. Who asks for more gets
    those that there are (`Pca.dims` says how many), for the others would be arbitrary; new rows lose what lies outside
    of them. Directions without any variance, as of rows that repeat, are left out for the same reason.

    Large problems (a side over 500, few components of many) are solved by a random projection that starts from
    `seed`; its last components are then near the true ones but not equal to them. All others are exact.

    Raises:
        ValueError: no component asked for, fewer than 2 rows, all rows alike, or a number that is not finite.
    """
    if dims < 1:
        raise ValueError(f"{dims} components asked for, at least 1 is needed")
    check_rows(rows)
    check_varies(rows)
    found = PCA(min(dims, len(rows) - 1, rows.shape[1]), random_state=seed).fit(rows)
    directions, spread = np.asarray(found.components_), np.sqrt(found.explained_variance_)
    kept = spread > spread[0] * np.finfo(rows.dtype).eps * max(rows.shape) ** 0.5
    weights = np.ascontiguousarray(directions[kept].T)
    centred = LinearMap(found.mean_, weights, np.zeros(weights.shape[1], weights.dtype))
    return Pca(centred, found.explained_variance_[kept], found.explained_variance_ratio_[kept])
