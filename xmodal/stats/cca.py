"""Canonical correlation analysis: two sides are mapped to where they agree most; plain, and normalised."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import scipy.linalg
from jaxtyping import Float

from xmodal.stats.linear_map import LinearMap
from xmodal.stats.rows import check_pairs, check_varies

Scale = Literal["correlations", "eigenvalues"]
"""What normalised CCA takes a power of."""
POWER = 4.0
"""p in the experiments of Gong et al. 2014."""


@dataclass(frozen=True)
class Cca:
    """Both sides' maps to a common space, best agreeing dimension first."""

    first: LinearMap
    second: LinearMap
    correlations: Float[np.ndarray, "dims"]
    """Singular values of the regularised problem, in [0, 1] and falling: the correlations of both sides' dimensions
    over the training pairs where the regularisation is negligible, less otherwise."""

    def cut(self, dims: int) -> "Cca":
        """The best agreeing dimensions alone, as if no more had been asked for."""
        one, other = (
            LinearMap(side.mean, side.weights[:, :dims], side.offset[:dims]) for side in (self.first, self.second)
        )
        return Cca(one, other, self.correlations[:dims])


@dataclass(frozen=True)
class Side:
    """All that CCA needs of one side."""

    mean: Float[np.ndarray, "features"]
    covariance: Float[np.ndarray, "features features"]


def fit_cca(
    first: Float[np.ndarray, "items features"],
    second: Float[np.ndarray, "partners others"],
    *,
    dims: int,
    regularisation: float,
) -> Cca:
    """CCA of pairs: row i of one side belongs to row i of the other.

    Args:
        first: one side.
        second: the other.
        dims: dimensions of the common space; where the sides vary along fewer directions, it has as many as those.
        regularisation: added to the variance of each direction, relative to the mean variance of that side's features
            (so it means the same in any unit), above 0. Without much of it, few pairs of many features correlate
            perfectly and mean nothing: n - 1 features on either side are enough for that.

    Raises:
        ValueError: no such dims or regularisation, sides that do not match, fewer than 3 pairs, a side that is
            constant, or a number that is not finite.
    """
    check_pairs(first, second, least=3)
    check_varies(first, "first side")
    check_varies(second, "second side")
    sides = [side.astype(np.float64) for side in (first, second)]
    means = [side.mean(axis=0) for side in sides]
    one, other = (side - mean for side, mean in zip(sides, means, strict=True))
    items = len(first)
    return cca_of_covariances(
        (Side(means[0], one.T @ one / items), Side(means[1], other.T @ other / items)),
        one.T @ other / items,
        dims=dims,
        regularisation=regularisation,
    )


def cca_of_covariances(
    sides: tuple[Side, Side], cross: Float[np.ndarray, "features others"], *, dims: int, regularisation: float
) -> Cca:
    """CCA by whitening both sides and a singular value decomposition of what is left between them.

    Directions without variance (constant or dependent features, fewer items than features) are left out: nothing is
    known of them, and dividing by their variance would blow up whatever new rows have there.

    Raises:
        ValueError: no such dims or regularisation.
    """
    if dims < 1:
        raise ValueError(f"{dims} dimensions asked for, at least 1 is needed")
    if not regularisation > 0.0 or not np.isfinite(regularisation):
        raise ValueError(f"regularisation {regularisation} is not a number above 0")
    one, other = (_whitening(side.covariance, regularisation) for side in sides)
    left, correlations, right = scipy.linalg.svd(one.T @ cross @ other, full_matrices=False)
    count = min(dims, len(correlations))
    zero = np.zeros(count)
    return Cca(
        LinearMap(sides[0].mean, one @ left[:, :count], zero),
        LinearMap(sides[1].mean, other @ right[:count].T, zero),
        correlations[:count],
    )


def normalised(cca: Cca, *, power: float = POWER, scale: Scale = "correlations") -> Cca:
    """Normalised CCA (Gong et al. 2014): dimensions in which the sides agree more count more.

    What differs from plain CCA is, first, that both sides' dimensions are multiplied by a power of how well they
    agree, and second, that vectors are compared by their cosine and not by their Euclidean distance. The fit is the
    same.

    Args:
        cca: plain CCA.
        power: p, at least 0; 0 leaves the vectors as they are (then only the cosine is left of it).
        scale: `correlations`: `correlation ** p`, so that what does not correlate vanishes. `eigenvalues`:
            `(1 + correlation) ** p`, the eigenvalues of the generalised problem by which Gong et al. state and solve
            CCA of several views, here of two.

    Raises:
        ValueError: the power is negative.
    """
    if not power >= 0.0:
        raise ValueError(f"power {power} is below 0")
    factors = (cca.correlations if scale == "correlations" else 1.0 + cca.correlations) ** power
    one, other = (replace(side, weights=side.weights * factors) for side in (cca.first, cca.second))
    return replace(cca, first=one, second=other)


def _whitening(covariance: Float[np.ndarray, "features features"], regularisation: float) -> Float[np.ndarray, "_ _"]:
    """Features x directions: unit variance along each direction that has any."""
    variances, directions = scipy.linalg.eigh(covariance)
    kept = variances > variances[-1] * len(variances) * np.finfo(np.float64).eps
    added = regularisation * np.trace(covariance) / len(covariance)
    return directions[:, kept] / np.sqrt(variances[kept] + added)
