"""Retrieval in one direction from vectors: as loops find it, whatever the blocks."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from tests.embeddings.drawn import unit, vectors
from xmodal.evaluation import direction_scores as module
from xmodal.evaluation.direction_scores import average_precision, direction_scores
from xmodal.evaluation.ranks import retrieval

LABELS = ["kitchen", "harbour", None, "kitchen", "street"]


def test_it_is_what_loops_find(monkeypatch: pytest.MonkeyPatch) -> None:
    items = 25
    queries, answers = vectors(items, seed=1), vectors(items, seed=2)
    labels = [LABELS[place % 5] for place in range(items)]
    monkeypatch.setattr(module, "BLOCK", 7)
    found = direction_scores(queries, answers, labels)
    cosines = unit(queries) @ unit(answers).T
    assert found.retrieval.ranks.tolist() == retrieval(cosines).ranks.tolist()
    for query, label in enumerate(labels):
        order = sorted(range(items), key=lambda place: (-cosines[query, place], place))
        assert found.best[query] == order[0]
        assert (found.best[query] == query) == (found.retrieval.ranks[query] == 1)
        if label is None:
            assert np.isnan([found.average_precision[query], found.precision_at_10[query], found.alike[query]]).all()
            continue
        right = [labels[place] == label for place in order]
        known = average_precision_score(right, cosines[query, order])
        assert found.average_precision[query] == pytest.approx(known)
        assert found.precision_at_10[query] == pytest.approx(sum(right[:10]) / 10)
        assert found.alike[query] == pytest.approx(sum(right) / items)
    told = found.as_dict()
    assert told["mean_average_precision"] == pytest.approx(np.nanmean(found.average_precision))
    assert (told["chance_median_rank"], told["queries"]) == (13.0, 25.0)


def test_the_same_vectors_find_themselves_and_without_labels_there_is_no_precision() -> None:
    same = vectors(12)
    found = direction_scores(same, same, [None] * 12)
    assert found.retrieval.ranks.tolist() == [1] * 12
    assert found.best.tolist() == list(range(12))
    assert "mean_average_precision" not in found.as_dict()
    tied = direction_scores(np.ones((3, 4)), np.ones((3, 4)), [None] * 3)
    assert (tied.retrieval.ranks.tolist(), tied.best.tolist()) == ([3, 3, 3], [1, 0, 0])
    with pytest.raises(ValueError, match="12 queries, 12 candidates and 11 labels"):
        direction_scores(same, same, [None] * 11)


def test_equal_scores_count_together_as_scikit_learn_has_it() -> None:
    drawn = np.random.default_rng(0)
    right = drawn.random((30, 12)) < 0.4
    right[:, 0] = True
    scores = -np.sort(-drawn.integers(0, 5, (30, 12)).astype(np.float32), axis=1)
    known = [average_precision_score(one, other) for one, other in zip(right, scores, strict=True)]
    assert average_precision(right, scores) == pytest.approx(known)
    assert average_precision(np.zeros((1, 3), bool), np.zeros((1, 3), np.float32)).tolist() == [0.0]
