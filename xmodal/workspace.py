"""The workspace: the one folder that the product writes to (catalogs, caches, later runs)."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from xmodal.data.catalog import MANIFEST, Catalog, CatalogError
from xmodal.errors import reason
from xmodal.storage import tree_bytes

VARIABLE = "XMODAL_WORKSPACE"
"""Environment variable that puts the workspace elsewhere."""
_LEAST_BYTES = 1_000_000
"""With less room than this nothing is begun."""


@dataclass(frozen=True)
class Workspace:
    """Folders of one workspace."""

    root: Path

    @property
    def catalogs(self) -> Path:
        """One folder per imported or built catalog."""
        return self.root / "catalogs"

    @property
    def runs(self) -> Path:
        """One folder per training."""
        return self.root / "runs"

    @property
    def trash(self) -> Path:
        """Deleted runs, until somebody empties it."""
        return self.root / "trash"

    @property
    def cache(self) -> Path:
        """Thumbnails, spectrograms and other things that can be made again at any time."""
        return self.root / "cache"

    def prepare(self) -> None:
        """Create the folder, readable by its owner alone."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.catalogs.mkdir(exist_ok=True)

    def names(self) -> tuple[str, ...]:
        """Names of the catalogs in it, readable or not, sorted."""
        return tuple(sorted(manifest.parent.name for manifest in self.catalogs.glob(f"*/{MANIFEST}")))

    def catalog(self, name: str) -> Catalog:
        """The catalog of that name.

        Raises:
            CatalogError: there is none, or it is damaged.
        """
        if name not in self.names():
            known = ", ".join(self.names()) or "none yet"
            raise CatalogError(f"no catalog {name!r} in {self.root}; known: {known}")
        return Catalog(self.catalogs / name)

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold the workspace's lock of that name; waits while another process holds it, and ends with this process."""
        with FileLock(self._lock_path(name)):
            yield

    def locked(self, name: str) -> bool:
        """Whether some process holds the lock of that name."""
        try:
            with FileLock(self._lock_path(name), timeout=0):
                return False
        except Timeout:
            return True

    def fault(self) -> str:
        """Why nothing can be written to it, in one line; empty if something can. It tries."""
        try:
            with tempfile.TemporaryFile(dir=self.root) as file:
                file.write(bytes(_LEAST_BYTES))
        except OSError as error:
            error.filename = None  # of no use to anybody
            return f"{self.root} cannot be written to: {reason(error)}"
        return ""

    def _lock_path(self, name: str) -> Path:
        return self.root / f".{name}.lock"

    def sizes(self) -> Mapping[str, int]:
        """Bytes on disk of each catalog and of the cache."""
        sizes = {f"catalogs/{name}": tree_bytes(self.catalogs / name) for name in self.names()}
        return sizes | {"cache": tree_bytes(self.cache)}

    def clean(self, *, everything: bool = False) -> int:
        """Delete the cache, or `everything` (all catalogs too); returns the bytes freed. Imported media stay."""
        doomed = [self.cache, self.catalogs] if everything else [self.cache]
        before = sum(tree_bytes(folder) for folder in doomed)
        for folder in doomed:
            shutil.rmtree(folder, ignore_errors=True)
        return before - sum(tree_bytes(folder) for folder in doomed)  # where nobody may write, something stays

    def remove(self, name: str) -> int:
        """Delete one catalog (its index and what was built for it, never the user's media); returns the bytes freed.

        Raises:
            CatalogError: there is none of that name.
        """
        folder = self.catalog(name).folder
        freed = tree_bytes(folder)
        shutil.rmtree(folder)
        return freed


def current() -> Workspace:
    """The workspace that `XMODAL_WORKSPACE` names, else `workspace` in the current folder."""
    return Workspace(Path(os.environ.get(VARIABLE, "workspace")).resolve())


def readable(size_bytes: int) -> str:
    """`312 MB`: a size for people."""
    size = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    raise AssertionError("unreachable")
