"""Progress says how much is done and how long it will take, on a terminal, in a file, or nowhere."""

import io
import json
from pathlib import Path

import pytest

from xmodal import progress
from xmodal.progress import Recorded, Several, Silent, Terminal, clock, describe, track


class Clock:
    """A clock that a test turns."""

    now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_words_for_people() -> None:
    assert describe("Reading", 0, 400, 0.0) == "Reading 0 of 400 (0 %)"
    assert describe("Reading", 120, 400, 2.0) == "Reading 120 of 400 (30 %), 60 a second, 5 s left"
    assert describe("Reading", 400, 400, 2.0) == "Reading 400 of 400 (100 %), 200 a second"
    assert describe("Reading", 12_000, None, 2.0) == "Reading 12,000, 6,000 a second"
    assert describe("Nothing", 0, 0, 1.0) == "Nothing 0 of 0 (0 %)"
    assert [clock(seconds) for seconds in (45, 185, 7800)] == ["45 s", "3 min 05 s", "2 h 10 min"]


def test_a_terminal_is_rewritten_at_most_five_times_a_second(turned: Clock) -> None:
    screen = Screen()
    shown = Terminal(screen)
    for done in range(1, 101):
        turned.now_s += 0.01
        shown.update("Working", done, 100)
    text = screen.getvalue()
    assert text.count("\r") <= 7
    assert text.endswith("(100 %), 101 a second\n") or "(100 %)" in text.splitlines()[-1]


def test_a_log_gets_plain_lines_now_and_then(turned: Clock) -> None:
    log = io.StringIO()
    shown = Terminal(log)
    for done in range(1, 251):
        turned.now_s += 0.1
        shown.update("Working", done, 250)
    assert log.getvalue().count("\n") == 3
    assert "\r" not in log.getvalue()
    assert "\x1b" not in log.getvalue()


def test_a_record_can_be_read_at_any_time(tmp_path: Path, turned: Clock) -> None:
    record = tmp_path / "state.json"
    shown = Several(Silent(), Recorded(record))
    shown.update("Working", 1, 10)
    told = {"stage": "Working", "done": 1, "total": 10, "note": "", "elapsed_s": 0.0, "before": 1}
    assert json.loads(record.read_text()) == told
    turned.now_s += 0.1
    shown.update("Working", 2, 10)
    assert json.loads(record.read_text())["done"] == 1
    shown.update("Working", 10, 10)
    assert json.loads(record.read_text())["done"] == 10


def test_a_record_tells_the_pace_of_the_last_minute(tmp_path: Path, turned: Clock) -> None:
    """Work found done at first (100 at once) says nothing about the rest."""
    record = tmp_path / "state.json"
    shown = Recorded(record)
    shown.update("Working", 0, 400)
    for done in range(100, 260):
        turned.now_s += 1.0
        shown.update("Working", done, 400)
    seen = json.loads(record.read_text())
    assert (seen["elapsed_s"], seen["done"] - seen["before"]) == (60.0, 60)
    assert describe("Working", 259, 400, seen["elapsed_s"], before=seen["before"]).endswith(
        "1 a second, 2 min 21 s left"
    )
    shown.update("Else", 0, 9)
    assert json.loads(record.read_text())["elapsed_s"] == 0.0


class Told(progress.Progress):
    def __init__(self) -> None:
        self.calls: list[tuple[str, int, int | None]] = []

    def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        assert note == ""
        self.calls.append((stage, done, total))


def test_tracking_reports_every_finished_item_and_the_end() -> None:
    told = Told()
    assert list(track("abc", told, stage="S", total=3)) == ["a", "b", "c"]
    assert told.calls == [("S", 1, 3), ("S", 2, 3), ("S", 3, 3)]
    told = Told()
    assert list(track([], told, stage="S")) == []
    assert told.calls == [("S", 0, 0)]
