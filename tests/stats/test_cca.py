"""CCA against scikit-learn, against the generalised eigenvalue problem, and by hand; what normalising changes."""

import numpy as np
import pytest
import scipy.linalg
from sklearn.cross_decomposition import CCA

from xmodal.seeding import stream
from xmodal.stats.cca import fit_cca, normalised

RANDOM = stream(0, "cca")
SHARED = RANDOM.standard_normal((300, 3)) * [1.0, 0.8, 0.5]
FIRST = np.hstack([SHARED + 0.3 * RANDOM.standard_normal((300, 3)), RANDOM.standard_normal((300, 3))])
FIRST = FIRST @ RANDOM.standard_normal((6, 6)) + 5.0
SECOND = np.hstack([SHARED + 0.5 * RANDOM.standard_normal((300, 3)), RANDOM.standard_normal((300, 1))])
SECOND = 10.0 * SECOND @ RANDOM.standard_normal((4, 4))
NEARLY_NONE = 1e-12


def eigenvalues(first: np.ndarray, second: np.ndarray, regularisation: float) -> np.ndarray:
    """Of the problem in which Gong et al. state CCA of several views: 1 + correlation, largest first."""
    both = np.cov(first.T, second.T, bias=True)
    split = first.shape[1]
    for part in (slice(None, split), slice(split, None)):
        block = both[part, part]
        both[part, part] = block + regularisation * np.trace(block) / len(block) * np.eye(len(block))
    diagonal = scipy.linalg.block_diag(both[:split, :split], both[split:, split:])
    return scipy.linalg.eigh(both, diagonal, eigvals_only=True)[::-1]


def test_as_scikit_learn() -> None:
    found = fit_cca(FIRST, SECOND, dims=3, regularisation=NEARLY_NONE)
    wanted = CCA(3, max_iter=5000, tol=1e-14).fit(FIRST, SECOND)
    for ours, theirs in zip(
        (found.first.transform(FIRST), found.second.transform(SECOND)), wanted.transform(FIRST, SECOND), strict=True
    ):
        alike = np.corrcoef(ours.T, np.asarray(theirs).T)[:3, 3:]
        assert np.abs(np.diagonal(alike)) == pytest.approx(np.ones(3), abs=1e-4), "up to sign and its deflation"


def test_both_sides_are_white_and_correlate_dimension_by_dimension() -> None:
    found = fit_cca(FIRST, SECOND, dims=4, regularisation=NEARLY_NONE)
    one, other = found.first.transform(FIRST), found.second.transform(SECOND)
    for side in (one, other):
        assert np.allclose(side.T @ side / 300, np.eye(4), atol=1e-6)
    assert np.allclose(one.T @ other / 300, np.diag(found.correlations), atol=1e-6)
    assert (np.diff(found.correlations) < 0).all()
    assert found.correlations[2] > 0.5 > 0.2 > found.correlations[3]


@pytest.mark.parametrize("regularisation", [NEARLY_NONE, 0.1, 2.0])
def test_as_the_generalised_eigenvalue_problem(regularisation: float) -> None:
    found = fit_cca(FIRST, SECOND, dims=9, regularisation=regularisation)
    assert len(found.correlations) == 4, "no more dimensions than the smaller side has"
    assert np.allclose(1.0 + found.correlations, eigenvalues(FIRST, SECOND, regularisation)[:4], atol=1e-6)


def test_by_hand() -> None:
    first = np.array([[1.0], [2.0], [3.0], [4.0]])
    second = np.array([[1.0], [3.0], [2.0], [4.0]])
    assert fit_cca(first, second, dims=1, regularisation=NEARLY_NONE).correlations == pytest.approx([0.8])
    found = fit_cca(first, second, dims=1, regularisation=1.0)
    assert found.correlations == pytest.approx([0.4]), "variances are doubled on both sides"
    assert np.abs(found.first.weights) == pytest.approx(np.array([[2.5**-0.5]]))


def test_fewer_dimensions_are_the_first_of_more() -> None:
    found, wanted = (fit_cca(FIRST, SECOND, dims=dims, regularisation=0.1) for dims in (4, 2))
    cut = found.cut(2)
    assert (cut.correlations == wanted.correlations).all()
    for ours, theirs, rows in ((cut.first, wanted.first, FIRST), (cut.second, wanted.second, SECOND)):
        assert np.allclose(ours.transform(rows), theirs.transform(rows))
    assert len(found.cut(9).correlations) == 4


def test_units_change_nothing() -> None:
    found = fit_cca(FIRST, SECOND, dims=3, regularisation=0.1)
    again = fit_cca(1e-3 * FIRST, 1e4 * SECOND, dims=3, regularisation=0.1)
    assert np.allclose(again.correlations, found.correlations)
    assert np.allclose(np.abs(again.first.transform(1e-3 * FIRST)), np.abs(found.first.transform(FIRST)))


def test_constant_and_repeated_features_and_few_rows_give_no_nonsense() -> None:
    plain = fit_cca(FIRST, SECOND, dims=4, regularisation=NEARLY_NONE)
    more = np.hstack([FIRST, np.full((300, 1), 0.1), FIRST[:, :1]])
    found = fit_cca(more, SECOND, dims=4, regularisation=NEARLY_NONE)
    assert np.allclose(found.correlations, plain.correlations, atol=1e-6)
    elsewhere = np.hstack([FIRST, np.full((300, 1), 7.0), FIRST[:, :1]])
    assert np.allclose(found.first.transform(elsewhere), found.first.transform(more), atol=1e-6)
    few = fit_cca(FIRST[:4], SECOND[:4], dims=4, regularisation=NEARLY_NONE)
    assert few.correlations == pytest.approx(np.ones(3), abs=1e-6), "three directions, each explained perfectly"
    assert np.isfinite(few.first.transform(FIRST)).all()


def test_normalising_scales_both_sides_by_a_power() -> None:
    plain = fit_cca(FIRST, SECOND, dims=3, regularisation=0.1)
    found = normalised(plain, power=4.0)
    factors = plain.correlations**4
    assert np.allclose(found.first.transform(FIRST), plain.first.transform(FIRST) * factors)
    assert np.allclose(found.second.transform(SECOND), plain.second.transform(SECOND) * factors)
    assert (found.correlations == plain.correlations).all()
    gong = normalised(plain, power=2.0, scale="eigenvalues").first.transform(FIRST)
    assert np.allclose(gong, plain.first.transform(FIRST) * eigenvalues(FIRST, SECOND, 0.1)[:3] ** 2)
    assert np.allclose(normalised(plain, power=0.0).first.weights, plain.first.weights)
    with pytest.raises(ValueError, match="below 0"):
        normalised(plain, power=-1.0)


@pytest.mark.parametrize(
    ("first", "second", "dims", "regularisation", "message"),
    [
        (FIRST, SECOND, 0, 0.1, "at least 1"),
        (FIRST, SECOND, 2, 0.0, "above 0"),
        (FIRST, SECOND[:-1], 2, 0.1, "needs its partner"),
        (FIRST[:2], SECOND[:2], 2, 0.1, "at least 3"),
        (FIRST, np.full((300, 2), 0.1), 2, 0.1, "second side: all 300 are alike"),
        (np.where(FIRST > 9, np.nan, FIRST), SECOND, 2, 0.1, "first side: a number is not finite"),
    ],
)
def test_refuses(first: np.ndarray, second: np.ndarray, dims: int, regularisation: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_cca(first, second, dims=dims, regularisation=regularisation)
