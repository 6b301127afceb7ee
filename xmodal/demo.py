"""The demo world that a newcomer meets first: made once per workspace, by whoever comes first, watched by everybody."""

from dataclasses import dataclass

from xmodal.data.catalog import Catalog
from xmodal.data.world.build import WorldBuild, build, is_built
from xmodal.progress import Progress, Recorded, Several, Silent, read
from xmodal.workspace import Workspace

NAME = "demo-world"
"""Name of the demo catalog."""

ITEMS = 240
"""Items of the demo catalog."""


@dataclass(frozen=True)
class DemoState:
    """How far the demo world is."""

    ready: bool
    """It can be opened."""
    running: bool
    """Some process is making it."""
    done: int
    total: int
    elapsed_s: float = 0.0
    """Time in which the newest of them were done."""
    before: int = 0
    """How many were done before that time."""


def prepare(workspace: Workspace, *, items: int = ITEMS, progress: Progress | None = None) -> Catalog:
    """Make the demo catalog unless it is there; a second process waits for the first instead of working twice."""
    workspace.prepare()
    folder = workspace.catalogs / NAME
    request = WorldBuild(items=items)
    with workspace.lock(NAME):
        if is_built(folder, request):
            return Catalog(folder)
        record = workspace.root / f".{NAME}.progress.json"
        try:
            return build(request, folder, Several(progress or Silent(), Recorded(record)))
        finally:
            record.unlink(missing_ok=True)


def state(workspace: Workspace) -> DemoState:
    """How far the demo catalog is, from what is on disk."""
    ready = NAME in workspace.names()
    if ready or not workspace.locked(NAME):
        return DemoState(ready, running=False, done=0, total=ITEMS)
    told = read(workspace.root / f".{NAME}.progress.json")
    if told is None:
        return DemoState(ready, running=True, done=0, total=ITEMS)
    return DemoState(ready, True, told.done, told.total or ITEMS, told.elapsed_s, told.before)
