"""Deleting a run that no job needs: runs know nothing of jobs, so that the question is asked here."""

from xmodal.jobs.job import JobError
from xmodal.jobs.queue import Queue
from xmodal.runs import trash
from xmodal.runs.run import Run
from xmodal.runs.trash import Trashed


def delete(run: Run, queue: Queue) -> Trashed:
    """Move a run into the trash; nobody puts work into the queue meanwhile.

    Raises:
        JobError: a job for it waits or runs.
        RunError: it is being trained in another way, or is no run of the workspace.
    """
    with queue.held():
        if (job := queue.active(run)) is not None:
            raise JobError(f"{run.name} is {job.state.value}, as job {job.id}: stop or cancel it first")
        return trash.delete(run, queue.workspace)
