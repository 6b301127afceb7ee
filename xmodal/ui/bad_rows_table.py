"""The bad-row report as a table, and as CSV."""

import pyarrow as pa

from xmodal.data import spreadsheet
from xmodal.data.report import Report


def table(report: Report) -> pa.Table:
    """File, row, reason."""
    columns = {"File": "file", "Row": "row", "Reason": "reason"}
    return pa.table({title: [getattr(row, name) for row in report.rows] for title, name in columns.items()})


def csv(report: Report) -> bytes:
    """The same for a spreadsheet."""
    return spreadsheet.csv(table(report))
