"""The bad-row report as a table, and as CSV."""

import pyarrow as pa
import pyarrow.csv

from xmodal.data.report import Report

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would take a cell that begins so for a formula."""


def table(report: Report) -> pa.Table:
    """File, row, reason."""
    columns = {"File": "file", "Row": "row", "Reason": "reason"}
    return pa.table({title: [getattr(row, name) for row in report.rows] for title, name in columns.items()})


def csv(report: Report) -> bytes:
    """The same for a spreadsheet, UTF-8; cells that look like formulas get an apostrophe in front."""
    shown = table(report)
    safe = [[_cell(value) for value in column.to_pylist()] for column in shown.columns]
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(pa.table(safe, names=shown.column_names), sink)
    return sink.getvalue().to_pybytes()


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA_SIGNS) else value
