"""Tar shards in the WebDataset layout: where each member's bytes lie, read without unpacking anything.

A plain tar (no compression) holds `<key>.<extension>` members; those of one key are one item. The extension begins at
the first dot of the file's own name, so `walk/0001.speech.flac` is the entry `speech.flac` of the item `walk/0001`.
"""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xmodal.storage import UnsafePathError, inside


class ShardError(ValueError):
    """A tar that cannot be used, or that ends early, with one line of reason."""


@dataclass(frozen=True)
class Member:
    """One file in a shard."""

    key: str
    extension: str
    """From the first dot on, without it, in lower case; empty: the name has none."""
    offset_bytes: int
    size_bytes: int
    fault: str | None = None
    """Why it must not be used; None: it is good."""


def members(path: Path) -> Iterator[Member]:
    """Every regular file of a shard in order, bad ones with their `fault`.

    Raises:
        ShardError: not a plain tar, or the file ends in the middle; members before the cut were yielded.
    """
    end = path.stat().st_size
    try:
        with tarfile.open(path, "r:") as tar:
            for info in tar:
                if not info.isdir():
                    yield _member(info, path.parent, end)
            whole = end - tar.offset >= tarfile.BLOCKSIZE
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        raise ShardError(f"not a plain tar, or cut: {error}") from error
    if not whole:
        raise ShardError("the end mark is missing: the shard was cut")


def _member(info: tarfile.TarInfo, folder: Path, end: int) -> Member:
    place, _, name = info.name.rpartition("/")
    stem, _, extension = name.partition(".")
    key = f"{place}/{stem}" if place else stem
    fault = _fault(info, folder, end)
    return Member(key, extension.lower(), info.offset_data, info.size, fault)


def _fault(info: tarfile.TarInfo, folder: Path, end: int) -> str | None:
    if info.sparse is not None or not info.isreg():
        return "not a plain file (link, device or sparse)"
    if info.offset_data + info.size > end:
        return "the shard ends before it"
    try:
        inside(folder, info.name)
    except UnsafePathError as error:
        return str(error)
    return None
