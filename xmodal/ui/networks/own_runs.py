"""The runs of the workspace and what can be done with them, for the page: names in, plain values out."""

from xmodal import workspace
from xmodal.jobs import removal, training
from xmodal.jobs.queue import Queue
from xmodal.runs import notes, trash
from xmodal.runs.places import own_run
from xmodal.runs.summary import Summary, summaries
from xmodal.runs.trash import Trashed
from xmodal.storage import tree_bytes


def listed() -> tuple[Summary, ...]:
    """Every run of the workspace by name."""
    return summaries(workspace.current())


def revise(run: str, text: str, tags: tuple[str, ...]) -> None:
    """Write a note and tags in place of those before.

    Raises:
        InputError, pydantic.ValidationError: there is no such run, or they are too long or not plain.
    """
    found = own_run(run, workspace.current())
    notes.revise(found, text=text, add=tags, remove=set(notes.read(found).tags) - set(tags))


def delete(run: str) -> str:
    """Move a run into the trash; its id there.

    Raises:
        InputError: a job needs it.
    """
    here = workspace.current()
    return removal.delete(own_run(run, here), Queue(here)).id


def go_on(run: str) -> str:
    """Put a run that is not finished into the queue; the id of its job.

    Raises:
        InputError: it is finished, or a job for it waits or runs.
    """
    here = workspace.current()
    return training.resume(own_run(run, here), Queue(here)).id


def deleted() -> tuple[Trashed, ...]:
    """What lies in the trash, the newest first."""
    return tuple(reversed(trash.trashed(workspace.current())))


def deleted_bytes() -> int:
    """How much room the trash takes."""
    return sum(tree_bytes(each.folder) for each in deleted())


def restore(entry: str) -> str:
    """Bring a run back by its id in the trash; its name.

    Raises:
        InputError: another run has its name by now.
    """
    return trash.restore(entry, workspace.current()).name


def empty_trash() -> int:
    """Delete for good what lies in the trash; the bytes freed."""
    return trash.empty(workspace.current())
