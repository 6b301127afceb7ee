"""Eq. 1: the divergence from the teacher to the student, worked by hand."""

import math

import pytest
import torch

from xmodal.objectives.distillation import Distillation, distillation

TEACHER = torch.tensor([[0.5, 0.5], [0.9, 0.1]])
STUDENT = torch.tensor([[0.25, 0.75], [0.9, 0.1]])
BY_HAND = 0.5 * math.log(0.5 / 0.25) + 0.5 * math.log(0.5 / 0.75)
"""0.1438: of the first item; the second agrees with its teacher."""


def test_it_is_teacher_to_student_and_not_the_other_way_round() -> None:
    other_way = 0.25 * math.log(0.25 / 0.5) + 0.75 * math.log(0.75 / 0.5)
    assert abs(BY_HAND - other_way) > 0.01
    found = distillation(STUDENT.log(), teacher_probabilities=TEACHER, reduction="sum")
    assert float(found) == pytest.approx(BY_HAND, rel=1e-5)
    swapped = distillation(TEACHER.log(), teacher_probabilities=STUDENT, reduction="sum")
    assert float(swapped) == pytest.approx(other_way, rel=1e-5)
    assert float(distillation(STUDENT.log(), teacher_probabilities=TEACHER)) == pytest.approx(BY_HAND / 2, rel=1e-5)


def test_only_differences_of_scores_count() -> None:
    """Scores are before the softmax, at temperature 1."""
    shifted = STUDENT.log() + torch.tensor([[5.0], [-40.0]])
    found = distillation(shifted, teacher_probabilities=TEACHER, reduction="sum")
    assert float(found) == pytest.approx(BY_HAND, rel=1e-4)


def test_classes_that_the_teacher_rules_out_add_nothing() -> None:
    teacher = torch.tensor([[1.0, 0.0, 0.0]])
    scores = torch.tensor([[2.0, 1.0, -1000.0]], requires_grad=True)
    loss = distillation(scores, teacher_probabilities=teacher)
    assert float(loss.detach()) == pytest.approx(math.log(1 + math.exp(-1)), rel=1e-5)
    (gradient,) = torch.autograd.grad(loss, scores)
    assert gradient[0].tolist() == pytest.approx([-1 / (1 + math.e), 1 / (1 + math.e), 0.0], abs=1e-6)


def test_the_gradient_is_student_less_teacher() -> None:
    scores = STUDENT.log().requires_grad_(True)
    loss = distillation(scores, teacher_probabilities=TEACHER, reduction="sum")
    (gradient,) = torch.autograd.grad(loss, scores)
    torch.testing.assert_close(gradient, STUDENT - TEACHER)


def test_half_precision_is_widened() -> None:
    exact = distillation(STUDENT.log().half().float(), teacher_probabilities=TEACHER.half().float())
    found = distillation(STUDENT.log().half(), teacher_probabilities=TEACHER.half())
    assert found.dtype is torch.float32
    assert torch.equal(found, exact)


def test_a_term_for_each_sense() -> None:
    scores = {"image": STUDENT.log(), "sound": TEACHER.log()}
    terms = Distillation(weight=3.0, reduction="sum").terms(scores, TEACHER)
    assert list(terms) == ["image_distillation", "sound_distillation"]
    assert float(terms["image_distillation"]) == pytest.approx(3 * BY_HAND, rel=1e-5)
    assert float(terms["sound_distillation"]) == pytest.approx(0.0, abs=1e-6)


def test_it_falls_in_five_steps() -> None:
    generator = torch.Generator().manual_seed(0)
    scores = torch.randn(6, 10, generator=generator).requires_grad_(True)
    teacher = torch.softmax(3 * torch.randn(6, 10, generator=generator), dim=1)
    optimiser = torch.optim.SGD([scores], lr=0.5)
    losses = []
    for _ in range(6):
        loss = distillation(scores, teacher_probabilities=teacher)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0]


def test_the_config_survives_json() -> None:
    config = Distillation(weight=0.5, reduction="sum")
    assert Distillation.model_validate_json(config.model_dump_json()) == config
