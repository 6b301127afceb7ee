"""Area under the ROC curve, mean over classes."""

import numpy as np
import pytest

from xmodal.evaluation.labels import mean_auc


def _by_counting(scores: np.ndarray, present: np.ndarray) -> float:
    """Share of pairs, one item with the class and one without, in the right order; ties count half."""
    ordered = [
        1.0 if high > low else 0.5 if high == low else 0.0
        for high in scores[present == 1]
        for low in scores[present == 0]
    ]
    return float(np.mean(ordered))


def test_it_is_the_share_of_pairs_in_order() -> None:
    generator = np.random.default_rng(3)
    present = (generator.random((40, 6)) < 0.3).astype(np.float32)
    scores = np.round(present + generator.standard_normal((40, 6)), 1).astype(np.float32)
    expected = np.mean([_by_counting(scores[:, place], present[:, place]) for place in range(6)])
    assert mean_auc(scores, present) == pytest.approx(expected, abs=1e-6)
    assert 0.6 < expected < 0.95


def test_classes_that_all_items_or_none_have_do_not_count() -> None:
    present = np.array([[1, 0, 1], [1, 0, 0]], np.float32)
    scores = np.array([[0, 5, 2], [9, 1, 1]], np.float32)
    assert mean_auc(scores, present) == 1.0
    with pytest.raises(ValueError, match="no class"):
        mean_auc(scores[:, :2], present[:, :2])
