"""Unit length."""

import math

import pytest
import torch

from xmodal.similarity.cosine import SHORTEST, cosines, unit_length


def test_lengths_are_one_along_the_axis_asked_for() -> None:
    features = torch.randn(2, 7, 3, 4, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(unit_length(features, dim=1).norm(dim=1), torch.ones(2, 3, 4))
    assert torch.allclose(unit_length(features, dim=-1).norm(dim=-1), torch.ones(2, 7, 3))


def test_a_zero_vector_stays_zero_with_a_finite_gradient() -> None:
    features = torch.zeros(3, 2, requires_grad=True)
    unit = unit_length(features, dim=0)
    (gradient,) = torch.autograd.grad(unit.sum(), features)
    assert unit.tolist() == [[0.0, 0.0]] * 3
    assert bool(torch.isfinite(gradient).all())


def test_shorter_vectors_are_divided_by_the_shortest_length() -> None:
    features = torch.tensor([SHORTEST / 10, 0.0])
    assert unit_length(features, dim=0).tolist() == pytest.approx([0.1, 0.0])


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float16])
def test_half_precision_neither_overflows_nor_changes_type(kind: torch.dtype) -> None:
    features = torch.full((4, 2), 300.0, dtype=kind)
    unit = unit_length(features, dim=0)
    assert unit.dtype == kind
    assert torch.allclose(unit.float(), torch.full((4, 2), 0.5))


def test_cosines_by_definition() -> None:
    generator = torch.Generator().manual_seed(0)
    first, second = (torch.randn(count, 5, generator=generator) for count in (3, 4))
    found = cosines(first, second)
    assert found.shape == (3, 4)
    for row, one in enumerate(first.tolist()):
        for col, other in enumerate(second.tolist()):
            dot = math.fsum(a * b for a, b in zip(one, other, strict=True))
            assert float(found[row, col]) == pytest.approx(dot / math.hypot(*one) / math.hypot(*other), abs=1e-6)
    assert cosines(torch.zeros(2, 5), second).tolist() == [[0.0] * 4] * 2


def test_autocast_does_not_round_cosines() -> None:
    first = torch.randn(4, 64, generator=torch.Generator().manual_seed(1))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = cosines(first, first)
    assert found.dtype is torch.float32
    assert torch.equal(found, cosines(first, first))
