"""The bad-row report counts everything and keeps enough."""

from pathlib import Path

import pytest

from xmodal.data.report import BadRow, Report


def test_it_survives_the_disk(tmp_path: Path) -> None:
    report = Report(read=3)
    report.skip(Path("a") / "b.csv", 7, "wrong\n  column  'x'")
    report.note("licence: CC0")
    report.note("licence: CC0")
    report.save(tmp_path / "report.json")
    again = Report.load(tmp_path / "report.json")
    assert again == report
    assert again.rows == [BadRow("a/b.csv", "7", "wrong column 'x'")]
    assert again.notes == ["licence: CC0"]
    assert Report.load(tmp_path / "nothing") == Report()


def test_it_counts_beyond_what_it_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Report, "LIMIT", 3)
    report = Report()
    for row in range(10):
        report.skip("f", row, "missing file: x" if row % 2 else "duplicate id 'y'")
    assert (report.total, len(report.rows)) == (10, 3)
    assert report.by_reason() == {"duplicate id": 2, "missing file": 1}
