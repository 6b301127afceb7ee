"""Principal components against scikit-learn, a singular value decomposition, and by hand."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from xmodal.seeding import stream
from xmodal.stats.pca import fit_pca

ROWS = stream(0, "pca").standard_normal((60, 8)) @ np.diag([5.0, 3.0, 2.0, 1.0, 1.0, 0.5, 0.2, 0.1]) + 3.0


def test_as_scikit_learn() -> None:
    found, wanted = fit_pca(ROWS, 3), PCA(3).fit(ROWS)
    assert np.allclose(found.transform(ROWS), wanted.transform(ROWS))
    assert np.allclose(found.variances, wanted.explained_variance_)
    assert np.allclose(found.shares, wanted.explained_variance_ratio_)


def test_as_a_singular_value_decomposition() -> None:
    found = fit_pca(ROWS, 8)
    centred = ROWS - ROWS.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    assert np.allclose(np.abs(found.transform(ROWS)), np.abs(left * sizes))
    assert found.shares.sum() == pytest.approx(1.0)
    assert np.allclose(found.map.weights.T @ found.map.weights, np.eye(8))


def test_by_hand() -> None:
    rows = np.array([[0.0, 0.0, 9.0], [4.0, 4.0, 9.0], [2.0, 2.0, 9.0]])
    found = fit_pca(rows, 3)
    assert found.dims == 1, "three rows on one line have one direction, though three were asked for"
    assert found.variances == pytest.approx([8.0])
    assert np.abs(found.map.weights[:, 0]) == pytest.approx([0.5**0.5, 0.5**0.5, 0.0])
    assert np.abs(found.transform(rows)[:, 0]) == pytest.approx([8.0**0.5, 8.0**0.5, 0.0])


@pytest.mark.parametrize(("items", "asked", "dims"), [(5, 8, 4), (5, 3, 3), (60, 100, 8), (2, 8, 1)])
def test_no_more_components_than_rows_can_tell_apart(items: int, asked: int, dims: int) -> None:
    found = fit_pca(ROWS[:items], asked)
    assert found.dims == dims
    assert found.transform(ROWS).shape == (60, dims)
    assert np.isfinite(found.transform(ROWS)).all()


def test_float32_stays_and_constant_features_do_no_harm() -> None:
    rows = np.hstack([ROWS, np.full((60, 2), 0.1)]).astype(np.float32)
    found = fit_pca(rows, 10)
    assert found.dims == 8
    assert found.transform(rows).dtype == np.float32
    assert np.allclose(np.abs(found.transform(rows)), np.abs(fit_pca(ROWS, 8).transform(ROWS)), atol=1e-4)


def test_large_problems_are_the_same_every_time_and_near_the_exact_ones() -> None:
    random = stream(1, "pca")
    rows = random.standard_normal((80, 20)) @ random.standard_normal((20, 700))
    rows += 0.01 * random.standard_normal((80, 700))
    found, again = fit_pca(rows, 20), fit_pca(rows, 20)
    assert (found.map.weights == again.map.weights).all()
    exact = np.linalg.svd(rows - rows.mean(axis=0), compute_uv=False)[:20] ** 2 / 79
    assert np.allclose(found.variances, exact, rtol=1e-6)


@pytest.mark.parametrize(
    ("rows", "dims", "message"),
    [
        (ROWS, 0, "at least 1"),
        (ROWS[:1], 2, "at least 2"),
        (np.full((6, 3), 0.1), 2, "alike"),
        (np.where(ROWS > 12, np.nan, ROWS), 2, "not finite"),
    ],
)
def test_refuses(rows: np.ndarray, dims: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_pca(rows, dims)
