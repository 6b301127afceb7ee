"""Tables for spreadsheets."""

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.csv

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would take a cell that begins so for a formula."""


def csv(shown: pa.Table) -> bytes:
    """A table as CSV, UTF-8; texts that look like formulas get an apostrophe in front."""
    safe = [[_cell(value) for value in column.to_pylist()] for column in shown.columns]
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(pa.table(safe, names=shown.column_names), sink)
    return sink.getvalue().to_pybytes()


def csv_of(rows: Sequence[Mapping[str, object]]) -> bytes:
    """The same of rows with the same columns each."""
    return csv(pa.Table.from_pylist([dict(row) for row in rows]))


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value
