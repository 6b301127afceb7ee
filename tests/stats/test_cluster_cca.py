"""Cluster CCA against CCA of all pairs, formed one by one."""

import numpy as np
import pytest

from xmodal.seeding import stream
from xmodal.stats.cca import fit_cca
from xmodal.stats.cluster_cca import fit_cluster_cca

RANDOM = stream(0, "cluster cca")
CENTRES = RANDOM.standard_normal((5, 4))
ONE = np.repeat([7, 0, 3, 2, 9], [4, 1, 6, 3, 8])[RANDOM.permutation(22)]
OTHER = np.repeat([3, 7, 0, 2, 5], [2, 5, 3, 7, 4])[RANDOM.permutation(21)]
PLACE = {7: 0, 0: 1, 3: 2, 2: 3, 9: 4, 5: 4}
FIRST = CENTRES[[PLACE[each] for each in ONE]] @ RANDOM.standard_normal((4, 6)) + RANDOM.standard_normal((22, 6))
SECOND = CENTRES[[PLACE[each] for each in OTHER]] + 0.5 * RANDOM.standard_normal((21, 4)) + 3.0


@pytest.mark.parametrize("regularisation", [1e-9, 0.3])
def test_as_cca_of_all_pairs(regularisation: float) -> None:
    pairs = [(i, j) for i in range(22) for j in range(21) if ONE[i] == OTHER[j]]
    assert len(pairs) == 6 * 2 + 4 * 5 + 1 * 3 + 3 * 7
    left, right = (list(side) for side in zip(*pairs, strict=True))
    wanted = fit_cca(FIRST[left], SECOND[right], dims=3, regularisation=regularisation)
    found = fit_cluster_cca((FIRST, ONE), (SECOND, OTHER), dims=3, regularisation=regularisation)
    assert np.allclose(found.correlations, wanted.correlations)
    signs = np.sign((found.first.weights * wanted.first.weights).sum(axis=0))
    for ours, theirs, rows in ((found.first, wanted.first, FIRST), (found.second, wanted.second, SECOND)):
        assert np.allclose(ours.transform(rows), theirs.transform(rows) * signs, atol=1e-6)


def test_pairs_as_classes_of_their_own_are_plain_cca() -> None:
    items = np.arange(21)
    found = fit_cluster_cca((FIRST[:21], items), (SECOND, items), dims=4, regularisation=0.1)
    wanted = fit_cca(FIRST[:21], SECOND, dims=4, regularisation=0.1)
    assert np.allclose(found.correlations, wanted.correlations)
    assert np.allclose(np.abs(found.first.weights), np.abs(wanted.first.weights))


def test_no_more_dimensions_than_classes_less_one() -> None:
    found = fit_cluster_cca((FIRST, ONE % 2), (SECOND, OTHER % 2), dims=9, regularisation=0.1)
    assert found.first.weights.shape == (6, 1)
    assert found.second.weights.shape == (4, 1)


def test_refuses() -> None:
    with pytest.raises(ValueError, match="1 classes in common"):
        fit_cluster_cca((FIRST, np.zeros_like(ONE)), (SECOND, np.zeros_like(OTHER)), dims=1, regularisation=0.1)
    with pytest.raises(ValueError, match="0 classes in common"):
        fit_cluster_cca((FIRST, ONE), (SECOND, OTHER + 100), dims=1, regularisation=0.1)
    with pytest.raises(ValueError, match="22 rows and 21 classes"):
        fit_cluster_cca((FIRST, ONE[1:]), (SECOND, OTHER), dims=1, regularisation=0.1)
    with pytest.raises(ValueError, match="alike"):
        fit_cluster_cca((np.full_like(FIRST, 0.1), ONE), (SECOND, OTHER), dims=1, regularisation=0.1)
    with pytest.raises(ValueError, match="not finite"):
        fit_cluster_cca((FIRST, ONE), (np.full_like(SECOND, np.nan), OTHER), dims=1, regularisation=0.1)
    with pytest.raises(ValueError, match="above 0"):
        fit_cluster_cca((FIRST, ONE), (SECOND, OTHER), dims=1, regularisation=0.0)
