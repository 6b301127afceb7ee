"""What every objective promises."""

import pytest
import torch
from torch import Tensor

from xmodal.objectives import OBJECTIVES
from xmodal.objectives.contract import Objective
from xmodal.objectives.semi_hard import SemiHard

EVERY = [kind() for kind in OBJECTIVES.values()] + [SemiHard(released_masking=True)]


def drawn(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def loss_of(objective: Objective, similarities: Tensor, seed: int = 0) -> Tensor:
    return torch.stack(list(objective.terms(similarities, torch.Generator().manual_seed(seed)).values())).sum()


def paired(seed: int) -> tuple[Tensor, Tensor]:
    """Features of 12 pairs that belong together, up to noise."""
    images = drawn(seed, 12, 16)
    return images, images + 0.1 * drawn(seed + 1, 12, 16)


@pytest.mark.parametrize("objective", EVERY, ids=repr)
def test_falls_in_five_steps(objective: Objective) -> None:
    images, captions = drawn(1, 12, 16).requires_grad_(True), drawn(2, 12, 16).requires_grad_(True)
    optimiser = torch.optim.SGD([images, captions], lr=0.05)
    start = loss_of(objective, images @ captions.T).detach()
    for _ in range(5):
        optimiser.zero_grad()
        loss_of(objective, images @ captions.T).backward()
        optimiser.step()
    assert loss_of(objective, images @ captions.T).detach() < start


@pytest.mark.parametrize("objective", EVERY, ids=repr)
def test_rises_when_pairs_are_permuted(objective: Objective) -> None:
    images, captions = paired(3)
    assert loss_of(objective, images @ captions.roll(1, 0).T) > loss_of(objective, images @ captions.T)


@pytest.mark.parametrize("value", [0.0, 1e4, -1e4])
@pytest.mark.parametrize("objective", EVERY, ids=repr)
def test_gradients_are_finite(objective: Objective, value: float) -> None:
    for similarities in (value * drawn(5, 6, 6), torch.full((6, 6), value), value * torch.eye(6), drawn(6, 2, 2)):
        similarities.requires_grad_(True)
        (gradient,) = torch.autograd.grad(loss_of(objective, similarities), similarities)
        assert bool(torch.isfinite(gradient).all())


@pytest.mark.parametrize("objective", EVERY, ids=repr)
def test_draws_come_from_the_generator_alone(objective: Objective) -> None:
    similarities = drawn(7, 8, 8)
    assert loss_of(objective, similarities, 4) == loss_of(objective, similarities, 4)
    used = torch.Generator().manual_seed(4)
    objective.terms(similarities, used)
    other = torch.Generator().manual_seed(4)
    objective.terms(-similarities, other)
    assert torch.equal(used.get_state(), other.get_state())


@pytest.mark.parametrize("objective", EVERY, ids=repr)
def test_the_weight_multiplies_the_terms(objective: Objective) -> None:
    similarities = drawn(8, 5, 5)
    heavier = objective.model_copy(update={"weight": 3.0})
    assert float(loss_of(heavier, similarities)) == pytest.approx(3 * float(loss_of(objective, similarities)))


@pytest.mark.parametrize("objective", EVERY, ids=repr)
def test_terms_carry_the_name_of_the_table(objective: Objective) -> None:
    terms = objective.terms(drawn(9, 4, 4), torch.Generator().manual_seed(0))
    assert [kind for kind, known in OBJECTIVES.items() if isinstance(objective, known)] == list(terms)
    assert all(term.shape == () for term in terms.values())


@pytest.mark.parametrize("objective", EVERY, ids=repr)
def test_one_pair_is_refused(objective: Objective) -> None:
    with pytest.raises(ValueError, match="at least two pairs"):
        objective.terms(torch.ones(1, 1), torch.Generator().manual_seed(0))


@pytest.mark.parametrize("objective", EVERY, ids=repr)
def test_json_round_trip(objective: Objective) -> None:
    heavier = objective.model_copy(update={"weight": 0.5})
    assert type(heavier).model_validate_json(heavier.model_dump_json()) == heavier
