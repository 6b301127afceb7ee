"""CSV and its relatives as people write them: any delimiter, byte order mark, CRLF, quotes over lines, odd bytes."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from xmodal.data.readers.text_lines import encoding, mended
from xmodal.data.report import Report

DELIMITERS = (",", "\t", ";", "|")
_MAX_CELL = 131_072  # csv's own default limit; a quote that never closes ends there


def header(path: Path) -> tuple[str, ...]:
    """Names of the columns from the first line, stripped; empty for an empty file."""
    with _opened(path) as file:
        first = next(csv.reader(file, delimiter=delimiter(path)), [])
    return tuple(mended(cell).strip() for cell in first)


def delimiter(path: Path) -> str:
    """The sign that splits the first lines into the most columns of equal count."""
    with _opened(path) as file:
        head = [file.readline(65536) for _ in range(10)]
    sample = [line for line in head if line.strip()]
    best, best_score = ",", (0, 0)
    for sign in DELIMITERS:
        widths = [len(row) for row in csv.reader(sample, delimiter=sign)]
        if not widths or widths[0] < 2:
            continue
        score = (sum(width == widths[0] for width in widths), widths[0])
        if score > best_score:
            best, best_score = sign, score
    return best


def rows(path: Path, report: Report) -> Iterator[tuple[int, dict[str, str]]]:
    """(row number from 1, column -> cell) of each well-formed row, streamed; the others go to the report."""
    names = header(path)
    with _opened(path) as file:
        table = csv.reader(file, delimiter=delimiter(path))
        next(table, None)
        for number, cells in _numbered(table, path, report):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) < len(names) or any(cell.strip() for cell in cells[len(names) :]):
                reason = f"{len(cells)} cells, the header has {len(names)}: quote cells that hold the delimiter"
                report.skip(path.name, number, reason)
                continue
            yield number, {name: mended(cell).strip() for name, cell in zip(names, cells, strict=False)}


def _numbered(table: Iterator[list[str]], path: Path, report: Report) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while True:
        number += 1
        try:
            yield number, next(table)
        except StopIteration:
            return
        except csv.Error as error:
            hint = (
                f"a quote that never closes? (a cell is longer than {_MAX_CELL} signs)" if "limit" in str(error) else ""
            )
            report.skip(path.name, number, f"not readable as a table row: {hint or error}")


def _opened(path: Path) -> TextIO:
    name = encoding(path)
    errors = "replace" if name == "utf-16" else "surrogateescape"
    return path.open(encoding=name, errors=errors, newline="")
