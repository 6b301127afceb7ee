"""`python -m xmodal curves RUN... --out FILE`."""

import csv
import io
import json as js
from pathlib import Path
from typing import Annotated, Any

import tyro

from xmodal import workspace as workspaces
from xmodal.errors import InputError


def curves(
    runs: Annotated[tuple[str, ...], tyro.conf.Positional, tyro.conf.arg(metavar="RUN ...")],
    *,
    out: Path,
    smoothing: float = 0.0,
    json: bool = False,
) -> int:
    """Write what runs logged while they learned: as a table (.csv), or as a figure for print (.pdf, .png).

    Args:
        runs: Folders or names of runs, or names of recipes (their newest runs).
        out: The file; its suffix says what is written.
        smoothing: Of the losses in a figure, 0 (none) to below 1.
        json: Print JSON.
    """
    from xmodal.figures.printed_curves import SUFFIXES, write_figure
    from xmodal.recipes.networks import find_run
    from xmodal.runs.curves import curves as curves_of_run

    known = (".csv", *SUFFIXES)
    if not runs:
        raise InputError("name a run")
    if out.suffix.lower() not in known:
        raise InputError(f"{out.name}: no file of that kind is written; known: {', '.join(known)}")
    if not 0.0 <= smoothing < 1.0:
        raise InputError(f"smoothing {smoothing:g} is not from 0 to below 1")
    here = workspaces.current()
    opened = [find_run(name, here) for name in runs]
    found = {run.name: curves_of_run(run) for run in opened}
    silent = [name for name, each in found.items() if not any(each.rows())]
    if silent:
        raise InputError(f"{silent[0]} has logged nothing yet: train it first")
    rows = [{"run": name} | row for name, each in found.items() for row in each.rows()]
    if out.suffix.lower() == ".csv":
        _write_table(rows, out)
    else:
        write_figure(found, out, smoothing=smoothing)
    size_bytes = out.stat().st_size
    if json:
        print(js.dumps({"out": str(out), "bytes": size_bytes, "runs": list(found), "points": len(rows)}))
        return 0
    print(f"{out}: {len(rows):,} points of {', '.join(found)}, {workspaces.readable(size_bytes)}")
    return 0


def _write_table(rows: list[dict[str, Any]], out: Path) -> None:
    from xmodal.storage import atomic_write

    text = io.StringIO()
    names: list[str] = ["run", "kind", "name", "unit", "at", "value"]
    table = csv.DictWriter(text, names, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    atomic_write(out, text.getvalue())
