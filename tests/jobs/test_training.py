"""Trainings as jobs, with real processes that are stopped, cancelled and killed."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.jobs.waiting import end_all, until
from tests.recipes.shrunk import shrunk
from xmodal.jobs import training
from xmodal.jobs.job import Job, JobError, JobState
from xmodal.jobs.queue import Queue
from xmodal.recipes import MATCHMAPS
from xmodal.runs.index import read_index
from xmodal.runs.run import Run, RunError, State, open_run
from xmodal.seeding import stream
from xmodal.workspace import Workspace

ENDLESS = shrunk(MATCHMAPS["matchmaps-tiny"], "stages.0.epochs=100000")


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    here = Workspace(tmp_path / "workspace")
    here.prepare()
    found = Queue(here)
    yield found
    end_all(found)


def steps(run: Run) -> int:
    return run.status().step


def run_of(job: Job) -> Run:
    return open_run(Path(job.spec.run))


def test_a_training_is_launched_stopped_and_goes_on(queue: Queue) -> None:
    job = training.launch(ENDLESS, queue)
    run = run_of(job)
    assert run.name == "matchmaps-tiny-1"
    assert job.spec.lane == "train cpu"
    with pytest.raises(JobError, match=r"is (queued|running) already, as job 0001-train"):
        training.resume(run, queue)
    until(lambda: steps(run) > 5)
    assert run.status().state is State.RUNNING
    training.stop(job)
    until(lambda: job.state is JobState.STOPPED)
    assert run.status().state is State.STOPPED
    with pytest.raises(JobError, match="is stopped"):
        training.stop(job)

    done = steps(run)
    again = training.resume(run, queue)
    assert [each.id for each in queue.jobs() if each.spec.run == job.spec.run] == [job.id, again.id]
    until(lambda: steps(run) > done + 5)
    queue.cancel(again)
    until(lambda: again.state is not JobState.RUNNING)
    assert again.state is JobState.CANCELLED
    assert job.state is JobState.STOPPED
    assert run.checkpoints
    run.write_status(run.status().model_copy(update={"state": State.FINISHED}))
    with pytest.raises(RunError, match="is finished"):
        training.resume(run, queue)


def test_killed_at_random_moments_every_run_goes_on_and_nobody_claims_that_the_dead_run(queue: Queue) -> None:
    kills(queue, 5, seed=1)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_killed_fifty_times(queue: Queue) -> None:
    kills(queue, 50, seed=2)


def kills(queue: Queue, count: int, seed: int) -> None:
    """Kill the trainer, its runner or both, `count` times in all, at random moments of a run that goes on each time."""
    random = stream(seed, "kills of jobs")
    job = training.launch(ENDLESS, queue)
    run = run_of(job)
    print(f"\n{'kill':>4} {'killed':<16} {'job told':<8} {'run told':<8} {'last step':>9} {'goes on from':>12}")
    for number in range(1, count + 1):
        killed = kill(job, run, random)
        saved = read_index(run.checkpoint()).step if run.checkpoints else 0
        told = f"{job.state.value:<8} {run.status().state.value:<8} {steps(run):>9} {saved:>12}"
        print(f"{number:>4} {' then '.join(killed):<16} {told}")
        job = training.resume(run, queue)
    until(lambda: steps(run) > 0 and run.status().state is State.RUNNING)
    queue.cancel(job)
    until(lambda: job.state is JobState.CANCELLED)
    numbers = [line["step"] for line in run.metrics() if "loss" in line]
    assert numbers == sorted(set(numbers))


def kill(job: Job, run: Run, random: np.random.Generator) -> tuple[str, ...]:
    """Kill some of a job's processes at a random moment, half of the time after a step was done; which were killed."""
    before = steps(run)
    until(lambda: job.child is not None)
    if random.uniform() < 0.5:
        until(lambda: steps(run) > before)
    time.sleep(float(random.uniform(0.0, 1.0)))
    assert job.state is JobState.RUNNING
    killed = [("child",), ("runner", "child"), ("child", "runner")][int(random.integers(3))]
    for name in killed:
        os.kill(getattr(job, name).pid, signal.SIGKILL)
    until(lambda: job.state is not JobState.RUNNING)
    assert job.state in (JobState.FAILED, JobState.LOST)
    assert run.status().state is not State.RUNNING
    for line in whole_lines(run):
        assert isinstance(json.loads(line), dict)
    return killed


def whole_lines(run: Run) -> list[str]:
    """Lines of the metrics; what follows the last line end is being written or was cut off."""
    path = run.folder / "metrics.jsonl"
    text = path.read_text() if path.exists() else ""
    return text.split("\n")[:-1]
