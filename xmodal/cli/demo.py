"""`python -m xmodal demo prepare`: the small world that a newcomer meets first."""

import json as js
from collections.abc import Callable

from xmodal import workspace
from xmodal.data.world.build import WorldBuild, is_built
from xmodal.data.world.build import build as build_world
from xmodal.progress import Terminal

NAME = "demo-world"
"""Name of the demo catalog."""


def prepare(*, items: int = 240, json: bool = False) -> int:
    """Build the demo catalog unless it is there.

    Args:
        items: How many items.
        json: Print JSON.
    """
    here = workspace.current()
    here.prepare()
    folder = here.catalogs / NAME
    request = WorldBuild(items=items)
    fresh = not is_built(folder, request)
    if fresh:
        build_world(request, folder, Terminal())
    content = {"catalog": NAME, "items": items, "built": fresh, "root": str(here.root)}
    if json:
        print(js.dumps(content))
    else:
        total = workspace.readable(sum(here.sizes().values()))
        print(f"workspace {here.root}: {total}; free it with: python -m xmodal workspace clean --everything")
    return 0


COMMANDS: dict[str, Callable[..., int]] = {"prepare": prepare}
"""Commands of the group."""
