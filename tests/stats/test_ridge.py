"""Ridge regression against scikit-learn, against least squares with the prior as further rows, and by hand."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from xmodal.seeding import stream
from xmodal.stats.ridge import fit_ridge

RANDOM = stream(0, "ridge")
ROWS = RANDOM.standard_normal((40, 6)) * np.arange(1, 7) + 4.0
TARGETS = ROWS @ RANDOM.standard_normal((6, 3)) + RANDOM.standard_normal((40, 3)) - 2.0


def by_further_rows(rows: np.ndarray, targets: np.ndarray, prior: float) -> np.ndarray:
    """The prior is as good as one more row for each feature, which says that its weight is 0."""
    size = (prior * len(rows) * rows.var(axis=0).mean()) ** 0.5
    features = rows.shape[1]
    more = np.vstack([rows - rows.mean(axis=0), size * np.eye(features)])
    wanted = np.vstack([targets - targets.mean(axis=0), np.zeros((features, targets.shape[1]))])
    return np.linalg.lstsq(more, wanted, rcond=None)[0]


@pytest.mark.parametrize("prior", [1e-6, 0.1, 3.0])
@pytest.mark.parametrize("items", [40, 4])
def test_the_prior_is_relative_to_an_average_feature(prior: float, items: int) -> None:
    rows, targets = ROWS[:items], TARGETS[:items]
    found = fit_ridge(rows, targets, prior=prior)
    assert np.allclose(found.weights, by_further_rows(rows, targets, prior), rtol=1e-4, atol=1e-6)
    wanted = Ridge(prior * items * rows.var(axis=0).mean(), solver="svd").fit(rows, targets)
    assert np.allclose(found.transform(ROWS), wanted.predict(ROWS), rtol=1e-4, atol=1e-5)


def test_by_hand() -> None:
    found = fit_ridge(np.array([[1.0], [3.0]]), np.array([[10.0, 0.0], [14.0, 0.0]]), prior=1.0)
    assert found.weights.tolist() == [[1.0, 0.0]], "half of the slope 2: the prior weighs as much as the feature"
    assert found.transform(np.array([[2.0], [4.0]])).tolist() == [[12.0, 0.0], [14.0, 0.0]]


def test_units_and_repetition_change_nothing() -> None:
    found = fit_ridge(ROWS, TARGETS, prior=0.1).transform(ROWS)
    assert np.allclose(fit_ridge(1000 * ROWS, TARGETS, prior=0.1).transform(1000 * ROWS), found)
    twice = fit_ridge(np.vstack([ROWS, ROWS]), np.vstack([TARGETS, TARGETS]), prior=0.1)
    assert np.allclose(twice.transform(ROWS), found)


def test_a_constant_feature_has_no_weight() -> None:
    found = fit_ridge(np.hstack([ROWS, np.full((40, 1), 0.1)]), TARGETS, prior=0.1)
    assert np.allclose(found.weights[-1], 0.0)
    assert np.isfinite(found.transform(np.hstack([ROWS, np.ones((40, 1))]))).all()


@pytest.mark.parametrize(
    ("rows", "targets", "prior", "message"),
    [
        (ROWS, TARGETS, 0.0, "above 0"),
        (ROWS, TARGETS, float("nan"), "above 0"),
        (ROWS, TARGETS[:-1], 1.0, "needs its partner"),
        (ROWS[:1], TARGETS[:1], 1.0, "at least 2"),
        (np.full((40, 6), 0.1), TARGETS, 1.0, "constant"),
        (ROWS, np.full((40, 3), np.inf), 1.0, "not finite"),
    ],
)
def test_refuses(rows: np.ndarray, targets: np.ndarray, prior: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_ridge(rows, targets, prior=prior)
