"""Lines of text files as they really come: BOM, CRLF, stray bytes."""

from collections.abc import Iterator
from pathlib import Path

_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def encoding(path: Path) -> str:
    """The encoding that the file's byte order mark names; UTF-8 without one."""
    with path.open("rb") as file:
        head = file.read(3)
    return next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")


def mended(text: str) -> str:
    """Text read with `surrogateescape`: if bytes were not UTF-8, the whole is taken as Windows-1252."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return text


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """(line number from 1, line without its end) of every line that is not blank, streamed."""
    name = encoding(path)
    errors = "replace" if name == "utf-16" else "surrogateescape"
    with path.open(encoding=name, errors=errors, newline=None) as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, mended(line.rstrip("\n"))


def first_line(path: Path, *, limit_bytes: int = 65536) -> str:
    """The first line (at most `limit_bytes` of it); empty if it cannot be read. Never raises."""
    try:
        with path.open("rb") as file:
            head = file.read(limit_bytes)
        return head.decode(encoding(path), "replace").partition("\n")[0].strip()
    except OSError:
        return ""
