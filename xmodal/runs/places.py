"""Where runs lie, and which of them are the user's own."""

from pathlib import Path

import xmodal
from xmodal.runs.run import MANIFEST, Run, RunError, open_run
from xmodal.workspace import Workspace

SHIPPED = Path(xmodal.__path__[0]).parent / "checkpoints"
"""Runs that come with the product."""


def own_names(workspace: Workspace) -> tuple[str, ...]:
    """Names of the runs in the workspace, readable or not."""
    return tuple(sorted(path.parent.name for path in workspace.runs.glob(f"*/{MANIFEST}")))


def own_run(name: str, workspace: Workspace) -> Run:
    """A run of the workspace by its name: one that may be written to, and deleted.

    Raises:
        RunError: there is none of that name, or it comes with the product.
    """
    if name in own_names(workspace):
        return Run(workspace.runs / name)
    if (SHIPPED / name / MANIFEST).is_file():
        raise RunError(f"{name} comes with the product: it stays as it is")
    raise RunError(f"there is no run {name!r} in {workspace.runs}; known: {', '.join(own_names(workspace)) or 'none'}")


def require_own(run: Run, workspace: Workspace) -> None:
    """Refuse a run that the workspace does not hold, or that cannot be read.

    Raises:
        RunError: which, and why.
    """
    if run.folder.resolve().parent != workspace.runs.resolve():
        raise RunError(f"{run.folder} is not among the runs of {workspace.root}: it stays as it is")
    open_run(run.folder)
