"""Seed -> named random generators: every stream of randomness has a name, and streams never share state."""

import zlib
from collections.abc import Sequence

import numpy as np


def stream(seed: int | Sequence[int], name: str) -> np.random.Generator:
    """A generator that depends on the seed (one non-negative integer or several) and the stream's name alone.

    Philox is counter-based integer arithmetic: `integers`, `random` and `permutation` give the same bits on every
    machine. `normal` and `exponential` may differ in the last bit where libm differs; the latent scene avoids them.
    """
    words = [seed] if isinstance(seed, int) else list(seed)
    entropy = [int(word) for word in words] + [zlib.crc32(name.encode())]
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(entropy)))
