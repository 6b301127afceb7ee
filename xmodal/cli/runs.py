"""`python -m xmodal runs ...`: what there is, what people write about it, deleting with a way back."""

import json as js
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from xmodal import workspace as workspaces
from xmodal.cli.train import HEADS

if TYPE_CHECKING:
    from xmodal.runs.notes import Notes
    from xmodal.runs.summary import Summary

RunName = Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="RUN")]


def list_runs(*, json: bool = False) -> int:
    """List the runs of the workspace: state, steps, newest scores, tags.

    Args:
        json: Print JSON.
    """
    from xmodal.runs.summary import summaries

    found = summaries(workspaces.current())
    if json:
        print(js.dumps({"runs": [_content(each) for each in found]}))
        return 0
    for each in found:
        print(_row(each))
    return 0


def note(
    run: RunName,
    text: Annotated[str | None, tyro.conf.Positional, tyro.conf.arg(metavar="[TEXT]")] = None,
    *,
    json: bool = False,
) -> int:
    """Write a note about a run in place of the one before; without a text, print what is written.

    Args:
        run: Name of a run in the workspace.
        text: The note; empty: none any more.
        json: Print JSON.
    """
    from xmodal.runs import notes
    from xmodal.runs.places import own_run

    found = own_run(run, workspaces.current())
    return _say(run, notes.read(found) if text is None else notes.revise(found, text=text), json=json)


def tag(
    run: RunName,
    *,
    add: Annotated[tuple[str, ...], tyro.conf.arg(metavar="TAG ...")] = (),
    remove: Annotated[tuple[str, ...], tyro.conf.arg(metavar="TAG ...")] = (),
    json: bool = False,
) -> int:
    """Add tags to a run, or remove some.

    Args:
        run: Name of a run in the workspace.
        add: Lower case letters, digits, `.`, `_`, `-`.
        remove: Those that it shall have no more.
        json: Print JSON.
    """
    from xmodal.runs import notes
    from xmodal.runs.places import own_run

    return _say(run, notes.revise(own_run(run, workspaces.current()), add=add, remove=remove), json=json)


def delete(run: RunName, *, json: bool = False) -> int:
    """Move a run into the trash; `restore` brings it back.

    Args:
        run: Name of a run in the workspace.
        json: Print JSON.
    """
    from xmodal.jobs import removal
    from xmodal.jobs.queue import Queue
    from xmodal.runs.places import own_run

    here = workspaces.current()
    entry = removal.delete(own_run(run, here), Queue(here))
    undo = f"python -m xmodal runs restore {entry.id}"
    print(js.dumps({"run": run, "trash": entry.id}) if json else f"{run} is in the trash; bring it back with: {undo}")
    return 0


def restore(run: RunName, *, json: bool = False) -> int:
    """Bring a deleted run back.

    Args:
        run: Its name (of two the one that was deleted last), or its id in the trash.
        json: Print JSON.
    """
    from xmodal.runs.trash import restore as bring_back

    found = bring_back(run, workspaces.current())
    print(js.dumps({"run": found.name, "folder": str(found.folder)}) if json else f"{found.name} is back")
    return 0


def trash(*, empty: bool = False, json: bool = False) -> int:
    """List the deleted runs; with `--empty` delete them for good.

    Args:
        empty: Delete for good what lies there, and say how many bytes that frees.
        json: Print JSON.
    """
    from xmodal.runs.trash import empty as delete_for_good
    from xmodal.runs.trash import trashed
    from xmodal.storage import tree_bytes

    here = workspaces.current()
    if empty:
        freed = delete_for_good(here)
        print(js.dumps({"freed_bytes": freed}) if json else f"freed {workspaces.readable(freed)} in {here.trash}")
        return 0
    found = [{"id": each.id, "run": each.name, "bytes": tree_bytes(each.folder)} for each in trashed(here)]
    if json:
        print(js.dumps({"trash": found}))
        return 0
    for each in found:
        print(f"{each['id']:<36} {workspaces.readable(int(each['bytes'])):>10}")
    return 0


def _say(run: str, written: "Notes", *, json: bool) -> int:
    if json:
        print(js.dumps({"run": run, "note": written.text, "tags": list(written.tags)}))
        return 0
    print(f"{run}: {' '.join(written.tags) or 'no tags'}")
    if written.text:
        print(written.text)
    return 0


def _content(of: "Summary") -> dict[str, Any]:
    about = {"note": of.notes.text, "tags": list(of.notes.tags), "message": of.message}
    counts = {"step": of.step, "steps": of.steps, "scores": dict(of.scores)}
    return {"name": of.name, "state": of.state} | counts | about


def _row(of: "Summary") -> str:
    scores = "  ".join(f"{HEADS[name]} {of.scores[name]:.3f}" for name in HEADS if name in of.scores)
    told = [f"{of.step:,}/{of.steps:,}", scores, " ".join(of.notes.tags)]
    if of.state in ("damaged", "failed", "stopped"):
        told.append(of.message)
    return f"{of.name:<36} {of.state:<9} {'  '.join(part for part in told if part)}"


COMMANDS: Mapping[str, Callable[..., Any]] = {
    "list": list_runs,
    "note": note,
    "tag": tag,
    "delete": delete,
    "restore": restore,
    "trash": trash,
}
"""Commands of this group."""
