"""The bad-row report for people and for spreadsheets."""

import csv as reader
import io

from xmodal.data.report import Report
from xmodal.ui.bad_rows_table import csv, table


def report() -> Report:
    made = Report(read=3)
    made.skip("a.csv", 1, 'a "quoted", reason')
    made.skip("=HYPERLINK(1)", 2, "-1 is negative")
    return made


def test_the_table_has_every_row() -> None:
    found = table(report())
    assert found.column_names == ["File", "Row", "Reason"]
    assert found["Row"].to_pylist() == ["1", "2"]
    assert table(Report()).num_rows == 0


def test_the_csv_reads_back_and_holds_no_formula() -> None:
    rows = list(reader.reader(io.StringIO(csv(report()).decode())))
    assert rows[0] == ["File", "Row", "Reason"]
    assert rows[1] == ["a.csv", "1", 'a "quoted", reason']
    assert rows[2] == ["'=HYPERLINK(1)", "2", "'-1 is negative"]
