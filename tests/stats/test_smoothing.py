"""Smoothing against the sum that it stands for."""

import numpy as np
import pytest

from xmodal.seeding import stream
from xmodal.stats.smoothing import smoothed


def test_each_value_is_the_weighted_mean_of_those_up_to_it() -> None:
    values = stream(0, "noise").standard_normal(40)
    found = smoothed(values, 0.8)
    for place in range(40):
        weights = 0.8 ** np.arange(place, -1, -1)
        assert found[place] == pytest.approx(np.average(values[: place + 1], weights=weights))


def test_what_is_constant_stays_and_nothing_is_nothing() -> None:
    assert np.allclose(smoothed(np.full(5, 3.0), 0.99), 3.0)
    assert smoothed(np.zeros(0), 0.5).size == 0
    values = np.arange(4.0)
    assert smoothed(values, 0.0) is values


@pytest.mark.parametrize("weight", [-0.1, 1.0, 2.0])
def test_a_weight_must_forget(weight: float) -> None:
    with pytest.raises(ValueError, match="not in"):
        smoothed(np.arange(4.0), weight)
