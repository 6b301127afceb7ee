"""The process that looks after a job: it starts the command, passes on what is asked for, writes down the end.

It has a session of its own, so that neither the end of the server nor Ctrl+C in its terminal reaches it, and it begins
the next job of the lane when its own has ended: no page and no server need to be alive.
"""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from xmodal.errors import InputError, reason
from xmodal.jobs.job import CHILD, LOG, PROGRESS, STARTED, Job
from xmodal.jobs.local import LOOK_S, end
from xmodal.jobs.process import ProcessIdentity
from xmodal.jobs.queue import Queue
from xmodal.progress import VARIABLE as PROGRESS_VARIABLE
from xmodal.runs.run import Run, State
from xmodal.storage import use_spare
from xmodal.workspace import VARIABLE, Workspace

KINDNESS = 5
"""Trainings give way to the pages by so much."""


def look_after(job: Job, workspace: Workspace) -> None:
    """Start a job's command, wait for its end, write it down, begin the next: the whole life of a runner.

    A second runner of the same job does nothing.
    """
    with contextlib.suppress(Timeout), FileLock(job.folder / ".lock", timeout=0):
        if job.exit is not None:
            return
        job.write(STARTED, ProcessIdentity.of(os.getpid()))  # who began it may have been killed before writing this
        code = _run(job, workspace)
        use_spare(job.folder)
        job.end(code, stopped=code == 0 and _stopped(job))
    Queue(workspace).advance()


def _run(job: Job, workspace: Workspace) -> int:
    """The command's exit code."""
    with (job.folder / LOG).open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "xmodal", *job.spec.arguments],
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
    if job.spec.run:
        with contextlib.suppress(psutil.Error):
            psutil.Process(child.pid).nice(KINDNESS)
    while (code := child.poll()) is None:
        if job.cancel_asked:
            end(job, identity)
            return child.wait()
        time.sleep(LOOK_S)
    return code


def _stopped(job: Job) -> bool:
    """Whether the command ended well, but before a training's end."""
    with contextlib.suppress(InputError):
        return bool(job.spec.run) and Run(Path(job.spec.run)).status().state is State.STOPPED
    return False


def _environment(job: Job, workspace: Workspace) -> dict[str, str]:
    """Threads as asked for, waiting ones asleep; where to tell progress."""
    threads = {"OMP_NUM_THREADS": str(job.spec.threads), "OMP_WAIT_POLICY": "PASSIVE"}
    return threads | {VARIABLE: str(workspace.root), PROGRESS_VARIABLE: str(job.folder / PROGRESS)}


def main(arguments: Sequence[str]) -> None:
    """`python -m xmodal.jobs.runner WORKSPACE JOB`."""
    workspace, folder = arguments
    look_after(Job(Path(folder)), Workspace(Path(workspace)))


if __name__ == "__main__":
    main(sys.argv[1:])
