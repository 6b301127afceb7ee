"""`python -m xmodal demo prepare`: the small world that a newcomer meets first."""

import json as js
from collections.abc import Callable

from xmodal import demo, workspace
from xmodal.progress import told


def prepare(*, items: int = demo.ITEMS, json: bool = False) -> int:
    """Build the demo catalog unless it is there.

    Args:
        items: How many items.
        json: Print JSON.
    """
    here = workspace.current()
    catalog = demo.prepare(here, items=items, progress=told())
    total = sum(here.sizes().values())
    if json:
        print(js.dumps({"catalog": catalog.name, "items": len(catalog), "root": str(here.root), "bytes": total}))
    else:
        size = workspace.readable(total)
        print(f"workspace {here.root}: {size}; free it with: python -m xmodal workspace clean --everything")
    return 0


COMMANDS: dict[str, Callable[..., int]] = {"prepare": prepare}
"""Commands of the group."""
