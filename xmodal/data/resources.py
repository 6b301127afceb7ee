"""What a file is that is no data set: word vectors, WordNet tables, idx and HDF5 files, single pictures and sounds.

Judged by the first 64 KiB (after gunzip), so that a file of several gigabytes is described at once; only the words of
GloVe text, which states no count, are counted, up to `COUNTED_BYTES`.
"""

import gzip
import io
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from io import BufferedReader
from pathlib import Path

import numpy as np

from xmodal.data import containers, decode
from xmodal.data.decode import MediaError
from xmodal.data.vector_files import HEAD_BYTES, binary_words, layout_of, text_word

COUNTED_BYTES = 1 << 30
"""Lines are counted in this many bytes; beyond it the count is extrapolated."""
FOLDER_FILES = 20
"""Files of a folder that are looked at."""
_SHOWN_WORDS = 5
_BLOCK_BYTES = 1 << 20
_FAILURES = (OSError, EOFError, zlib.error)


@dataclass(frozen=True)
class Opening:
    """A file and how it begins."""

    path: Path
    head: bytes
    """Up to `HEAD_BYTES`, decompressed."""
    packed: bool
    """Whether it is compressed by gzip."""
    size_bytes: int
    """On disk."""

    def open(self) -> io.BufferedIOBase:
        """The content, decompressed."""
        return gzip.open(self.path, "rb") if self.packed else self.path.open("rb")

    @cached_property
    def lines(self) -> list[str]:
        """Complete lines of the head, as text."""
        text = self.head.decode("utf-8", "replace")
        lines = text.split("\n")
        return lines[:-1] if len(self.head) == HEAD_BYTES else [line for line in lines if line]


def describe(path: Path) -> str | None:
    """One line that says what the file (or a folder of such files) is; None if it is nothing known. Never raises."""
    if path.is_dir():
        return _folder(path)
    try:
        opening = _opening(path)
        if not opening.head:
            return None
        return next((text for kind in _KINDS if (text := kind(opening)) is not None), None)
    except _FAILURES:
        return None


def _opening(path: Path) -> Opening:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rb") if packed else path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return Opening(path, head, packed, path.stat().st_size)


def _folder(path: Path) -> str | None:
    """What the resources in it (and in folders just below) are; pictures and sounds alone make no resource."""
    files = sorted(file for depth in ("*", "*/*") for file in path.glob(depth) if file.is_file())[:FOLDER_FILES]
    found: list[str] = []
    for file in files:
        try:
            opening = _opening(file)
            text = next((text for kind in _TABLES if (text := kind(opening)) is not None), None)
        except _FAILURES:
            continue
        if text is not None:
            found.append(f"{file.relative_to(path).as_posix()}: {text}")
    return "; ".join(found) or None


def _hdf5(opening: Opening) -> str | None:
    if not opening.head.startswith(b"\x89HDF\r\n\x1a\n"):
        return None
    return f"HDF5 file of {opening.size_bytes:,} bytes: write its arrays as files with a table (docs/DATA.md) to import"


_IDX_TYPES = {
    0x08: (1, "unsigned bytes"),
    0x09: (1, "signed bytes"),
    0x0B: (2, "16-bit integers"),
    0x0C: (4, "32-bit integers"),
    0x0D: (4, "32-bit floats"),
    0x0E: (8, "64-bit floats"),
}
"""Type byte of an idx file -> bytes per value, name."""


def _idx(opening: Opening) -> str | None:
    head = opening.head
    if len(head) < 8 or head[:2] != b"\0\0" or head[2] not in _IDX_TYPES or not 1 <= head[3] <= 8:
        return None
    if len(head) < 4 + 4 * head[3]:
        return None
    sizes = struct.unpack(f">{head[3]}I", head[4 : 4 + 4 * head[3]])
    width, name = _IDX_TYPES[head[2]]
    shape = " x ".join(f"{size:,}" for size in sizes)
    expected = 4 + 4 * head[3] + width * int(np.prod(sizes, dtype=np.float64))
    found = opening.size_bytes if not opening.packed else _unpacked_bytes(opening, expected)
    note = "" if found == expected else f", but it has {found:,} bytes instead of {expected:,}"
    return f"idx file: {shape} {name}{note}"


def _unpacked_bytes(opening: Opening, expected: int) -> int:
    """Decompressed size, counted to just beyond `expected` (at most `COUNTED_BYTES`)."""
    count = 0
    try:
        with opening.open() as file:
            while count <= min(expected, COUNTED_BYTES) and (block := file.read(_BLOCK_BYTES)):
                count += len(block)
    except _FAILURES:
        return count
    return count


