"""`python -m xmodal workspace show|clean`."""

import json as js
from collections.abc import Callable

from xmodal import workspace


def show(*, json: bool = False) -> int:
    """Say where the workspace is and how much room each part takes.

    Args:
        json: Print JSON.
    """
    here = workspace.current()
    sizes = here.sizes()
    if json:
        print(js.dumps({"root": str(here.root), "bytes": dict(sizes), "total": sum(sizes.values())}))
        return 0
    print(here.root)
    for part, size in sizes.items():
        print(f"  {part:<30} {workspace.readable(size):>10}")
    print(f"  {'total':<30} {workspace.readable(sum(sizes.values())):>10}")
    print("free it with: python -m xmodal workspace clean [--everything | --catalog NAME]")
    return 0


def clean(*, everything: bool = False, catalog: str | None = None, json: bool = False) -> int:
    """Delete caches; with a name that catalog; with `--everything` all catalogs. Imported media are never touched.

    Args:
        everything: Delete all catalogs, the demo world too.
        catalog: Delete this catalog only.
        json: Print JSON.
    """
    here = workspace.current()
    freed = here.remove(catalog) if catalog is not None else here.clean(everything=everything)
    print(js.dumps({"freed_bytes": freed}) if json else f"freed {workspace.readable(freed)} in {here.root}")
    return 0


COMMANDS: dict[str, Callable[..., int]] = {"show": show, "clean": clean}
"""Commands of the group."""
