"""The order of an epoch."""

import numpy as np
import pytest

from xmodal.seeding import stream
from xmodal.training.order import batches

LENGTHS = stream(0, "lengths").integers(1, 1000, 107)


@pytest.mark.parametrize("pool", [1, 4, 100])
@pytest.mark.parametrize("size", [1, 10, 107])
def test_whole_batches_of_different_pairs(size: int, pool: int) -> None:
    found = batches(LENGTHS, size, pool, stream(1, "order"))
    assert found.shape == (107 // size, size)
    assert len(np.unique(found)) == found.size
    assert found.min() >= 0
    assert found.max() < 107


def test_without_a_pool_pairs_come_as_shuffled() -> None:
    found = batches(LENGTHS, 10, 1, stream(1, "order"))
    assert found.flatten().tolist() == stream(1, "order").permutation(107)[:100].tolist()


def test_a_pool_brings_like_lengths_together_in_another_order_every_time() -> None:
    alone, pooled = (batches(LENGTHS, 10, pool, stream(1, "order")) for pool in (1, 5))
    padded = [(LENGTHS[each].max(axis=1, keepdims=True) - LENGTHS[each]).mean() for each in (alone, pooled)]
    assert padded[1] < padded[0] / 3
    shortest = LENGTHS[pooled].max(axis=1)
    assert (np.diff(shortest) < 0).any()
    assert not np.array_equal(pooled, batches(LENGTHS, 10, 5, stream(2, "order")))
    np.testing.assert_array_equal(pooled, batches(LENGTHS, 10, 5, stream(1, "order")))
