import math

import pytest

from xmodal.training.schedule import Constant, Cosine, Staircase


def test_constant_after_a_linear_rise() -> None:
    assert [Constant().factor(step, steps=4, epoch_steps=2) for step in range(4)] == [1.0] * 4
    rising = Constant(warm_up=0.3)
    assert [rising.factor(step, steps=10, epoch_steps=5) for step in range(5)] == [0.25, 0.5, 0.75, 1.0, 1.0]


def test_staircase_of_the_paper() -> None:
    """By 10 every 30 epochs, here of 7 steps (matchmaps section 4.6)."""
    factors = [Staircase().factor(step, steps=630, epoch_steps=7) for step in (0, 209, 210, 419, 420)]
    assert factors == pytest.approx([1.0, 1.0, 0.1, 0.1, 0.01])
    assert Staircase(every_epochs=1, by=0.5).factor(3, steps=9, epoch_steps=1) == 0.125


def test_cosine_rises_then_falls_to_its_floor() -> None:
    cosine = Cosine(warm_up=0.1, floor=0.02)
    factors = [cosine.factor(step, steps=100, epoch_steps=10) for step in range(100)]
    assert factors[:3] == pytest.approx([1 / 11, 2 / 11, 3 / 11])
    assert factors[10] == 1.0
    assert factors[55] == pytest.approx(0.02 + 0.98 * 0.5)
    assert factors[10:] == sorted(factors[10:], reverse=True)
    assert factors[-1] == pytest.approx(0.02 + 0.49 * (1 + math.cos(math.pi * 89 / 90)))
    assert Cosine(warm_up=0.0).factor(0, steps=1, epoch_steps=1) == 1.0
