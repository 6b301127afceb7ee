"""Files of word vectors: word2vec's text and binary form and GloVe's text, told apart by content, gzip or not.

Files of several gigabytes are read once from front to end: of a word that nobody asks for only the name is looked at.
"""

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float

from xmodal.errors import InputError

HEAD_BYTES = 65_536
"""How much of a file tells what it is."""
MOST_NAME_BYTES = 2000
"""Longest word that is believed."""
_NUMBER_BYTES = 40
"""Longest number of a text file that is believed."""
_BLOCK_BYTES = 1 << 20
_AGAIN = "copy or download it again"
_HEADER = re.compile(rb"(\d{1,9}) (\d{1,5})\r?\n")


@dataclass(frozen=True)
class Layout:
    """How a file of word vectors is written."""

    kind: Literal["word2vec text", "word2vec binary", "GloVe text"]
    dims: int
    """Numbers of a word."""
    count: int | None
    """Words that it says to have; GloVe's says nothing."""
    starts_at: int
    """Byte of the first word."""


@dataclass(frozen=True)
class Entry:
    """A word of a file."""

    word: str
    vector: Float[np.ndarray, "dims"]
    """float32, finite."""
    where: str
    """File and line, or number of the word, for messages."""


def layout_of(head: bytes) -> Layout | None:
    """What the first `HEAD_BYTES` of a file (decompressed) are, judged by the first word; None: no word vectors."""
    if (header := _HEADER.match(head)) is None:
        dims = head.partition(b"\n")[0].rstrip().count(b" ")
        return Layout("GloVe text", dims, None, 0) if dims >= 5 and _vector_of(head, dims) is not None else None
    count, dims = int(header[1]), int(header[2])
    if not count or not dims:
        return None
    words = head[header.end() :]
    if _vector_of(words, dims) is not None:
        return Layout("word2vec text", dims, count, header.end())
    kind = "word2vec binary" if binary_words(words, dims, 1) else None
    return Layout(kind, dims, count, header.end()) if kind else None


def _vector_of(text: bytes, dims: int) -> str | None:
    line = text.partition(b"\n")[0]
    return text_word(line.decode("utf-8", "replace"), dims)


def text_word(line: str, dims: int) -> str | None:
    """The word of `word 0.1 -0.2 ...`; None if that is not what the line is. (A word may hold spaces.)"""
    parts = line.rstrip().split(" ")
    if len(parts) <= dims:
        return None
    try:
        values = [float(part) for part in parts[-dims:]]
    except ValueError:
        return None
    return " ".join(parts[:-dims]) if np.isfinite(values).all() else None


def binary_words(content: bytes, dims: int, most: int) -> list[str]:
    """The first words of `word SPACE float32 ... [NEWLINE]`; empty if the bytes are something else."""
    words: list[str] = []
    place = 0
    while len(words) < most:
        gap = content.find(b" ", place, place + 200)
        end = gap + 1 + 4 * dims
        if gap < 0 or end > len(content):
            break
        values = np.frombuffer(content[gap + 1 : end], "<f4")
        try:
            word = content[place:gap].decode().lstrip("\n")
        except UnicodeDecodeError:
            return []
        if not word.isprintable() or not np.isfinite(values).all() or np.abs(values).max() > 1e4:
            return []
        words.append(word)
        place = end
    return words


def read_layout(path: Path) -> Layout:
    """How a file is written.

    Raises:
        InputError: missing, or no word vectors.
    """
    try:
        with _opened(path) as file:
            layout = layout_of(file.read(HEAD_BYTES))
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read ({str(error) or type(error).__name__}): {_AGAIN}") from error
    if layout is None:
        raise InputError(
            f"{path}: no word vectors: word2vec's text or binary form or GloVe's text is read, also as .gz"
        )
    return layout


def vectors_in(path: Path, wants: Callable[[str], bool]) -> Iterator[Entry]:
    """The words of a file that are wanted, in its order.

    `wants` is asked once for each word in turn. Words that are not UTF-8 are passed over: no text contains them.

    Raises:
        InputError: with the file and the line or the number of the word: cut off, another number of columns, a value
            that is not a finite number (of a wanted word), more or fewer words than the file says to have.
    """
    layout = read_layout(path)
    entries = _binary_entries if layout.kind == "word2vec binary" else _text_entries
    try:
        with _opened(path) as file:
            file.seek(layout.starts_at)
            yield from entries(file, layout, path, wants)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read to its end ({error}): {_AGAIN}") from error


