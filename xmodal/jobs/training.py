"""Trainings as jobs: a recipe becomes a run and a job that trains it; a run that ended early goes on."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import torch

from xmodal.jobs import slurm
from xmodal.jobs.cluster_options import ClusterOptions
from xmodal.jobs.job import Job, JobError, JobState
from xmodal.jobs.queue import Queue, Work
from xmodal.recipes.fitting import require
from xmodal.recipes.launch import launch_next
from xmodal.recipes.naming import launch_named
from xmodal.recipes.networks import place_of, recipe_of
from xmodal.recipes.recipe import Recipe
from xmodal.runs.run import Run, RunError, State


def launch(
    recipe: Recipe, queue: Queue, *, threads: int = 1, name: str = "", cluster: ClusterOptions | None = None
) -> Job:
    """Write the run directory of a recipe and put its training in the lane of its device, or hand it to Slurm.

    On a cluster the threads are the job's cores, shared among its processes.

    Without a name the run has the next free one (`matchmaps-tiny-3`).

    Raises:
        RunError: a run that it starts from is missing, or the name is taken or not allowed.
        InputError: the device is not there, or the data do not fit (`recipes.fitting`).
        JobError: Slurm does not take it; then there is no run.
    """
    here = queue.workspace
    place = _Place(lane_of(recipe), threads) if cluster is None else _on_slurm(cluster)
    require(recipe, here)
    run = launch_named(recipe, name, here) if name else launch_next(recipe, here)
    try:
        return _train(run, place, queue)
    except JobError:
        shutil.rmtree(run.folder)
        raise


def resume(run: Run, queue: Queue, *, threads: int = 1, cluster: ClusterOptions | None = None) -> Job:
    """Put a run that was stopped, cancelled, interrupted or never begun in the lane of its device, or hand it to Slurm.

    Raises:
        RunError: it is finished.
        JobError: a job for it waits or runs, or Slurm does not take it.
    """
    if run.status().state is State.FINISHED:
        raise RunError(f"{run.name} is finished: nothing is left to train")
    if (active := queue.active(run)) is not None:
        raise JobError(f"{run.name} is {active.state.value} already, as job {active.id}")
    return _train(run, _Place(lane_of(recipe_of(run)), threads) if cluster is None else _on_slurm(cluster), queue)


def stop(job: Job) -> None:
    """Let a training save and end after its step.

    Raises:
        JobError: it is no training, or does not run.
    """
    why = f"is {job.state.value}" if job.spec.run else "is no training"
    if not job.spec.run or job.state is not JobState.RUNNING:
        raise JobError(f"job {job.id} {why}: only a training that runs can be stopped")
    Run(Path(job.spec.run)).request_stop()


def lane_of(recipe: Recipe) -> str:
    """`train cpu`, `train cuda:0`: trainings share a device by taking turns.

    Raises:
        InputError: the device is not there.
    """
    device = place_of(recipe).device
    index = "" if device.type == "cpu" else f":{device.index or torch.cuda.current_device()}"
    return f"train {device.type}{index}"


@dataclass(frozen=True)
class _Place:
    """Where a training runs."""

    lane: str
    threads: int
    cluster: ClusterOptions | None = None


def _on_slurm(options: ClusterOptions) -> _Place:
    if why := slurm.available():
        raise JobError(f"nothing can be handed to Slurm: {why}")
    return _Place(options.lane, max(1, options.cpus // max(1, options.gpus)), options)


def _train(run: Run, place: _Place, queue: Queue) -> Job:
    folder = str(run.folder.absolute())
    arguments = ("train", folder, "--resume", "--threads", str(place.threads))
    work = Work(f"Train {run.name}", arguments, place.lane, run=folder, threads=place.threads, cluster=place.cluster)
    return queue.submit(work)
