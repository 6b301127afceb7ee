"""Named streams of randomness: the same everywhere, never shared."""

import numpy as np
import pytest

from xmodal.seeding import stream


def test_the_same_seed_and_name_give_the_same_numbers_on_every_machine() -> None:
    assert stream(0, "scene").integers(0, 1000, 6).tolist() == GOLDEN_INTEGERS
    assert stream([1, 2, 3], "scene").random(2).tolist() == GOLDEN_RANDOM


GOLDEN_INTEGERS = [887, 711, 501, 169, 689, 507]
GOLDEN_RANDOM = [0.1183150312503074, 0.3819455037531916]


def test_names_and_seeds_give_different_streams() -> None:
    draws = [tuple(stream(seed, name).integers(0, 2**32, 4)) for seed in (0, 1, [0, 1], [1, 0]) for name in ("a", "b")]
    assert len(set(draws)) == len(draws)


def test_streams_are_uncorrelated() -> None:
    one, two = stream(0, "a").random(4000), stream(0, "b").random(4000)
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.05
    assert one.mean() == pytest.approx(0.5, abs=0.02)


def test_negative_seeds_are_refused() -> None:
    with pytest.raises(ValueError, match="non-negative"):
        stream(-1, "a")
