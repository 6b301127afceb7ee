"""Maps, standardising and what every fit asks of its rows, on hand-worked numbers."""

import numpy as np
import pytest

from xmodal.stats.linear_map import LinearMap
from xmodal.stats.rows import check_pairs, check_rows, check_varies
from xmodal.stats.standard import fit_centre, fit_standard

ROWS = np.array([[1.0, 5.0, 0.1], [3.0, 5.0, 0.1], [5.0, 5.0, 0.1]])


def test_a_map_by_hand() -> None:
    found = LinearMap(np.array([1.0, 2.0]), np.array([[1.0], [10.0]]), np.array([0.5]))
    assert found.transform(np.array([[1.0, 2.0], [2.0, 1.0]])).tolist() == [[0.5], [-8.5]]
    assert found.transform(np.zeros((0, 2))).shape == (0, 1)
    with pytest.raises(ValueError, match="3 features, fitted to 2"):
        found.transform(np.ones((1, 3)))
    with pytest.raises(ValueError, match="not finite"):
        found.transform(np.array([[np.nan, 1.0]]))


def test_standard_by_hand() -> None:
    found = fit_standard(ROWS)
    step = 1.5**0.5  # the deviation is sqrt(8 / 3)
    assert np.allclose(found.transform(ROWS), [[-step, 0, 0], [0, 0, 0], [step, 0, 0]])
    assert found.transform(ROWS + 7.0)[:, 1:].tolist() == [[0.0, 0.0]] * 3, "a constant feature stays silent"
    assert fit_standard(ROWS.astype(np.float32)).transform(ROWS.astype(np.float32)).dtype == np.float32
    assert fit_centre(ROWS).transform(ROWS)[:, 0].tolist() == [-2.0, 0.0, 2.0]
    with pytest.raises(ValueError, match="2 features, fitted to 3"):
        found.transform(ROWS[:, :2])


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.ones((1, 2)), "1 given, at least 2"),
        (np.ones((4, 0)), "without any feature"),
        (np.array([[1.0], [np.inf]]), "not finite"),
        (np.array([[1.0], [np.nan]]), "not finite"),
    ],
)
def test_rows_that_nothing_can_be_fitted_to(rows: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_rows(rows)
    with pytest.raises(ValueError, match=message):
        fit_standard(rows)


def test_pairs_and_variance() -> None:
    check_pairs(ROWS, ROWS[:, :1])
    with pytest.raises(ValueError, match="3 rows on one side and 2 on the other"):
        check_pairs(ROWS, ROWS[:2])
    check_varies(ROWS)
    with pytest.raises(ValueError, match="all 3 are alike"):
        check_varies(ROWS[:, 1:])
