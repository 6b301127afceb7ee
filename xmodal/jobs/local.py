"""Jobs on this machine: each is looked after by a process in a session of its own, which nobody's end reaches."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from xmodal.errors import InputError
from xmodal.jobs.job import STARTED, Job
from xmodal.jobs.process import ProcessIdentity
from xmodal.runs.run import Run
from xmodal.workspace import VARIABLE, Workspace

LOOK_S = 0.2
"""How often somebody who waits looks."""
PATIENCE_S = 10.0
"""How long a command may take to end after it was asked to, and again after it was told to."""


def begin(job: Job, workspace: Workspace) -> None:
    """Start the runner of a job (for who holds the lock of the queue)."""
    process = subprocess.Popen(
        [sys.executable, "-m", "xmodal.jobs.runner", str(workspace.root), str(job.folder)],
        env=os.environ | {VARIABLE: str(workspace.root)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    job.write(STARTED, ProcessIdentity.of(process.pid))
    threading.Thread(target=process.wait, daemon=True).start()  # takes note of its end, so that no zombie stays


def end_orphan(job: Job) -> None:
    """End the command of a job whose runner is gone; nothing where there is a runner, or no command."""
    runner, child = job.runner, job.child
    if runner is not None and not runner.alive and child is not None:
        end(job, child)


def end(job: Job, child: ProcessIdentity, patience_s: float = PATIENCE_S) -> None:
    """Ask a training to save and end after its step, `patience_s` long, then tell its processes to, then make them."""
    if job.spec.run and _saves(Run(Path(job.spec.run)), child, patience_s):
        return
    for tell in (psutil.Process.terminate, psutil.Process.kill):
        for process in child.family():
            with contextlib.suppress(psutil.Error):  # it has ended meanwhile
                tell(process)
        if _ends(child, PATIENCE_S):
            return


def _saves(run: Run, child: ProcessIdentity, patience_s: float) -> bool:
    """Ask until it has ended: a training that has just begun forgets what it was asked before."""
    until = time.monotonic() + patience_s
    while child.alive and time.monotonic() < until:
        if not run.stop_requested():
            with contextlib.suppress(InputError, OSError):
                run.request_stop()
        time.sleep(LOOK_S)
    return not child.alive


def _ends(child: ProcessIdentity, patience_s: float) -> bool:
    """Wait for its end, at most so long."""
    until = time.monotonic() + patience_s
    while child.alive and time.monotonic() < until:
        time.sleep(LOOK_S)
    return not child.alive
