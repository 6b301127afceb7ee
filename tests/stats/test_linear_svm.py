"""Linear support vector machines against scikit-learn, with the penalty that a search over folds finds."""

import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.svm import LinearSVC

from xmodal.seeding import stream
from xmodal.stats.linear_svm import PENALTIES, fit_linear_svm

RANDOM = stream(0, "svm")
CLASSES = np.repeat(np.array(["bird", "cat", "dog"]), [30, 20, 40])
CENTRES = {name: RANDOM.standard_normal(5) for name in ("bird", "cat", "dog")}
ROWS = np.stack([CENTRES[str(name)] for name in CLASSES]) + 1.2 * RANDOM.standard_normal((90, 5))


def test_as_scikit_learn() -> None:
    found = fit_linear_svm(ROWS, CLASSES, seed=3)
    folds = StratifiedKFold(2, shuffle=True, random_state=3)
    wanted = GridSearchCV(LinearSVC().set_params(dual=False), {"C": PENALTIES}, cv=folds).fit(ROWS, CLASSES)
    assert found.penalty == wanted.best_params_["C"]
    assert [accuracy for _, accuracy in found.accuracies] == pytest.approx(wanted.cv_results_["mean_test_score"])
    assert np.allclose(found.scores(ROWS), wanted.decision_function(ROWS), atol=1e-3)
    assert (found.predict(ROWS) == wanted.predict(ROWS)).all()
    assert (found.predict(ROWS) == CLASSES).mean() > 0.6


def test_the_same_every_time_and_of_equal_penalties_the_smallest() -> None:
    apart = np.where((np.arange(20) < 10)[:, None], -5.0, 5.0) + RANDOM.standard_normal((20, 3))
    labels = np.repeat([4, 1], 10)
    found, again = (fit_linear_svm(apart, labels, penalties=(1.0, 0.1, 0.01)) for _ in range(2))
    assert (found.weights == again.weights).all()
    assert found.accuracies == ((0.01, 1.0), (0.1, 1.0), (1.0, 1.0))
    assert found.penalty == 0.01


def test_two_classes_have_a_plane_each() -> None:
    rows = np.array([[-1.0], [-2.0], [1.0], [2.0]])
    found = fit_linear_svm(rows, np.array([8, 8, 6, 6]), penalties=(1.0,))
    assert found.classes.tolist() == [6, 8]
    assert found.accuracies == ()
    assert found.predict(np.array([[-3.0], [3.0]])).tolist() == [8, 6]
    scores = found.scores(rows)
    assert scores.shape == (4, 2)
    assert np.allclose(scores[:, 0], -scores[:, 1])


def test_a_constant_feature_and_few_rows() -> None:
    rows = np.hstack([ROWS, np.full((90, 1), 0.1)])[[0, 1, 30, 31, 50, 51]]
    found = fit_linear_svm(rows, CLASSES[[0, 1, 30, 31, 50, 51]])
    assert np.isfinite(found.scores(rows)).all()


@pytest.mark.parametrize(
    ("rows", "classes", "penalties", "message"),
    [
        (ROWS, CLASSES[1:], PENALTIES, "90 rows and 89 classes"),
        (ROWS[:30], CLASSES[:30], PENALTIES, "one class only"),
        (ROWS[:31], CLASSES[:31], PENALTIES, "class cat has 1 rows, fewer than the 2 folds"),
        (ROWS, CLASSES, (), "at least one"),
        (ROWS, CLASSES, (0.0, 1.0), "above 0"),
        (np.full_like(ROWS, np.nan), CLASSES, PENALTIES, "not finite"),
    ],
)
def test_refuses(rows: np.ndarray, classes: np.ndarray, penalties: tuple[float, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_linear_svm(rows, classes, penalties=penalties)


def test_refuses_other_features() -> None:
    with pytest.raises(ValueError, match="4 features, fitted to 5"):
        fit_linear_svm(ROWS, CLASSES, penalties=(1.0,)).predict(ROWS[:, :4])
