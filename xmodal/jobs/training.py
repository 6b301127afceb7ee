"""Trainings as jobs: a recipe becomes a run and a job that trains it; a run that ended early goes on."""

from pathlib import Path

import torch

from xmodal.jobs.job import Job, JobError, JobState
from xmodal.jobs.queue import Queue, Work
from xmodal.recipes.fitting import require
from xmodal.recipes.launch import launch_next, place_of, recipe_of
from xmodal.recipes.naming import launch_named
from xmodal.recipes.recipe import Recipe
from xmodal.runs.run import Run, RunError, State


def launch(recipe: Recipe, queue: Queue, *, threads: int = 1, name: str = "") -> Job:
    """Write the run directory of a recipe and put its training in the lane of its device.

    Without a name the run has the next free one (`matchmaps-tiny-3`).

    Raises:
        RunError: a run that it starts from is missing, or the name is taken or not allowed.
        InputError: the device is not there, or the data do not fit (`recipes.fitting`).
    """
    lane = lane_of(recipe)
    require(recipe, queue.workspace)
    here = queue.workspace
    run = launch_named(recipe, name, here) if name else launch_next(recipe, here)
    return _train(run, lane, queue, threads=threads)


def resume(run: Run, queue: Queue, *, threads: int = 1) -> Job:
    """Put a run that was stopped, cancelled, interrupted or never begun in the lane of its device.

    Raises:
        RunError: it is finished.
        JobError: a job for it waits or runs.
    """
    if run.status().state is State.FINISHED:
        raise RunError(f"{run.name} is finished: nothing is left to train")
    if (active := queue.active(run)) is not None:
        raise JobError(f"{run.name} is {active.state.value} already, as job {active.id}")
    return _train(run, lane_of(recipe_of(run)), queue, threads=threads)


def stop(job: Job) -> None:
    """Let a training save and end after its step.

    Raises:
        JobError: it is no training, or does not run.
    """
    why = f"is {job.state.value}" if job.spec.run else "is no training"
    if not job.spec.run or job.state is not JobState.RUNNING:
        raise JobError(f"job {job.id} {why}: only a training that runs can be stopped")
    Run(Path(job.spec.run)).request_stop()


def jobs_of(run: Run, queue: Queue) -> tuple[Job, ...]:
    """The jobs that trained a run, the oldest first."""
    folder = str(run.folder.absolute())
    return tuple(job for job in queue.jobs() if job.spec.run == folder)


def lane_of(recipe: Recipe) -> str:
    """`train cpu`, `train cuda:0`: trainings share a device by taking turns.

    Raises:
        InputError: the device is not there.
    """
    device = place_of(recipe).device
    index = "" if device.type == "cpu" else f":{device.index or torch.cuda.current_device()}"
    return f"train {device.type}{index}"


def _train(run: Run, lane: str, queue: Queue, *, threads: int) -> Job:
    folder = str(run.folder.absolute())
    arguments = ("train", folder, "--resume", "--threads", str(threads))
    return queue.submit(Work(f"Train {run.name}", arguments, lane, run=folder, threads=threads))
