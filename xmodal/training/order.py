"""In which order an epoch reads its pairs."""

import numpy as np
from jaxtyping import Int


def batches(
    lengths: Int[np.ndarray, "pairs"], size: int, pool: int, generator: np.random.Generator
) -> Int[np.ndarray, "steps size"]:
    """Positions of the pairs of every step of an epoch: whole batches only, each pair at most once.

    Pairs are shuffled. With a `pool` of 1 they are read so. With more (ours), as many batches at a time are cut from
    the pairs in the order of their captions' lengths, and all batches are shuffled: captions of a batch are then
    about as long as each other, and little is padded.

    Args:
        lengths: frames or words of each caption.
        size: pairs of a batch, 1..pairs.
        pool: batches that are filled together, at least 1.
    """
    order = generator.permutation(len(lengths))
    steps = len(order) // size
    if pool == 1:
        return order[: steps * size].reshape(steps, size)
    cut = []
    for first in range(0, steps, pool):
        some = order[first * size : min(first + pool, steps) * size]
        cut.append(some[np.argsort(lengths[some], kind="stable")].reshape(-1, size))
    return np.concatenate(cut)[generator.permutation(steps)]
