"""Cluster CCA (Rasiwasia et al. 2014): CCA of two sides that share classes and no pairs."""

import numpy as np
from jaxtyping import Float, Int

from xmodal.stats.cca import Cca, Side, cca_of_covariances
from xmodal.stats.rows import check_rows, check_varies


def fit_cluster_cca(
    first: tuple[Float[np.ndarray, "items features"], Int[np.ndarray, "labels"]],
    second: tuple[Float[np.ndarray, "others dims"], Int[np.ndarray, "other_labels"]],
    *,
    dims: int,
    regularisation: float,
) -> Cca:
    """CCA of all pairs of one item of each side that have the same class, without forming the pairs.

    An item takes part in as many pairs as the other side has items of its class, so it counts that often in the mean
    and the covariance of its side (as in Rasiwasia et al.), and the covariance between the sides follows from the sums
    of each class. That one has at most one rank less than there are classes, which bounds the dimensions.

    Args:
        first: rows, and the class of each.
        second: the same of the other side; classes that only one side has are left out.
        dims, regularisation: as in `fit_cca`.

    Raises:
        ValueError: as `fit_cca`; labels that do not match the rows; fewer than two classes in common.
    """
    for rows, classes in (first, second):
        check_rows(rows)
        if len(rows) != len(classes):
            raise ValueError(f"{len(rows)} rows and {len(classes)} classes: each row needs its own")
    shared = np.intersect1d(first[1], second[1])
    if len(shared) < 2:
        raise ValueError(f"the sides have {len(shared)} classes in common, at least 2 are needed")
    one, other = (_of_classes(rows, classes, shared) for rows, classes in (first, second))
    check_varies(one[0], "first side")
    check_varies(other[0], "second side")
    counts = [np.bincount(labels) for _, labels in (one, other)]
    pairs = float(counts[0] @ counts[1])
    left, right = _side(*one, counts[1] / pairs), _side(*other, counts[0] / pairs)
    sums = [_class_sums(rows - side.mean, labels) for (rows, labels), side in ((one, left), (other, right))]
    return cca_of_covariances(
        (left, right), sums[0].T @ sums[1] / pairs, dims=min(dims, len(shared) - 1), regularisation=regularisation
    )


def _of_classes(
    rows: Float[np.ndarray, "items features"], classes: Int[np.ndarray, "items"], shared: Int[np.ndarray, "classes"]
) -> tuple[Float[np.ndarray, "_ features"], Int[np.ndarray, "_"]]:
    """The rows of the shared classes, and the place of each one's class among these."""
    kept = np.isin(classes, shared)
    return rows[kept].astype(np.float64), np.searchsorted(shared, classes[kept])


def _side(
    rows: Float[np.ndarray, "items features"], labels: Int[np.ndarray, "items"], shares: Float[np.ndarray, "classes"]
) -> Side:
    """Mean and covariance where an item counts with the share of its class."""
    weights = shares[labels]
    mean = weights @ rows
    centred = rows - mean
    return Side(mean, centred.T @ (weights[:, None] * centred))


def _class_sums(
    rows: Float[np.ndarray, "items features"], labels: Int[np.ndarray, "items"]
) -> Float[np.ndarray, "classes features"]:
    order = np.argsort(labels, kind="stable")
    return np.add.reduceat(rows[order], np.flatnonzero(np.diff(labels[order], prepend=-1)), axis=0)
