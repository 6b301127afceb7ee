"""Tables of rows on disk: CSV and relatives, JSON lines, Parquet; streamed, bad rows into the report."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from xmodal.data.readers import ReaderError, delimited
from xmodal.data.readers.text_lines import lines
from xmodal.data.report import Report

DELIMITED = frozenset({".csv", ".tsv", ".tab"})
JSON_LINES = frozenset({".jsonl", ".ndjson"})
PARQUET = frozenset({".parquet", ".pq"})
SUFFIXES = DELIMITED | JSON_LINES | PARQUET

Row = Mapping[str, Any]
_BATCH_ROWS = 4096
_JSON_HEAD = 50
"""JSON lines looked at to find the columns."""


def columns(path: Path) -> tuple[str, ...]:
    """Names of the table's columns.

    Raises:
        ReaderError: not readable as what its suffix says.
    """
    suffix = path.suffix.lower()
    try:
        if suffix in PARQUET:
            return tuple(pq.read_schema(path).names)
        if suffix in JSON_LINES:
            seen = dict.fromkeys(key for _, row in islice(_json_rows(path, Report()), _JSON_HEAD) for key in row)
            return tuple(seen)
        return delimited.header(path)
    except (OSError, pa.ArrowException, ValueError) as error:
        raise ReaderError(f"{path.name} is not readable as {suffix[1:]}: {str(error).splitlines()[0]}") from error


def rows(path: Path, report: Report) -> Iterator[tuple[int, Row]]:
    """(row number from 1, column -> value) in order; a bad row is reported and left out. Memory stays bounded."""
    suffix = path.suffix.lower()
    if suffix in PARQUET:
        return _parquet_rows(path, report)
    return _json_rows(path, report) if suffix in JSON_LINES else delimited.rows(path, report)


def _json_rows(path: Path, report: Report) -> Iterator[tuple[int, Row]]:
    for number, line in lines(path):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            report.skip(path.name, number, f"not JSON: {error}")
            continue
        if isinstance(row, dict):
            yield number, row
        else:
            report.skip(path.name, number, f"a JSON line must be an object {{...}}, found {line[:40]!r}")


def _parquet_rows(path: Path, report: Report) -> Iterator[tuple[int, Row]]:
    number = 0
    try:
        with pq.ParquetFile(path) as file:
            skipped = [field.name for field in file.schema_arrow if _holds_bytes(field.type)]
            if skipped:
                report.note(f"{path.name}: columns {', '.join(skipped)} hold bytes: export them as files")
            names = [name for name in file.schema_arrow.names if name not in skipped]
            for group in range(file.num_row_groups):
                for batch in file.iter_batches(_BATCH_ROWS, row_groups=[group], columns=names):
                    for row in batch.to_pylist():
                        number += 1
                        yield number, row
    except (OSError, pa.ArrowException) as error:
        report.skip(path.name, number + 1, f"damaged from here on: {str(error).splitlines()[0]}")


def _holds_bytes(kind: pa.DataType) -> bool:
    if pa.types.is_struct(kind):
        return any(_holds_bytes(kind.field(place).type) for place in range(kind.num_fields))
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
