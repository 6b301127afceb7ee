"""Jobs as the training page shows them: rows of plain values, and what can be asked of a job."""

import threading
from dataclasses import dataclass
from pathlib import Path

from xmodal import workspace
from xmodal.errors import InputError, reason
from xmodal.jobs import local, training
from xmodal.jobs.job import ACTIVE, PROGRESS, Job, JobState
from xmodal.jobs.queue import Queue
from xmodal.progress import read
from xmodal.runs.run import Run, State

LOG_BYTES, SEARCHED_BYTES = 16_000, 4_000_000
"""How much of the end of a log is shown, and how much is searched."""
MOST_LINES = 200
"""Found in a log."""


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
    on_cluster: bool = False

    @property
    def active(self) -> bool:
        """Whether anything is to be waited for."""
        return self.state in ACTIVE

    @property
    def movable(self) -> bool:
        """Whether it waits on this machine, where its place among others can be changed."""
        return self.state == JobState.QUEUED and not self.on_cluster

    @property
    def resumable(self) -> bool:
        """Whether its run can go on."""
        return bool(self.run) and self.state in (
            JobState.STOPPED, JobState.CANCELLED, JobState.FAILED, JobState.LOST,
        )  # fmt: skip


def rows() -> tuple[Row, ...]:
    """Every job, the newest first; a waiting one whose turn has come is begun."""
    queue = _queue()
    queue.advance()
    return tuple(_row(job) for job in reversed(queue.jobs()))


def fault() -> str:
    """See `Queue.fault`."""
    return _queue().fault()


def damaged() -> dict[str, str]:
    """See `Queue.damaged`."""
    return _queue().damaged()


def log(job: str, wanted: str = "") -> str:
    """The end of what a job printed; of the lines that hold the wanted words, where there are some."""
    found = _queue().job(job).log(most_bytes=LOG_BYTES if not wanted else SEARCHED_BYTES)
    if not wanted:
        return found
    return "\n".join([line for line in found.splitlines() if wanted.casefold() in line.casefold()][-MOST_LINES:])


def stop(job: str) -> None:
    """See `training.stop`."""
    training.stop(_queue().job(job))


def cancel(job: str) -> None:
    """See `Queue.cancel`; a command that nobody looks after any more is ended while the page goes on."""
    queue = _queue()
    found = queue.job(job)
    if found.spec.cluster is not None:
        queue.cancel(found)
        return
    queue.ask_cancel(found)
    threading.Thread(target=local.end_orphan, args=(found,), daemon=True).start()


def move(job: str, places: int) -> None:
    """See `Queue.move`."""
    queue = _queue()
    queue.move(queue.job(job), places)


def forget(job: str) -> None:
    """See `Queue.remove`."""
    queue = _queue()
    queue.remove(queue.job(job, damaged=True))


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
    on_cluster = job.spec.cluster is not None
    return Row(job.id, job.spec.title, state, job.spec.lane, name, progress, share, message, on_cluster)


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
