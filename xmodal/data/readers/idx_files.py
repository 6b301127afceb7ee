"""The idx format of MNIST: two zero bytes, type, number of axes, big-endian sizes, values; often compressed by gzip."""

import gzip
import io
import math
import struct
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
from jaxtyping import UInt8

MOST_BYTES = 1 << 30
_UNSIGNED_BYTES = 8


class IdxError(ValueError):
    """Not an idx file of unsigned bytes, or damaged."""


def read(path: Path) -> UInt8[np.ndarray, "..."]:
    """The array, read-only; the last few files are kept in memory until they change on disk.

    Raises:
        IdxError: missing, another type, shorter than its header says, or larger than `MOST_BYTES`.
    """
    try:
        return _kept(path, path.stat().st_mtime_ns)
    except (OSError, EOFError, zlib.error) as error:
        raise IdxError(f"{path.name} cannot be read: {error}") from error


@lru_cache(maxsize=4)
def _kept(path: Path, changed_ns: int) -> UInt8[np.ndarray, "..."]:
    del changed_ns
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rb") if packed else path.open("rb") as file:
        return _array(file, path.name)


def _array(file: io.BufferedIOBase, name: str) -> UInt8[np.ndarray, "..."]:
    head = file.read(4)
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] != _UNSIGNED_BYTES or not 1 <= head[3] <= 4:
        raise IdxError(f"{name} is not an idx file of unsigned bytes: it begins with {head!r}")
    sizes = file.read(4 * head[3])
    if len(sizes) != 4 * head[3]:
        raise IdxError(f"{name} ends within its header")
    shape = struct.unpack(f">{head[3]}I", sizes)
    count = math.prod(shape)
    if count > MOST_BYTES:
        raise IdxError(f"{name} claims {count:,} values: at most {MOST_BYTES:,} are read")
    content = file.read(count)
    if len(content) != count:
        raise IdxError(f"{name} holds {len(content):,} values, its header says {count:,}")
    return np.frombuffer(content, np.uint8).reshape(shape)
