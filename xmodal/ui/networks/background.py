"""Jobs as the training page shows them: rows of plain values, and what can be asked of a job."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xmodal import workspace
from xmodal.errors import InputError, reason
from xmodal.jobs import training
from xmodal.jobs.job import ACTIVE, PROGRESS, Job, JobState
from xmodal.jobs.queue import Queue
from xmodal.progress import read
from xmodal.recipes import RECIPES
from xmodal.recipes.changes import changed, differences
from xmodal.recipes.recipe import Recipe
from xmodal.runs.run import Run, State

WORLD = "the recipe's own data"
"""In place of a catalog."""


@dataclass(frozen=True)
class Row:
    """One job."""

    job: str
    title: str
    state: str
    lane: str
    run: str
    """Name of the run that is trained; empty if it is none."""
    progress: str
    """How far it is, in words; empty before the work begins."""
    share: float | None
    """The same from 0 to 1, where a total is known."""
    message: str
    """Why it ended as it did, where that needs a reason."""

    @property
    def active(self) -> bool:
        """Whether anything is to be waited for."""
        return self.state in ACTIVE

    @property
    def resumable(self) -> bool:
        """Whether its run can go on."""
        return bool(self.run) and self.state in (
            JobState.STOPPED, JobState.CANCELLED, JobState.FAILED, JobState.LOST,
        )  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What would be launched."""

    recipe: Recipe
    command: str
    """Command line that does the same."""


def titles() -> dict[str, str]:
    """Name of every recipe and what it is."""
    return {name: recipe.title for name, recipe in RECIPES.items()}


def plan(name: str, catalog: str, changes: Sequence[str], threads: int) -> Plan:
    """A recipe on a catalog (`WORLD`: its own data) with changes.

    Raises:
        InputError, pydantic.ValidationError: a change does not fit.
    """
    base = RECIPES[name] if catalog == WORLD else RECIPES[name].on(catalog)
    recipe = changed(base, changes)
    words = ["python", "-m", "xmodal", "jobs", "launch", name]
    words += [] if catalog == WORLD else ["--data", catalog]
    words += ["--set", *differences(base, recipe)] if recipe != base else []
    words += ["--threads", str(threads)] if threads != 1 else []
    return Plan(recipe, shlex.join(words))


def launch(planned: Plan, threads: int) -> str:
    """Launch it; the id of its job.

    Raises:
        InputError: a run that it starts from is missing, or a device.
    """
    return training.launch(planned.recipe, _queue(), threads=threads).id


def rows() -> tuple[Row, ...]:
    """Every job, the newest first; a waiting one whose turn has come is begun."""
    queue = _queue()
    queue.advance()
    return tuple(_row(job) for job in reversed(queue.jobs()))


def damaged() -> tuple[str, ...]:
    """What is wrong with jobs that cannot be read, a line each."""
    return _queue().damaged()


def log(job: str) -> str:
    """The end of what a job printed."""
    return _queue().job(job).log(most_bytes=16_000)


def stop(job: str) -> None:
    """See `training.stop`."""
    training.stop(_queue().job(job))


def cancel(job: str) -> None:
    """See `Queue.cancel`."""
    queue = _queue()
    queue.cancel(queue.job(job))


def resume(job: str, threads: int) -> str:
    """Go on with the run of a job where it ran before; the id of the new job."""
    queue = _queue()
    before = queue.job(job).spec
    return training.resume(Run(Path(before.run)), queue, threads=threads, cluster=before.cluster).id


def _queue() -> Queue:
    here = workspace.current()
    here.prepare()
    return Queue(here)


def _row(job: Job) -> Row:
    run = Run(Path(job.spec.run)) if job.spec.run else None
    progress, share = _progress(job)
    try:
        state, message = job.state.value, _message(job, run)
    except InputError as error:
        state, message = "damaged", reason(error)
    name = run.name if run is not None else ""
    return Row(job.id, job.spec.title, state, job.spec.lane, name, progress, share, message)


def _progress(job: Job) -> tuple[str, float | None]:
    found = read(job.folder / PROGRESS)
    return ("", None) if found is None else (str(found), found.share)


def _message(job: Job, run: Run | None) -> str:
    state = job.state
    if state in (JobState.FAILED, JobState.LOST, JobState.UNKNOWN):
        return job.message or "its processes are gone"
    if state is JobState.QUEUED:
        return job.slurm_says
    if run is not None and run.status().state is State.STOPPED:
        return run.status().message
    return ""
