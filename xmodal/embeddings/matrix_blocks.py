"""A table's matrix, block after block, as float32."""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Bool, Float, Float32, Int64

_SEEN_BYTES = 32 << 20
"""Vectors of one block that is only looked at."""
_COPIED_BYTES = 4 << 20
"""Vectors of one block that is copied (widened or gathered): they stay in the processor's cache."""

Block = tuple[Int64[np.ndarray, "rows"], Float32[np.ndarray, "rows dim"]]
"""Positions and vectors."""


def blocks(vectors: Float[np.ndarray, "rows dim"], allowed: Bool[np.ndarray, "rows"] | None = None) -> Iterator[Block]:
    """The allowed rows in ascending order; float32 rows without a mask are views."""
    copied = allowed is not None or vectors.dtype != np.float32
    count = max(1, (_COPIED_BYTES if copied else _SEEN_BYTES) // (4 * max(1, vectors.shape[1])))
    for first in range(0, len(vectors), count):
        part = vectors[first : first + count]
        inside = None if allowed is None else allowed[first : first + count]
        if inside is None or inside.all():
            yield np.arange(first, first + len(part)), widened(part)
        elif inside.any():
            places = np.flatnonzero(inside)
            yield first + places, widened(part[places])


def widened(vectors: Float[np.ndarray, "rows dim"]) -> Float32[np.ndarray, "rows dim"]:
    """float16 as float32, exactly, for finite numbers; float32 as it is.

    The bits of a float16 that stand in a float32's place make its value times 2^-112 (their exponents are biased by 15
    and 127): three passes over whole words, four times faster than NumPy's conversion, which goes number by number.
    """
    if vectors.dtype == np.float32:
        return vectors
    wide = vectors.view(np.int16).astype(np.int32)  # the sign is copied into all the upper bits
    wide <<= 13
    wide &= np.int32(-0x70000001)  # and is left in the uppermost alone
    numbers = wide.view(np.float32)
    numbers *= np.float32(2.0**112)
    return numbers
