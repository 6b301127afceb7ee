"""One progress interface for terminal, job and page."""

import contextlib
import json
import os
import sys
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import TextIOBase
from pathlib import Path
from typing import TypeVar

from xmodal.storage import atomic_write

T = TypeVar("T")

VARIABLE = "XMODAL_PROGRESS"
"""Environment variable with the file into which a command tells how far it is, beside its terminal."""


class Progress(ABC):
    """Told about work done; whoever shows it decides how."""

    @abstractmethod
    def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        """`done` of `total` items of `stage` are finished (`total` None: unknown); the note is for people."""


class Silent(Progress):
    """Shows nothing."""

    def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        """Ignore."""


class Terminal(Progress):
    """A line on a terminal, rewritten at most five times a second; plain lines every 10 s where there is none."""

    def __init__(self, stream: TextIOBase | None = None) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._live = self._stream.isatty()
        self._stage = ""
        self._start = 0.0
        self._first = 0
        self._shown = 0.0

    def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        """Print stage, count, share, rate and the time left (of what was done since the stage was first named)."""
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._start, self._shown = stage, now, 0.0 if self._live else now
            self._first = done if done > 1 else 0  # work that went on from before took none of this time
        finished = total is not None and done >= total
        if now - self._shown < (0.2 if self._live else 10.0) and not finished:
            return
        self._shown = now
        line = describe(stage, done, total, now - self._start, before=self._first) + note
        self._stream.write(f"\r\x1b[2K{line}" if self._live else f"{line}\n")
        if finished:
            self._stage = ""
            self._stream.write("\n" if self._live else "")
        self._stream.flush()


RECENT_S = 60.0
"""What was done in this time tells how long the rest takes: older work may have been found done, or been easier."""


class Recorded(Progress):
    """Keeps the newest state in a small JSON file, replaced at most twice a second, for whoever watches."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stage = ""
        self._recent: deque[tuple[float, int]] = deque()

    def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        """Replace the file; `elapsed_s` and `before` are for `describe`, about the last minute of this stage."""
        now = time.monotonic()
        if stage != self._stage:
            self._stage = stage
            self._recent.clear()
        elif now - self._recent[-1][0] < 0.5 and done != total:
            return
        self._recent.append((now, done))
        while now - self._recent[0][0] > RECENT_S and len(self._recent) > 2:
            self._recent.popleft()
        began, before = self._recent[0]
        pace = {"elapsed_s": round(now - began, 1), "before": before}
        content = {"stage": stage, "done": done, "total": total, "note": note} | pace
        with contextlib.suppress(OSError):  # work goes on if nobody can be told, as on a full disk
            atomic_write(self._path, json.dumps(content))


@dataclass(frozen=True)
class Told:
    """What `Recorded` wrote."""

    stage: str
    done: int
    total: int | None
    note: str
    elapsed_s: float
    """Time in which the newest items were done."""
    before: int
    """How many were done before that time."""

    @property
    def share(self) -> float | None:
        """From 0 to 1, where a total is known."""
        return None if self.total is None else min(1.0, self.done / max(self.total, 1))

    def __str__(self) -> str:
        """One line for people."""
        return describe(self.stage, self.done, self.total, self.elapsed_s, before=self.before) + self.note


def read(path: Path) -> Told | None:
    """What `Recorded` wrote last; None if there is nothing, or nothing of ours."""
    try:
        found = json.loads(path.read_bytes())
        total = None if found["total"] is None else int(found["total"])
        pace = float(found.get("elapsed_s", 0.0)), int(found.get("before", 0))
        return Told(str(found["stage"]), int(found["done"]), total, str(found.get("note", "")), *pace)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


class Several(Progress):
    """Tells each of several."""

    def __init__(self, *listeners: Progress) -> None:
        self._listeners = listeners

    def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        """Pass it on."""
        for listener in self._listeners:
            listener.update(stage, done, total, note)


def told() -> Progress:
    """For a command: its terminal, and the file that `VARIABLE` names."""
    file = os.environ.get(VARIABLE)
    return Several(Terminal(), Recorded(Path(file))) if file else Terminal()


def describe(stage: str, done: int, total: int | None, elapsed_s: float, *, before: int = 0) -> str:
    """One line: `Reading 120 of 400 (30 %), 61 a second, 5 s left`; `before` were done when the time began."""
    rate = (done - before) / elapsed_s if elapsed_s > 0 else 0.0
    speed = f", {rate:,.0f} a second" if rate >= 1 else ""
    if total is None:
        return f"{stage} {done:,}{speed}"
    share = f"{stage} {done:,} of {total:,} ({100 * done // max(total, 1)} %)"
    left = f", {clock(round((total - done) / rate))} left" if 0 < done < total and rate > 0 else ""
    return share + speed + left


def clock(seconds: int) -> str:
    """`45 s`, `3 min 05 s`, `2 h 10 min`."""
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


def track(items: Iterable[T], progress: Progress, *, stage: str, total: int | None = None) -> Iterator[T]:
    """Iterate and report each finished item."""
    done = 0
    for done, item in enumerate(items, start=1):
        yield item
        progress.update(stage, done, total)
    if total is None or done == 0:
        progress.update(stage, done, done)
