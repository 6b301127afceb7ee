"""A job: one command of ours that runs by itself, and its folder, which is the only truth about it.

spec.json      what is to be done; written once
started.json   which process looks after it (its runner); written by whoever starts it
child.json     which process does the work; written by the runner
progress.json  how far the work is, for commands that tell
log.txt        what the command prints
cancel         asks for its end
exit.json      how it ended; written by the runner
.spare         a little room for the last, should the disk be full by then
cluster.json   its number in Slurm, if it runs on a cluster
slurm/         what Slurm was given for it, and what it printed before our own command began

The state is not stored: it is derived from these files and from which processes live, whenever somebody asks; of a job
on a cluster, from these files and what Slurm says.
"""

import contextlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field

from xmodal.errors import InputError, reason
from xmodal.jobs import slurm
from xmodal.jobs.cluster_options import ClusterOptions
from xmodal.jobs.process import ProcessIdentity
from xmodal.runs.run import now
from xmodal.storage import atomic_write

SPEC, STARTED, CHILD, EXIT = "spec.json", "started.json", "child.json", "exit.json"
LOG, PROGRESS, CANCEL = "log.txt", "progress.json", "cancel"
SUBMITTED, SUBMITTING, SLURM = "cluster.json", ".submitting.lock", "slurm"

Model = TypeVar("Model", bound=BaseModel)


class JobError(InputError):
    """A job that cannot be found, read or changed as asked, with one line of reason."""


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    """A training that somebody asked to stop: it can go on."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"
    """Its processes are gone and nobody wrote down how it ended: killed, or the machine was switched off."""
    UNKNOWN = "unknown"
    """It is on a cluster that does not answer."""


ACTIVE = (JobState.QUEUED, JobState.RUNNING, JobState.UNKNOWN)
"""The job has not ended, or nobody can say so."""
_IN_SLURM = {
    JobState.QUEUED: "PENDING CONFIGURING REQUEUED REQUEUE_FED REQUEUE_HOLD RESV_DEL_HOLD SPECIAL_EXIT POWER_UP_NODE",
    JobState.RUNNING: "RUNNING COMPLETING SUSPENDED STOPPED SIGNALING STAGE_OUT RESIZING EXPEDITING UPDATE_DB",
    JobState.STOPPED: "TIMEOUT DEADLINE PREEMPTED",
    JobState.CANCELLED: "CANCELLED REVOKED",
    JobState.FAILED: "FAILED NODE_FAIL BOOT_FAIL OUT_OF_MEMORY LAUNCH_FAILED RECONFIG_FAIL",
    JobState.LOST: "COMPLETED",
}
"""What Slurm's words mean of a job whose end nobody wrote down; COMPLETED should not be among them."""
_OF_SLURM = {word: state for state, words in _IN_SLURM.items() for word in words.split()}


class JobSpec(BaseModel):
    """What `spec.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=1, le=1)
    number: int = Field(ge=1)
    """Jobs of a workspace are counted; the order in which they came."""
    title: str
    arguments: tuple[str, ...] = Field(min_length=1)
    """What follows `python -m xmodal`."""
    lane: str
    """Jobs of one lane run one after the other: `train cpu`, `train cuda:0`, `analysis`."""
    run: str = ""
    """Folder of the run that is trained; empty if it is none."""
    threads: int = Field(default=1, ge=1)
    """Threads of its computation."""
    cluster: ClusterOptions | None = None
    """What it asks Slurm for; None: it runs on this machine."""
    created: str
    """UTC, ISO 8601."""


class Exit(BaseModel):
    """What `exit.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: int
    """As the system tells it: 0 is well, negative is a signal."""
    stopped: bool = False
    """It was a training and ended well, but early."""
    ended: str
    """UTC, ISO 8601."""


class Submitted(BaseModel):
    """What `cluster.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slurm_job: int = Field(ge=1)
    """Its number in Slurm."""


