"""A job's command: started, watched, ended when somebody asks; the same on this machine and on a node of a cluster."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from xmodal.errors import InputError, reason
from xmodal.jobs.job import CHILD, LOG, PROGRESS, Job
from xmodal.jobs.local import LOOK_S, PATIENCE_S, end
from xmodal.jobs.process import ProcessIdentity
from xmodal.progress import VARIABLE as PROGRESS_VARIABLE
from xmodal.runs.run import Run, State
from xmodal.storage import use_spare
from xmodal.workspace import VARIABLE, Workspace

KINDNESS = 5
"""Trainings give way to the pages by so much."""


def _never() -> bool:
    return False


def run(job: Job, workspace: Workspace, told: Callable[[], bool] = _never, patience_s: float = PATIENCE_S) -> int:
    """Run its command to the end, or until somebody cancels it or it is `told` to end; its exit code.

    A training is given `patience_s` to save before it is made to end.
    """
    with (job.folder / LOG).open("ab") as log:
        child = subprocess.Popen(
            _command(job),
            env=os.environ | _environment(job, workspace),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    identity = ProcessIdentity.of(child.pid)
    try:
        job.write(CHILD, identity)
    except OSError as error:  # nobody could tell that it runs, so it must not
        child.kill()
        use_spare(job.folder)
        (job.folder / LOG).write_text(f"error: {reason(error)}\n")
        return child.wait()
    if job.spec.run and job.spec.cluster is None:
        with contextlib.suppress(psutil.Error):
            psutil.Process(child.pid).nice(KINDNESS)
    while (code := child.poll()) is None:
        if job.cancel_asked or told():
            end(job, identity, patience_s)
            return child.wait()
        time.sleep(LOOK_S)
    return code


def _command(job: Job) -> list[str]:
    """`python -m xmodal ...`; where a training has several GPUs, one such process for each."""
    several = job.spec.cluster.gpus if job.spec.cluster is not None and job.spec.run else 1
    if several <= 1:
        return [sys.executable, "-m", "xmodal", *job.spec.arguments]
    shared = ("-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={several}")
    return [sys.executable, *shared, "-m", "xmodal", *job.spec.arguments]


def stopped(job: Job) -> bool:
    """Whether the command ended well, but before a training's end."""
    with contextlib.suppress(InputError):
        return bool(job.spec.run) and Run(Path(job.spec.run)).status().state is State.STOPPED
    return False


def _environment(job: Job, workspace: Workspace) -> dict[str, str]:
    """Threads as asked for, waiting ones asleep; where to tell progress."""
    threads = {"OMP_NUM_THREADS": str(job.spec.threads), "OMP_WAIT_POLICY": "PASSIVE"}
    return threads | {VARIABLE: str(workspace.root), PROGRESS_VARIABLE: str(job.folder / PROGRESS)}
