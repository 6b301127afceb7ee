"""Renditions kept on disk under a digest, bounded in size: the least recently used go first."""

import os
import threading
from pathlib import Path

from xmodal.storage import atomic_write
from xmodal.ui.views.rendition import SUFFIXES, Rendition

LIMIT_BYTES = 1_000_000_000
KEPT = 0.8
"""Share of the limit that is left after clearing."""


class MediaCache:
    """Files under one folder; safe to share between threads, and between processes (writes are atomic)."""

    def __init__(self, folder: Path, *, limit_bytes: int = LIMIT_BYTES) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._bytes: int | None = None

    def get(self, key: str) -> Path | None:
        """The file of that key, marked as used just now; None if there is none."""
        for suffix in SUFFIXES.values():
            path = self._path(key, suffix)
            try:
                os.utime(path)
            except OSError:
                continue
            return path
        return None

    def put(self, key: str, rendition: Rendition) -> Path:
        """Write a rendition and return its file; old ones are deleted when the limit is passed."""
        path = self._path(key, SUFFIXES[rendition.media_type])
        atomic_write(path, rendition.content)
        with self._lock:
            known = self._bytes
            self._bytes = self._total() if known is None else known + len(rendition.content)
            if self._bytes > self.limit_bytes:
                self._bytes = self._clear(keep=path)
        return path

    def _path(self, key: str, suffix: str) -> Path:
        return self.folder / key[:2] / f"{key}{suffix}"

    def _files(self) -> list[tuple[float, int, Path]]:
        found = []
        for path in self.folder.glob("??/*"):
            try:
                status = path.stat()
            except FileNotFoundError:  # another process clears too
                continue
            found.append((status.st_mtime, status.st_size, path))
        return sorted(found)

    def _total(self) -> int:
        return sum(size for _, size, _ in self._files())

    def _clear(self, *, keep: Path) -> int:
        files = self._files()
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= KEPT * self.limit_bytes:
                break
            if path != keep:
                path.unlink(missing_ok=True)
                total -= size
        return total