_SYNSET = re.compile(r"\d{8} \d\d [nvasr] ")
_INDEX = re.compile(r"\S+ [nvasr] \d+ \d+ ")
_LICENSE_LINE = re.compile(r"  \d+ ")


def _wordnet(opening: Opening) -> str | None:
    lines = opening.lines
    if lines and lines[0].split("\t")[:3] == ["synset", "lemmas", "hypernyms"]:
        return f"WordNet table: {_count_lines(opening)[0] - 1:,} synsets with lemmas and hypernyms"
    if not lines or not _LICENSE_LINE.match(lines[0]) or opening.packed:
        return None
    entry = next((line for line in lines if not line.startswith("  ")), "")
    licence = sum(line.startswith("  ") for line in lines)
    if _SYNSET.match(entry):
        return f"WordNet database, {opening.path.name}: {_count_lines(opening)[0] - licence:,} synsets"
    if _INDEX.match(entry):
        return f"WordNet database, {opening.path.name}: {_count_lines(opening)[0] - licence:,} lemmas"
    return None


def _count_lines(opening: Opening) -> tuple[int, bool]:
    """(lines, exact): all of them, or extrapolated from the first `COUNTED_BYTES` of a larger file."""
    count = seen = 0
    block = last = b""
    with opening.open() as file:
        while seen < COUNTED_BYTES and (block := file.read(_BLOCK_BYTES)):
            count += block.count(b"\n")
            seen += len(block)
            last = block
    if block and not opening.packed and opening.size_bytes > seen:
        return round(count * opening.size_bytes / seen), False
    return count + (bool(last) and not last.endswith(b"\n")), not block


def _word_vectors(opening: Opening) -> str | None:
    if (layout := layout_of(opening.head)) is None:
        return None
    if layout.kind == "word2vec binary":
        words = binary_words(opening.head[layout.starts_at :], layout.dims, _SHOWN_WORDS)
        least = layout.starts_at + (layout.count or 0) * (4 * layout.dims + 2)
        note = ", but the file ends early" if not opening.packed and opening.size_bytes < least else ""
        return f"word vectors, {layout.kind}: {_sized(layout.count or 0, layout.dims)}{note}, first {_listed(words)}"
    shown = opening.lines[: 4 * _SHOWN_WORDS] if layout.count is None else opening.lines[1 : 1 + _SHOWN_WORDS]
    words = [text_word(line, layout.dims) for line in shown]
    if None in words:
        return None
    count, exact = _count_lines(opening) if layout.count is None else (layout.count, True)
    about = "" if exact else "about "
    sized = f"{about}{_sized(count, layout.dims)}"
    return f"word vectors, {layout.kind}: {sized}, first {_listed([word or '' for word in words])}"


def _sized(count: int, dimensions: int) -> str:
    return f"{count:,} words x {dimensions} dimensions"


def _listed(words: list[str]) -> str:
    return ", ".join(repr(word) for word in words[:_SHOWN_WORDS])


def _media(opening: Opening) -> str | None:
    """A single picture, sound or video; why it cannot be used if it is a damaged one."""
    if opening.packed:
        return None
    reasons: list[str] = []
    with opening.path.open("rb") as file:
        for kind in (_picture, _video, _sound):
            try:
                file.seek(0)
                return kind(file)
            except MediaError as error:
                reasons.append(str(error))
    picture, _, sound = reasons
    if not picture.startswith("not a picture"):
        return f"unusable: {picture}"
    return None if sound.startswith("neither sound nor video") else f"unusable: {sound}"


def _picture(file: BufferedReader) -> str:
    pixels = decode.picture(file)
    return f"a picture of {pixels.shape[1]} x {pixels.shape[0]} pixels"


def _video(file: BufferedReader) -> str:
    pixels = decode.frame(file, at_s=0.0)
    seconds = containers.duration_s(file)
    length = "unknown length" if seconds is None else f"{seconds:.1f} s"
    return f"a video of {pixels.shape[1]} x {pixels.shape[0]} pixels, {length}"


def _sound(file: BufferedReader) -> str:
    sound = decode.waveform(file)
    return f"a sound of {sound.duration_s:.1f} s at {sound.rate_hz:,} Hz"


_TABLES: tuple[Callable[[Opening], str | None], ...] = (_hdf5, _idx, _wordnet, _word_vectors)
_KINDS: tuple[Callable[[Opening], str | None], ...] = (*_TABLES, _media)
