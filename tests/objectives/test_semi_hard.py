"""Eq. 12-14, the random fallback, and where the released code differs."""

import pytest
import torch
from torch import Tensor

from xmodal.objectives.sampled_margin import sample_impostors
from xmodal.objectives.semi_hard import semi_hard_margin


def square(own: float, others: float, pairs: int = 4) -> Tensor:
    return torch.full((pairs, pairs), others).fill_diagonal_(own)


def loss(similarities: Tensor, *, seed: int = 0, summed: bool = False, released: bool = False) -> float:
    generator = torch.Generator().manual_seed(seed)
    reduction = "sum" if summed else "mean"
    return float(
        semi_hard_margin(similarities, margin=1.0, generator=generator, reduction=reduction, released_masking=released)
    )


def test_a_batch_worked_by_hand() -> None:
    similarities = torch.tensor([[3.0, 2.5, 9.0], [0.0, 1.0, 0.5], [1.0, 0.8, 4.0]])
    # captions: 2.5-3+1 = 0.5 (9 is no candidate); 0.5-1+1 = 0.5; 1-4+1 < 0
    # images: 1-3+1 < 0; 0.8-1+1 = 0.8 (2.5 is no candidate); 0.5-4+1 < 0 (9 is no candidate)
    assert loss(similarities, summed=True) == pytest.approx(1.8)
    assert loss(similarities) == pytest.approx(0.6)


def test_equal_scores_are_no_candidates() -> None:
    similarities = torch.tensor([[2.0, 2.0, 1.5], [0.0, 2.0, 0.0], [0.0, 0.0, 2.0]])
    # the first caption's impostor is the third (1.5), not the second (2.0); for the second caption every image but 1
    assert loss(similarities, summed=True) == pytest.approx(0.5 + 0.5)


def test_negative_scores_compete_as_they_are() -> None:
    assert loss(square(-1.0, -5.0)) == 0.0
    assert loss(square(-1.0, -5.0), released=True) == pytest.approx(2 * 2.0)  # two directions


def test_without_candidates_the_impostor_is_random() -> None:
    assert loss(square(1.0, 5.0)) == pytest.approx(2 * 5.0)
    assert loss(square(1.0, 5.0), released=True) == 0.0
    similarities = 10 + torch.rand(6, 6, generator=torch.Generator().manual_seed(3))
    similarities.fill_diagonal_(1.0)
    captions, images = sample_impostors(6, generator=torch.Generator().manual_seed(5))
    expected = similarities[range(6), captions] + similarities[images, range(6)]
    assert loss(similarities, seed=5, summed=True) == pytest.approx(float(expected.sum()))


def test_the_gradient_reaches_the_impostor_and_the_own_pair_only() -> None:
    similarities = torch.tensor([[3.0, 2.5, 9.0], [0.0, 1.0, 0.5], [1.0, 0.8, 4.0]], requires_grad=True)
    total = semi_hard_margin(similarities, margin=1.0, generator=torch.Generator(), reduction="sum")
    (gradient,) = torch.autograd.grad(total, similarities)
    assert gradient.tolist() == [[-1.0, 1.0, 0.0], [0.0, -2.0, 1.0], [0.0, 1.0, 0.0]]


def test_the_released_fault_gives_no_gradient_to_impostors_without_candidates() -> None:
    similarities = square(0.5, 5.0).requires_grad_(True)
    total = semi_hard_margin(similarities, margin=1.0, generator=torch.Generator(), released_masking=True)
    (gradient,) = torch.autograd.grad(total, similarities)
    assert float((gradient - gradient.diagonal().diag()).abs().max()) == 0.0
