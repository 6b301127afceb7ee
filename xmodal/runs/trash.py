"""Deleted runs: each is moved into the workspace's trash by one rename, and back by another.

trash/0001-matchmaps-tiny-3/   the run, whole, as it was; the number tells two of one name apart
trash/.gone-...                what is being deleted for good
"""

import errno
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from xmodal.runs.places import require_own
from xmodal.runs.run import Run, RunError
from xmodal.storage import sync_directory, tree_bytes
from xmodal.workspace import Workspace

_LOCK = "trash"
_ENTRY = re.compile(r"^(\d{4,})-(.+)$")
_GONE = ".gone-"


@dataclass(frozen=True)
class Trashed:
    """One deleted run."""

    folder: Path

    @property
    def id(self) -> str:
        """Name of its folder in the trash."""
        return self.folder.name

    @property
    def number(self) -> int:
        """The later deleted has the higher."""
        return int(self.id.partition("-")[0])

    @property
    def name(self) -> str:
        """The run's own name."""
        return self.id.partition("-")[2]


def trashed(workspace: Workspace) -> tuple[Trashed, ...]:
    """What lies in the trash, in the order in which it was deleted."""
    found = [Trashed(path) for path in workspace.trash.glob("*/") if _ENTRY.match(path.name)]
    return tuple(sorted(found, key=lambda each: each.number))


def delete(run: Run, workspace: Workspace) -> Trashed:
    """Move a run into the trash. Who knows of jobs asks them first (`jobs.removal`).

    Raises:
        RunError: it is being trained, or is no run of the workspace.
    """
    require_own(run, workspace)
    workspace.trash.mkdir(exist_ok=True)
    with workspace.lock(_LOCK), run.lock():
        number = 1 + max((each.number for each in trashed(workspace)), default=0)
        entry = Trashed(workspace.trash / f"{number:04d}-{run.name}")
        _move(run.folder, entry.folder)
    return entry


def restore(name: str, workspace: Workspace) -> Run:
    """Bring a run back by its name (the one that was deleted last), or by its id in the trash.

    Raises:
        RunError: there is none, or another run has its name by now.
    """
    with workspace.lock(_LOCK):
        known = trashed(workspace)
        entry = next((each for each in reversed(known) if name in (each.id, each.name)), None)
        if entry is None:
            listed = ", ".join(each.id for each in known) or "nothing"
            raise RunError(f"there is no run {name!r} in the trash; it holds {listed}")
        run = Run(workspace.runs / entry.name)
        if run.folder.exists():
            raise RunError(f"there is another run {run.name} by now: delete it first, or rename its folder")
        workspace.runs.mkdir(exist_ok=True)
        _move(entry.folder, run.folder)
    return run


def empty(workspace: Workspace) -> int:
    """Delete for good what lies in the trash; the bytes freed."""
    if not workspace.trash.is_dir():
        return 0
    with workspace.lock(_LOCK):
        for each in trashed(workspace):
            each.folder.rename(workspace.trash / f"{_GONE}{each.id}")  # from now on nobody takes it for whole
        gone = list(workspace.trash.glob(f"{_GONE}*"))
        freed = sum(tree_bytes(folder) for folder in gone)
        for folder in gone:
            shutil.rmtree(folder)
    return freed


def _move(old: Path, new: Path) -> None:
    try:
        old.rename(new)
    except OSError as error:
        if error.errno == errno.EXDEV:
            raise RunError(f"{old.parent} and {new.parent} are on different disks: move {old.name} by hand") from error
        raise
    for folder in (new.parent, old.parent):
        sync_directory(folder)
