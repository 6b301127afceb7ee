"""The metrics of a run that is being trained, read on from where the last look ended."""

import json
import os
import threading
from pathlib import Path
from typing import Any


class Followed:
    """Lines of one `metrics.jsonl`; safe to share between threads.

    A look costs what was written since the last one. A file that was replaced or has become shorter (a resumed run
    writes its lines again) is read from the beginning.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._file: tuple[int, int] | None = None
        """Device and number of the file that was read."""
        self._read_bytes = 0
        self._lines: list[dict[str, Any]] = []

    def lines(self) -> tuple[dict[str, Any], ...]:
        """Every whole line so far; one that is being written is left for the next look."""
        with self._lock:
            self._look()
            return tuple(self._lines)

    def _look(self) -> None:
        try:
            with self._path.open("rb") as file:
                status = os.fstat(file.fileno())
                same = self._file == (status.st_dev, status.st_ino) and status.st_size >= self._read_bytes
                if not same:
                    self._file, self._read_bytes, self._lines = (status.st_dev, status.st_ino), 0, []
                file.seek(self._read_bytes)
                new = file.read(status.st_size - self._read_bytes)
        except FileNotFoundError:
            self._file, self._read_bytes, self._lines = None, 0, []
            return
        whole = new[: new.rfind(b"\n") + 1]
        self._read_bytes += len(whole)
        for line in whole.splitlines():
            try:
                entry = json.loads(line)
            except ValueError:  # cut off by a kill
                continue
            if isinstance(entry, dict):
                self._lines.append(entry)
