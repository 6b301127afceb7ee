"""What tests of jobs share: waiting for what comes to be, and an end to all that they started."""

import contextlib
import time
from collections.abc import Callable

from xmodal.jobs.job import JobError
from xmodal.jobs.queue import Queue

PATIENCE_S = 200.0


def until(true: Callable[[], bool]) -> None:
    """Wait for it."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def end_all(queue: Queue) -> None:
    """Kill every process of its jobs."""
    for job in queue.jobs():
        with contextlib.suppress(JobError):  # a test has damaged it
            for process in (job.runner, job.child):
                for each in process.family() if process is not None else ():
                    each.kill()