@dataclass(frozen=True)
class Job:
    """One job's folder."""

    folder: Path

    @property
    def id(self) -> str:
        """Name of the folder."""
        return self.folder.name

    @cached_property
    def spec(self) -> JobSpec:
        """What is to be done.

        Raises:
            JobError: missing or unreadable.
        """
        found = self._read(SPEC, JobSpec)
        if found is None:
            raise JobError(f"{self.folder} is no job: it has no {SPEC}")
        return found

    @property
    def state(self) -> JobState:
        """Where it is now.

        Raises:
            JobError: a file about it is damaged.
        """
        if (ended := self.exit) is not None:
            return self._ended(ended)
        if self.spec.cluster is not None:
            return self._on_cluster()
        if self._read(STARTED, ProcessIdentity) is None:
            return JobState.CANCELLED if self.cancel_asked else JobState.QUEUED
        if self.alive:
            return JobState.RUNNING
        if self.exit is not None:  # written between the two looks
            return self.state
        return JobState.LOST

    def _ended(self, how: Exit) -> JobState:
        if how.code == 0 and not how.stopped:
            return JobState.FINISHED
        if self.cancel_asked:
            return JobState.CANCELLED
        return JobState.STOPPED if how.stopped else JobState.FAILED

    def _on_cluster(self) -> JobState:
        """By Slurm's word, as nobody wrote down its end."""
        try:
            word = self._word()
        except slurm.SlurmError:
            return JobState.UNKNOWN
        if word is None and self.submitted is None and self._submitting:
            return JobState.QUEUED
        state = JobState.LOST if word is None else _OF_SLURM.get(word.state, JobState.UNKNOWN)
        if state in ACTIVE:
            return state
        if self.exit is not None:  # written between the two looks
            return self.state
        return JobState.CANCELLED if self.cancel_asked else state

    def _word(self) -> slurm.Word | None:
        return slurm.word(self.submitted.slurm_job) if self.submitted is not None else None

    @property
    def submitted(self) -> Submitted | None:
        """What is known of it in Slurm, once it was handed over."""
        return self._read(SUBMITTED, Submitted)

    @property
    def _submitting(self) -> bool:
        """Whether somebody is handing it to Slurm now."""
        try:
            with FileLock(self.folder / SUBMITTING, timeout=0):
                return False
        except Timeout:
            return True

    @property
    def slurm_says(self) -> str:
        """`Slurm job 12: PENDING (Resources)`; empty for a job of this machine."""
        if self.spec.cluster is None:
            return ""
        if (submitted := self.submitted) is None:
            return "not yet handed to Slurm" if self._submitting else "nobody wrote down its number in Slurm"
        try:
            word = self._word()
        except slurm.SlurmError as error:
            return f"Slurm does not answer: {error}"
        return f"Slurm job {submitted.slurm_job}: {word or 'forgotten'}"

    @property
    def runner(self) -> ProcessIdentity | None:
        """The process that looks after it."""
        return self._read(STARTED, ProcessIdentity)

    @property
    def child(self) -> ProcessIdentity | None:
        """The process that does the work."""
        return self._read(CHILD, ProcessIdentity)

    @property
    def alive(self) -> bool:
        """Whether a process of its on this machine lives; a file that cannot be read tells of none."""
        for name in (STARTED, CHILD):
            with contextlib.suppress(JobError):
                process = self._read(name, ProcessIdentity)
                if process is not None and process.alive:
                    return True
        return False

    @property
    def exit(self) -> Exit | None:
        """How it ended, if it did and its runner saw it."""
        return self._read(EXIT, Exit)

    @property
    def cancel_asked(self) -> bool:
        """Whether somebody wants its end."""
        return (self.folder / CANCEL).exists()

    def ask_cancel(self) -> None:
        """Want its end: a waiting job will not begin, a running one is stopped by its runner."""
        atomic_write(self.folder / CANCEL, "")

    def write(self, name: str, content: BaseModel) -> None:
        """Replace one of its files."""
        atomic_write(self.folder / name, content.model_dump_json(indent=2))

    def end(self, code: int, *, stopped: bool = False) -> None:
        """Write down how it ended."""
        self.write(EXIT, Exit(code=code, stopped=stopped, ended=now()))

    def log(self, *, most_bytes: int = 64_000) -> str:
        """The end of what it printed; where a cluster could not even begin it, what Slurm printed."""
        path = self.folder / LOG
        if not path.is_file():
            path = max((self.folder / SLURM).glob("*_log.out"), default=path)
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - most_bytes))
            return file.read(most_bytes).decode(errors="replace")

    @property
    def message(self) -> str:
        """Why it failed, in one line: the last that it printed, or what Slurm says about its end."""
        if self.spec.cluster is not None and self.exit is None:
            return self.slurm_says
        lines = [line.strip() for line in self.log(most_bytes=4_000).splitlines() if line.strip()]
        return lines[-1] if lines else ""

    def _read(self, name: str, model: type[Model]) -> Model | None:
        path = self.folder / name
        try:
            return model.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise JobError(f"{path} is damaged: {reason(error)}") from error
