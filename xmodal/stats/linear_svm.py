"""One-vs-all linear support vector machines, their penalty chosen by cross-validation (see_hear_read section 4.4)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Shaped
from scipy.optimize import minimize
from sklearn.model_selection import StratifiedKFold

from xmodal.stats.rows import check_rows

PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
"""C of the hinge loss, for features of about unit variance; the paper names no grid."""
_ITERATIONS = 10_000
_SLOPE = 1e-3
"""The search ends where no slope of the loss is steeper than this."""


@dataclass(frozen=True)
class LinearSvm:
    """One hyperplane for each class: that class against all others."""

    classes: Shaped[np.ndarray, "classes"]
    """Sorted."""
    weights: Float[np.ndarray, "features classes"]
    offsets: Float[np.ndarray, "classes"]
    penalty: float
    """The C that was chosen."""
    accuracies: tuple[tuple[float, float], ...]
    """Each C that was tried, with its mean accuracy over the folds; empty: there was only one."""

    def scores(self, rows: Float[np.ndarray, "items features"]) -> Float[np.ndarray, "items classes"]:
        """How far each row lies on each class's side of its hyperplane.

        Raises:
            ValueError: other features than before, or a number that is not finite.
        """
        if rows.shape[1] != len(self.weights):
            raise ValueError(f"{rows.shape[1]} features, fitted to {len(self.weights)}")
        check_rows(rows, least=0)
        return rows @ self.weights + self.offsets

    def predict(self, rows: Float[np.ndarray, "items features"]) -> Shaped[np.ndarray, "items"]:
        """The class with the highest score; of equal ones the first."""
        return self.classes[self.scores(rows).argmax(axis=1)]


def fit_linear_svm(
    rows: Float[np.ndarray, "items features"],
    classes: Shaped[np.ndarray, "labels"],
    *,
    penalties: Sequence[float] = PENALTIES,
    folds: int = 2,
    seed: int = 0,
) -> LinearSvm:
    """scikit-learn's LinearSVC (squared hinge loss) with the penalty that does best in cross-validation.

    Folds have the same share of each class; of penalties that do equally well the smallest is taken, which is the
    strongest regularisation. The primal problem is solved, which needs no random numbers: only the folds depend on
    `seed`. All classes are fitted at once with L-BFGS: LinearSVC, one class after the other and without BLAS, took
    14 to 49 times as long for 42 classes.

    Args:
        rows: features of about unit variance: the penalty on the weights treats all alike.
        classes: of each row, numbers or words.
        penalties: C to choose from; one alone is taken as it is.
        folds: 2 in the paper.
        seed: of the folds.

    Raises:
        ValueError: labels that do not match the rows, one class only, a class with fewer rows than folds, no such
            penalty, or a number that is not finite.
    """
    check_rows(rows)
    if len(rows) != len(classes):
        raise ValueError(f"{len(rows)} rows and {len(classes)} classes: each row needs its own")
    if not penalties or not all(0.0 < each < np.inf for each in penalties):
        raise ValueError(f"penalties {tuple(penalties)}: at least one is needed, all above 0")
    names, counts = np.unique(classes, return_counts=True)
    if len(names) < 2:
        raise ValueError("one class only: there is nothing to tell it from")
    tried = sorted(set(penalties))
    if len(tried) > 1 and counts.min() < folds:
        raise ValueError(f"class {names[counts.argmin()]} has {counts.min()} rows, fewer than the {folds} folds")
    accuracies: tuple[tuple[float, float], ...] = ()
    if len(tried) > 1:
        splits = list(StratifiedKFold(folds, shuffle=True, random_state=seed).split(rows, classes))
        accuracies = tuple((each, _validated(rows, classes, each, splits)) for each in tried)
    best = max(accuracies, key=lambda each: (each[1], -each[0]))[0] if accuracies else tried[0]
    return _fitted(rows, classes, best, accuracies)


def _fitted(
    rows: Float[np.ndarray, "items features"],
    classes: Shaped[np.ndarray, "items"],
    penalty: float,
    accuracies: tuple[tuple[float, float], ...] = (),
) -> LinearSvm:
    names = np.unique(classes)
    signs = np.where(classes[:, None] == names, 1.0, -1.0)
    inputs = np.hstack([rows, np.ones((len(rows), 1))]).astype(np.float64)  # the offset is penalised, as in LinearSVC

    def loss(flat: Float[np.ndarray, "weights"]) -> tuple[float, Float[np.ndarray, "weights"]]:
        """Half the squares of the weights, and the squared hinge of every item and class."""
        planes = flat.reshape(inputs.shape[1], len(names))
        short = np.maximum(0.0, 1.0 - signs * (inputs @ planes))
        slopes = planes - 2.0 * penalty * (inputs.T @ (signs * short))
        return 0.5 * float((planes**2).sum()) + penalty * float((short**2).sum()), slopes.ravel()

    start = np.zeros(inputs.shape[1] * len(names))
    options = {"maxiter": _ITERATIONS, "maxfun": _ITERATIONS, "gtol": _SLOPE, "ftol": 0.0}
    planes = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x.reshape(-1, len(names))
    return LinearSvm(names, np.ascontiguousarray(planes[:-1]), planes[-1].copy(), penalty, accuracies)


def _validated(
    rows: Float[np.ndarray, "items features"],
    classes: Shaped[np.ndarray, "items"],
    penalty: float,
    splits: Sequence[tuple[np.ndarray, np.ndarray]],
) -> float:
    found = [
        _fitted(rows[train], classes[train], penalty).predict(rows[test]) == classes[test] for train, test in splits
    ]
    return float(np.mean([each.mean() for each in found]))