def _opened(path: Path) -> io.BufferedIOBase:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")


def _text_entries(file: io.BufferedIOBase, layout: Layout, path: Path, wants: Callable[[str], bool]) -> Iterator[Entry]:
    longest = MOST_NAME_BYTES + layout.dims * _NUMBER_BYTES
    found, number = 0, 0 if layout.count is None else 1
    while line := file.readline(longest):
        number += 1
        if not (line := line.rstrip()):
            continue
        found += 1
        where = f"{path}, line {number}"
        columns = line.count(b" ")
        if columns < layout.dims:
            raise InputError(
                f"{where}: {columns} numbers instead of {layout.dims}: the file is cut off or damaged, {_AGAIN}"
            )
        name = line[: line.index(b" ")] if columns == layout.dims else line.rsplit(b" ", layout.dims)[0]
        if columns > layout.dims and _is_fraction(name.rpartition(b" ")[2]):
            raise InputError(f"{where}: more numbers than the {layout.dims} of the other words: correct or remove it")
        word = _decoded(name)
        if word is not None and wants(word):
            yield Entry(word, _numbers(line[len(name) + 1 :].split(b" "), where), where)
    _check_count(found, layout, path)


def _check_count(found: int, layout: Layout, path: Path) -> None:
    if layout.count is not None and found < layout.count:
        raise InputError(f"{path}: ends after {found:,} of the {layout.count:,} words it says to have: {_AGAIN}")
    if layout.count is not None and found > layout.count:
        raise InputError(f"{path}: has {found:,} words, its first line says {layout.count:,}: correct that line")


def _is_fraction(text: bytes) -> bool:
    """Whether it is a number of a vector; a word may end in a whole one (`route 66`)."""
    try:
        float(text)
    except ValueError:
        return False
    return b"." in text


def _numbers(values: list[bytes], where: str) -> Float[np.ndarray, "dims"]:
    try:
        with np.errstate(over="ignore"):
            vector = np.array([float(value) for value in values], np.float64).astype(np.float32)
    except ValueError as error:
        raise InputError(f"{where}: {error}: correct or remove the line") from error
    return _finite(vector, where)


def _finite(vector: Float[np.ndarray, "dims"], where: str) -> Float[np.ndarray, "dims"]:
    if not np.isfinite(vector).all():
        raise InputError(f"{where}: a value is not a finite number: the file is damaged, {_AGAIN}")
    return vector


def _decoded(name: bytes) -> str | None:
    try:
        return name.decode()
    except UnicodeDecodeError:
        return None


def _binary_entries(
    file: io.BufferedIOBase, layout: Layout, path: Path, wants: Callable[[str], bool]
) -> Iterator[Entry]:
    block, place, size = b"", 0, 4 * layout.dims
    for number in range(1, (layout.count or 0) + 1):
        where = f"{path}, word {number:,} of {layout.count:,}"
        if len(block) - place < MOST_NAME_BYTES + 2 + size:
            block, place = block[place:] + file.read(_BLOCK_BYTES), 0
        gap = block.find(b" ", place, place + MOST_NAME_BYTES + 2)
        if len(block) < (gap + 1 + size if gap >= 0 else place + MOST_NAME_BYTES + 2):
            raise InputError(f"{where}: the file ends in the middle of it: it is cut off, {_AGAIN}")
        if gap < 0:
            raise InputError(f"{where}: no word is there: the file is damaged, {_AGAIN}")
        word, place = _decoded(block[place:gap].lstrip(b"\n")), gap + 1 + size
        if word is not None and wants(word):
            vector = np.frombuffer(block[gap + 1 : place], "<f4").astype(np.float32)
            yield Entry(word, _finite(vector, where), where)
    if (block[place:] + file.read(_BLOCK_BYTES)).strip():
        raise InputError(f"{path}: goes on after the {layout.count:,} words it says to have: it is damaged, {_AGAIN}")
