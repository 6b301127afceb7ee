"""Large JSON files element by element: annotation files of hundreds of megabytes without holding them in memory.

Only the outermost level is taken apart: `{"images": [...], "annotations": [...], "info": {...}}` or a plain `[...]`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

_CHUNK_BYTES = 1 << 20
_MAX_ELEMENT_BYTES = 64 << 20
_SPACE = " \t\r\n\ufeff\xef\xbb\xbf"  # the byte order mark as it looks when each byte is one sign

_NUMBER_GOES_ON = ("", *".eE+-0123456789")


class JsonError(ValueError):
    """Not JSON from some byte on, with one line of reason."""


@dataclass(frozen=True)
class Element:
    """One element of an outermost list, or one outermost value."""

    key: str
    """Key of the list it is in; empty for a plain list."""
    value: Any
    offset_bytes: int
    """Where it begins in the file."""
    size_bytes: int


def elements(path: Path) -> Iterator[Element]:
    """Every element of every outermost list in file order; outermost values that are no lists come as one element.

    Raises:
        JsonError: the file is damaged at some byte; what came before has been yielded.
        OSError: not readable.
    """
    with path.open("rb") as file:
        text = _Window(file)
        sign = text.sign()
        if sign == "[":
            yield from _listed(text, "")
        elif sign == "{":
            yield from _keyed(text)
        else:
            raise JsonError(f"not JSON: it begins with {sign!r}")


def element(file: BinaryIO, offset_bytes: int, size_bytes: int) -> Any:
    """One element by its place.

    Raises:
        JsonError: there is no JSON value there: the file has changed.
    """
    if size_bytes > _MAX_ELEMENT_BYTES:
        raise JsonError(f"{size_bytes} bytes for one element is too much")
    file.seek(offset_bytes)
    try:
        return json.loads(file.read(size_bytes))
    except (ValueError, RecursionError) as error:
        raise JsonError(f"no JSON value at byte {offset_bytes}: the file has changed, import the data again") from error


class _Window:
    """A moving piece of the file, one sign per byte, so that places in it are bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._text = ""
        self._start = 0
        self._place = 0
        self._decoder = json.JSONDecoder()

    def sign(self) -> str:
        """The next sign that is no space, not taken; empty at the end."""
        while True:
            while self._place < len(self._text) and self._text[self._place] in _SPACE:
                self._place += 1
            if self._place < len(self._text):
                return self._text[self._place]
            if not self._more():
                return ""

    def take(self, wanted: str) -> str:
        """Take the next sign, which must be one of `wanted`."""
        sign = self.sign()
        if not sign or sign not in wanted:
            found = repr(sign) if sign else "the end of the file"
            raise JsonError(
                f"damaged at byte {self._start + self._place}: expected {' or '.join(wanted)}, found {found}"
            )
        self._place += 1
        return sign

    def value(self) -> tuple[Any, int, int]:
        """Take a whole value: (value, offset, size)."""
        self.sign()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._place)
                cut_number = len(self._text) - end < 32 and self._text[end : end + 1] in _NUMBER_GOES_ON
                if cut_number and self._more():
                    continue
                break
            except (ValueError, RecursionError) as error:
                if len(self._text) - self._place > _MAX_ELEMENT_BYTES or not self._more():
                    raise JsonError(f"damaged at byte {self._start + self._place}: {error}") from error
        begin, self._place = self._place, end
        piece = self._text[begin:end]
        if not piece.isascii():
            value = json.loads(piece.encode("latin-1").decode("utf-8", "replace"))
        return value, self._start + begin, end - begin

    def _more(self) -> bool:
        """Read on, as much again as is held (long elements cost linear time in all); False at the end."""
        rest = self._text[self._place :]
        chunk = self._file.read(max(_CHUNK_BYTES, len(rest)))
        self._start += self._place
        self._text, self._place = rest + chunk.decode("latin-1"), 0
        return bool(chunk)


def _keyed(text: _Window) -> Iterator[Element]:
    text.take("{")
    if text.sign() == "}":
        return
    while True:
        key = str(text.value()[0])
        text.take(":")
        if text.sign() == "[":
            yield from _listed(text, key)
        else:
            yield Element(key, *text.value())
        if text.take(",}") == "}":
            return


def _listed(text: _Window, key: str) -> Iterator[Element]:
    text.take("[")
    if text.sign() == "]":
        text.take("]")
        return
    while True:
        yield Element(key, *text.value())
        if text.take(",]") == "]":
            return
