"""A cosine, unit by unit."""

import numpy as np
import pytest

from tests.embeddings.drawn import unit, vectors
from xmodal.embeddings.shared_units import shared_units


def test_a_hand_worked_pair() -> None:
    found = shared_units(np.array([3.0, 0.0, -4.0, 0.0]), np.array([4.0, 3.0, 0.0, 0.0]), 2)
    assert found.cosine == pytest.approx(0.48)
    assert (found.units.tolist(), found.parts.tolist()) == ([0], [pytest.approx(0.48)])
    assert (found.both, found.neither, found.one, found.firing) == (pytest.approx(0.48), 0.0, 0.0, 1)
    apart = shared_units(np.array([1.0, -1.0]), np.array([-1.0, -1.0]), 5)
    assert (apart.cosine, apart.neither, apart.one) == (pytest.approx(0.0), pytest.approx(0.5), pytest.approx(-0.5))
    assert apart.units.size == 0


def test_it_is_what_a_loop_over_units_finds() -> None:
    for query, answer in vectors(12).reshape(6, 2, -1):
        one, other = unit(np.stack([query, answer]))
        parts = [float(one[place] * other[place]) for place in range(len(one))]
        fires = [place for place in range(len(one)) if one[place] > 0 and other[place] > 0]
        silent = [place for place in range(len(one)) if one[place] <= 0 and other[place] <= 0]
        best = sorted(fires, key=lambda place: (-parts[place], place))[:4]
        found = shared_units(query, answer, 4)
        assert found.units.tolist() == best
        assert found.parts == pytest.approx([parts[place] for place in best], abs=1e-6)
        assert found.both == pytest.approx(sum(parts[place] for place in fires), abs=1e-6)
        assert found.neither == pytest.approx(sum(parts[place] for place in silent), abs=1e-6)
        assert found.firing == len(fires)
        assert found.cosine == pytest.approx(sum(parts), abs=1e-6)
        assert found.both + found.neither + found.one == pytest.approx(found.cosine, abs=1e-6)


def test_zeros_share_nothing_and_other_numbers_are_refused() -> None:
    found = shared_units(np.zeros(3), np.ones(3), 3)
    assert (found.cosine, found.units.size) == (0.0, 0)
    with pytest.raises(ValueError, match="NaN"):
        shared_units(np.array([np.nan, 1.0]), np.ones(2), 1)
