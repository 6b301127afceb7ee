"""Training with labels: the loss of each branch, class by class."""

import math

import pytest
import torch

from xmodal.objectives.classification import Classification


def test_it_is_the_sum_over_classes_and_the_mean_over_items() -> None:
    scores = torch.tensor([[0.0, 2.0], [-1.0, 3.0], [0.5, -4.0]])
    present = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    by_hand = 0.0
    for row, truth in zip(scores.tolist(), present.tolist(), strict=True):
        for score, there in zip(row, truth, strict=True):
            probability = 1 / (1 + math.exp(-score))
            by_hand -= math.log(probability if there else 1 - probability)
    found = Classification(weight=0.5).terms({"seen": scores}, {"seen": present})
    assert found.keys() == {"seen_labels"}
    assert float(found["seen_labels"]) == pytest.approx(0.5 * by_hand / 3, rel=1e-6)
    whole = Classification(weight=0.5, reduction="sum").terms({"seen": scores}, {"seen": present})
    assert float(whole["seen_labels"]) == pytest.approx(0.5 * by_hand, rel=1e-6)


def test_scores_without_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="no labels of what is heard"):
        Classification().terms({"heard": torch.zeros(2, 3)}, {"seen": torch.zeros(2, 3)})
