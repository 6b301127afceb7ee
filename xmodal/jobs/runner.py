"""The process that looks after a job: it starts the command, passes on what is asked for, writes down the end.

It has a session of its own, so that neither the end of the server nor Ctrl+C in its terminal reaches it, and it begins
the next job of the lane when its own has ended: no page and no server need to be alive.
"""

import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from xmodal.jobs.command import run, stopped
from xmodal.jobs.job import STARTED, Job
from xmodal.jobs.process import ProcessIdentity
from xmodal.jobs.queue import Queue
from xmodal.storage import use_spare
from xmodal.workspace import Workspace


def look_after(job: Job, workspace: Workspace) -> None:
    """Start a job's command, wait for its end, write it down, begin the next: the whole life of a runner.

    A second runner of the same job does nothing.
    """
    with contextlib.suppress(Timeout), FileLock(job.folder / ".lock", timeout=0):
        if job.exit is not None:
            return
        job.write(STARTED, ProcessIdentity.of(os.getpid()))  # who began it may have been killed before writing this
        code = run(job, workspace)
        use_spare(job.folder)
        job.end(code, stopped=code == 0 and stopped(job))
    Queue(workspace).advance()


def main(arguments: Sequence[str]) -> None:
    """`python -m xmodal.jobs.runner WORKSPACE JOB`."""
    workspace, folder = arguments
    look_after(Job(Path(folder)), Workspace(Path(workspace)))


if __name__ == "__main__":
    main(sys.argv[1:])
