"""Trainings on a real Slurm with one node: submitted, watched, cancelled, requeued, preempted, out of time."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.cli.running import Commands
from tests.jobs.one_node import CPUS
from tests.jobs.waiting import end_all, until
from tests.pages.shown import opened, shown
from tests.recipes.shrunk import shrunk
from tests.ui.tiny_catalog import build
from xmodal.jobs import slurm as commands
from xmodal.jobs import training
from xmodal.jobs.cluster_options import ClusterOptions
from xmodal.jobs.job import SUBMITTED, Job, JobError, JobState
from xmodal.jobs.queue import Queue, Work
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.changes import differences
from xmodal.recipes.networks import run_names
from xmodal.runs.run import Run, State, open_run
from xmodal.ui import state
from xmodal.ui.navigation import TRAIN
from xmodal.workspace import VARIABLE, Workspace

pytestmark = [pytest.mark.xdist_group("slurm"), pytest.mark.usefixtures("slurm")]
SHORT = shrunk(MATCHMAPS["matchmaps-tiny"])
ENDLESS = shrunk(MATCHMAPS["matchmaps-tiny"], "stages.0.epochs=100000")
ONE_CORE = ClusterOptions(partition="main", cpus=1, memory_gb=1.0)
SPARE = ONE_CORE.model_copy(update={"partition": "spare"})


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    here = Workspace(tmp_path / "a workspace")
    here.prepare()
    until(lambda: commands.available() is None)
    found = Queue(here)
    yield found
    for job in found.jobs():
        if job.submitted is not None and job.exit is None:
            commands.end(job.submitted.slurm_job)
    end_all(found)


def run_of(job: Job) -> Run:
    return open_run(Path(job.spec.run))


def number_of(job: Job) -> str:
    assert job.submitted is not None
    return str(job.submitted.slurm_job)


def goes_on(job: Job) -> None:
    """It was ended by Slurm: it waits, has saved every step that it did, and goes on with the next."""
    run = run_of(job)
    until(lambda: job.state is JobState.QUEUED)
    until(lambda: run.status().state is State.STOPPED)
    done = run.status().step
    assert run.checkpoints[-1] == run.checkpoint_path(done)
    until(lambda: run.status().state is State.RUNNING and run.status().step > done + 20)
    assert job.state is JobState.RUNNING
    numbers = [line["step"] for line in run.metrics() if "loss" in line]
    assert numbers == sorted(set(numbers))
    assert max(number for number in numbers if number <= done) > done - 10  # one of ten is logged


def press(test: AppTest, label: str) -> None:
    next(each for each in test.button if each.label == label).click()
    shown(test)


def launched_from_the_page(queue: Queue) -> Job:
    """The endless training, by the form."""
    lines = "\n".join(differences(MATCHMAPS[ENDLESS.name], ENDLESS))
    asked = {state.WHERE: "Slurm", "slurm_partition": "main", "slurm_cpus": "1", "slurm_memory_gb": "1.0"}
    test = opened(TRAIN, {state.RECIPE: ENDLESS.name, state.CHANGES: lines} | asked)
    command = next(each.value for each in test.code if "jobs launch" in each.value)
    assert command.endswith("--on slurm --partition main --cpus 1 --memory-gb 1.0")
    press(test, "Start training")
    return queue.jobs()[-1]


def test_trainings_are_submitted_watched_and_cancelled(
    queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(queue.workspace.catalogs, tmp_path / "pictures and sounds")
    monkeypatch.setenv(VARIABLE, str(queue.workspace.root))
    short = training.launch(SHORT, queue, cluster=ONE_CORE)
    seen = [short.state]
    long = launched_from_the_page(queue)
    assert long.spec.cluster == ONE_CORE
    waiting = training.launch(ENDLESS, queue, cluster=ONE_CORE.model_copy(update={"cpus": CPUS}))
    assert long.spec.lane == "slurm main"
    assert waiting.state is JobState.QUEUED
    assert "PENDING" in waiting.slurm_says
    assert queue.waiting() == ()  # they hold back nothing here
    with pytest.raises(JobError, match="already, as job 0002-train"):
        training.resume(run_of(long), queue)
    queue.cancel(waiting)
    until(lambda: waiting.state is JobState.CANCELLED)
    assert run_of(waiting).status().state is State.CREATED

    def watched() -> bool:
        seen.append(short.state)
        return seen[-1] is JobState.FINISHED

    until(watched)
    assert list(dict.fromkeys(seen)) in (
        [JobState.QUEUED, JobState.RUNNING, JobState.FINISHED],
        [JobState.RUNNING, JobState.FINISHED],
    )
    assert run_of(short).status().state is State.FINISHED
    assert "finished after 2 steps" in short.log()

    until(lambda: run_of(long).status().step > 3)
    assert long.state is JobState.RUNNING
    watching = opened(TRAIN, {state.TRAIN: "Jobs", state.JOB: long.id})  # as in a server that began after it
    assert "Pairs a second" in " ".join(each.value for each in watching.markdown)
    press(watching, "Cancel")
    until(lambda: long.exit is not None)
    assert long.state is JobState.CANCELLED
    assert run_of(long).checkpoints  # it has saved
    with pytest.raises(JobError, match="is cancelled already"):
        queue.cancel(long)


def test_what_slurm_does_not_take_leaves_nothing(queue: Queue) -> None:
    with pytest.raises(JobError, match=r"Slurm does not take it: .*[Ii]nvalid partition"):
        training.launch(SHORT, queue, cluster=ONE_CORE.model_copy(update={"partition": "nowhere"}))
    assert queue.jobs() == ()
    assert not any(name.startswith(SHORT.name) for name in run_names(queue.workspace) if "-1" in name)


def test_a_job_whose_end_nobody_wrote_down_is_told_by_slurm(queue: Queue) -> None:
    work = Work("Show", ("workspace", "show"), "slurm main", cluster=ONE_CORE.model_copy(update={"setup": ("exit 3",)}))
    job = queue.submit(work)
    until(lambda: job.state is JobState.FAILED)
    assert "FAILED (NonZeroExitCode)" in job.message
    (job.folder / SUBMITTED).write_text('{"slurm_job": 999999}')
    assert job.state is JobState.LOST
    assert job.message == "Slurm job 999999: forgotten"
    (job.folder / SUBMITTED).unlink()
    assert job.state is JobState.LOST


def test_on_the_command_line(queue: Queue, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(VARIABLE, str(queue.workspace.root))
    xmodal = Commands(queue.workspace.root, capsys)
    refused = xmodal("jobs", "launch", SHORT.name, "--partition", "main")
    assert refused.code == 2
    assert "partition: only Slurm is asked for that; add --on slurm" in refused.err
    asked = ("--on", "slurm", "--partition", "main", "--cpus", "1", "--time-min", "5")
    launched = xmodal("jobs", "launch", SHORT.name, *asked, "--json").json
    assert launched["lane"] == "slurm main"
    assert launched["slurm"].startswith("Slurm job ")
    assert xmodal("jobs", "cancel", launched["id"]).code == 0
    until(lambda: queue.job(launched["id"]).state is JobState.CANCELLED)
    again = xmodal("jobs", "resume", f"{SHORT.name}-1", *asked, "--setup", "sleep 60", "--json").json
    assert "slurm main" in xmodal("jobs", "list").out
    xmodal("jobs", "cancel", again["id"])
    until(lambda: queue.job(again["id"]).state is JobState.CANCELLED)


@pytest.mark.nightly
@pytest.mark.timeout(600)
def test_requeued_it_goes_on_at_the_step_at_which_it_was_ended(queue: Queue) -> None:
    job = training.launch(ENDLESS, queue, cluster=ONE_CORE)
    until(lambda: run_of(job).status().step > 5)
    subprocess.run(["scontrol", "requeue", number_of(job)], check=True)
    goes_on(job)
    queue.cancel(job)
    until(lambda: job.exit is not None)
    assert job.state is JobState.CANCELLED


@pytest.mark.nightly
def test_on_two_gpus_two_processes_share_a_training(queue: Queue) -> None:
    recipe = shrunk(MATCHMAPS["matchmaps-tiny"], "stages.*.batch=4")
    job = training.launch(recipe, queue, cluster=ONE_CORE.model_copy(update={"gpus": 2, "cpus": CPUS}))
    until(lambda: job.exit is not None)
    assert job.state is JobState.FINISHED, job.log()
    assert "2 processes" in run_of(job).manifest.trained_on[0]


@pytest.mark.nightly
@pytest.mark.timeout(600)
def test_preempted_it_gives_way_and_goes_on(queue: Queue) -> None:
    job = training.launch(ENDLESS, queue, cluster=SPARE.model_copy(update={"cpus": CPUS}))
    until(lambda: run_of(job).status().step > 5)
    first = training.launch(SHORT, queue, cluster=ONE_CORE)
    until(lambda: job.state is JobState.QUEUED)
    until(lambda: first.state is JobState.FINISHED)
    goes_on(job)


@pytest.mark.nightly
@pytest.mark.timeout(600)
def test_out_of_time_it_saves_and_goes_on_as_often_as_was_asked_for(queue: Queue) -> None:
    brief = ONE_CORE.model_copy(update={"time_min": 2, "save_s": 20})
    job = training.launch(ENDLESS, queue, cluster=brief)
    once = training.launch(ENDLESS, queue, cluster=brief.model_copy(update={"restarts": 0}))
    until(lambda: once.state is JobState.STOPPED)
    assert run_of(once).status().state is State.STOPPED
    assert run_of(once).checkpoints
    assert "all 0 restarts are used up" in once.log()
    goes_on(job)
    assert "restart 1 of at most 20" in job.log()


def test_nothing_is_claimed_where_slurm_does_not_answer(
    queue: Queue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    job = queue.submit(Work("Show", ("workspace", "show"), "slurm main", cluster=ONE_CORE))
    until(lambda: job.state is JobState.FINISHED)
    (job.folder / "exit.json").unlink()
    original = Path(os.environ["SLURM_CONF"])
    away = tmp_path / "slurm.conf"
    lines = original.read_text().splitlines()
    away.write_text("\n".join("SlurmctldPort=1" if line.startswith("SlurmctldPort") else line for line in lines))
    monkeypatch.setenv("SLURM_CONF", str(away))
    until(lambda: job.state is JobState.UNKNOWN)
    assert "Slurm does not answer" in job.message
    assert "Slurm does not answer" in str(commands.available())
    with pytest.raises(JobError, match="Slurm does not answer"):
        training.launch(SHORT, queue, cluster=ONE_CORE)
    with pytest.raises(JobError, match="cancel it first"):
        queue.remove(job)
