"""What runs on a node of the cluster: a job's command, looked after as the runner does on this machine.

Slurm ends jobs before they are done: their time is up, another goes first, somebody cancels or requeues. It tells all
processes of the job with a signal, and the trainer among them must not die of it: it is started deaf to such signals,
and what listens here asks it to save. Then the job goes into Slurm's queue again, and goes on from what it saved.
"""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from filelock import FileLock

from xmodal.jobs import slurm
from xmodal.jobs.cluster_options import ClusterOptions
from xmodal.jobs.command import run, stopped
from xmodal.jobs.job import LOG, STARTED, SUBMITTED, Job, Submitted
from xmodal.jobs.process import ProcessIdentity
from xmodal.workspace import Workspace

SIGNALS = (signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2)
"""Slurm's own, and those that clusters send before the time is up."""
TAKEOVER_S = 180.0
"""A node that went down may be said to hold files and locks of a shared disk for so long."""
MARGIN_S = 5.0
"""Of the time to save, what is left for everything else."""


@dataclass(frozen=True)
class Payload:
    """One job; nothing but where it lies is handed over."""

    folder: str
    workspace: str

    def __call__(self) -> None:
        """Run it, or go on with it where Slurm begins it again; the process ends with the command's exit code."""
        job = Job(Path(self.folder))
        with FileLock(job.folder / ".lock", timeout=TAKEOVER_S):
            code = _look_after(job, Workspace(Path(self.workspace)))
        if code:
            sys.exit(code if code > 0 else 128 - code)


def _look_after(job: Job, workspace: Workspace) -> int:
    """The command's exit code; 0 if there is nothing to do, or if Slurm begins it again."""
    if job.exit is not None:
        return 0
    number = int(os.environ["SLURM_JOB_ID"])
    job.write(SUBMITTED, Submitted(slurm_job=number))  # who submitted it may have been killed before writing this
    if job.cancel_asked:
        job.end(0, stopped=True)
        return 0
    job.write(STARTED, ProcessIdentity.of(os.getpid()))
    options = job.spec.cluster or ClusterOptions()
    told = _listen()
    code = run(job, workspace, told, max(MARGIN_S, options.save_s - MARGIN_S))
    early = code != 0 or stopped(job)
    if told() and early and not job.cancel_asked and _begins_again(job, number, options.restarts):
        return 0
    job.end(code, stopped=code == 0 and stopped(job))
    return code


def _listen() -> Callable[[], bool]:
    """Whether Slurm has told this process to end, from now on; what it starts does not hear such signals."""
    heard: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    for each in SIGNALS:
        signal.signal(each, note)
    # blocked is inherited by the trainer, a handler is not; other threads of this process may still take the signal
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    return lambda: bool(heard or signal.sigpending() & set(SIGNALS))


def _begins_again(job: Job, number: int, most: int) -> bool:
    """Whether it is not over: Slurm is ending it and knows what comes, or puts it into its queue now."""
    try:
        word = slurm.word(number, fresh=True)
    except slurm.SlurmError:
        word = None
    if word is not None and word.state != "RUNNING":
        _tell(job, f"ended by Slurm: {word}")
        return True
    done = int(os.environ.get("SLURM_RESTART_COUNT", "0"))
    if done >= most:
        _tell(job, f"ended by Slurm; all {most} restarts are used up")
        return False
    try:
        slurm.begin_again(number)
    except slurm.SlurmError as error:
        _tell(job, f"ended by Slurm, which does not take it again: {error}")
        return False
    _tell(job, f"ended by Slurm; it goes on when its turn comes again (restart {done + 1} of at most {most})")
    return True


def _tell(job: Job, line: str) -> None:
    with (job.folder / LOG).open("a", encoding="utf-8") as log:
        log.write(f"{line}\n")
