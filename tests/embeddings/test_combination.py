"""Several queries as one."""

import numpy as np
import pytest

from xmodal.embeddings.combination import combined
from xmodal.errors import InputError

EAST, NORTH = np.array([5.0, 0, 0], np.float32), np.array([0, 0.1, 0], np.float32)


def test_lengths_do_not_count_but_weights_do() -> None:
    np.testing.assert_allclose(combined(np.stack([EAST, NORTH]), [1, 1]), [0.5**0.5, 0.5**0.5, 0], atol=1e-6)
    np.testing.assert_allclose(combined(np.stack([EAST, NORTH]), [3, 4]), [0.6, 0.8, 0], atol=1e-6)
    np.testing.assert_allclose(combined(np.stack([EAST, NORTH]), [3, -4]), [0.6, -0.8, 0], atol=1e-6)
    np.testing.assert_allclose(combined(np.stack([EAST, NORTH]), np.array([0.0, -2.0])), [0, -1, 0], atol=1e-6)


def test_a_query_of_weight_zero_may_be_anything() -> None:
    np.testing.assert_allclose(combined(np.stack([EAST, EAST * np.nan]), [1, 0]), [1, 0, 0])


@pytest.mark.parametrize(
    ("vectors", "weights", "message"),
    [
        ([EAST, EAST * 3], [1, -1], "cancel each other out"),
        ([EAST, -EAST], [2, 2], "cancel each other out"),
        ([EAST, NORTH], [0, 0], "nothing is asked for"),
        ([EAST, NORTH * 0], [1, 1], "says nothing"),
        ([EAST, NORTH * np.nan], [1, 1], "vector 1 holds NaN"),
        ([EAST], [np.inf], "weight is not a number"),
    ],
)
def test_what_is_no_query(vectors: list[np.ndarray], weights: list[float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        combined(np.stack(vectors), weights)


def test_nothing_and_too_few_weights() -> None:
    with pytest.raises(InputError, match="nothing is asked for"):
        combined(np.empty((0, 3), np.float32), [])
    with pytest.raises(ValueError, match="2 queries need as many weights, not 1"):
        combined(np.stack([EAST, NORTH]), [1.0])
