"""Work that is no training, as jobs: any of our commands, in a lane of its own, so that it never waits for one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xmodal.jobs.job import ACTIVE, Job, JobState
from xmodal.jobs.queue import Queue, Work

if TYPE_CHECKING:  # the demo world is made without torch
    from xmodal.recipes import discover

DEMO = ("demo", "prepare")
"""Makes the demo world."""


def ask(words: Sequence[str], queue: Queue, *, title: str) -> Job:
    """Put a command (what follows `python -m xmodal`) in the lane of analyses, unless the same waits or runs there.

    Raises:
        OSError: the workspace cannot be written to.
    """
    return queue.submit(Work(title, tuple(words)), once=True)


def newest(words: Sequence[str], queue: Queue) -> Job | None:
    """The job that was last asked to run that command."""
    wanted = tuple(words)
    return next((job for job in reversed(queue.jobs()) if job.spec.arguments == wanted), None)


def discover_answer(question: "discover.Question", queue: Queue) -> Job:
    """Compute the answer to a question about a run in the background."""
    from xmodal.recipes import discover

    what = {"concepts": "Concepts", "clusters": "Clusters"}[question.kind]
    return ask(discover.command_of(question), queue, title=f"{what} of {question.run} in {question.data}")


def discovering(question: "discover.Question", queue: Queue) -> "discover.Work":
    """How far the answer to a question is, whoever computes it: a job, or a command in a terminal.

    Raises:
        InputError: there is no such run or catalog.
    """
    from xmodal.recipes import discover

    found = discover.work_on(question, queue.workspace)
    job = newest(discover.command_of(question), queue)
    if found.running or job is None:
        return found
    if (state := job.state) in ACTIVE:
        return discover.Work(running=True, stage="Waiting for its turn" if state is JobState.QUEUED else "Starting")
    if found.fault or state is JobState.FINISHED:
        return found
    return discover.Work(running=False, fault=job.message or f"it was {state.value} before its end")
