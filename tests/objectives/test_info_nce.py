"""InfoNCE against its definition."""

import math

import pytest
import torch

from xmodal.objectives.info_nce import info_nce


def test_a_batch_worked_by_hand() -> None:
    similarities = torch.tensor([[2.0, 0.0], [1.0, 3.0]])
    captions = -math.log(math.e**4 / (math.e**4 + 1)) - math.log(math.e**6 / (math.e**6 + math.e**2))
    images = -math.log(math.e**4 / (math.e**4 + math.e**2)) - math.log(math.e**6 / (math.e**6 + 1))
    expected = (captions + images) / 2
    assert float(info_nce(similarities, temperature=0.5, reduction="sum")) == pytest.approx(expected, rel=1e-5)
    assert float(info_nce(similarities, temperature=0.5)) == pytest.approx(expected / 2, rel=1e-5)


def test_an_uninformed_net_scores_the_logarithm_of_the_batch() -> None:
    assert float(info_nce(torch.zeros(20, 20), temperature=0.07)) == pytest.approx(math.log(20))


def test_both_directions_count_alike() -> None:
    similarities = torch.randn(5, 5, generator=torch.Generator().manual_seed(0))
    swapped = float(info_nce(similarities.T, temperature=0.2))
    assert float(info_nce(similarities, temperature=0.2)) == pytest.approx(swapped)


def test_a_temperature_may_be_learnt() -> None:
    temperature = torch.tensor(0.1, requires_grad=True)
    loss = info_nce(torch.eye(4), temperature=temperature)
    (gradient,) = torch.autograd.grad(loss, temperature)
    assert float(loss.detach()) == pytest.approx(float(info_nce(torch.eye(4), temperature=0.1)))
    assert float(gradient) > 0.0


@pytest.mark.parametrize("temperature", [0.0, -1.0, math.nan])
def test_a_temperature_is_above_zero(temperature: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        info_nce(torch.eye(3), temperature=temperature)
