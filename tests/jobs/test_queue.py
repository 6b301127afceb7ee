"""Jobs, run by real processes."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.waiting import end_all, until
from xmodal.jobs import local
from xmodal.jobs.job import CHILD, EXIT, SPEC, STARTED, Job, JobError, JobState
from xmodal.jobs.queue import Queue, Work
from xmodal.workspace import Workspace

SHORT = ("workspace", "show", "--json")
WRONG = ("data", "show", "no-such-catalog")
LONG = ("world", "build", "--items", "100000", "--modalities", "text", "--workers", "1")


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    here = Workspace(tmp_path / "workspace")
    here.prepare()
    found = Queue(here)
    yield found
    end_all(found)


def work(*arguments: str, lane: str = "analysis") -> Work:
    return Work(" ".join(arguments[:2]), arguments, lane)


def test_a_job_runs_by_itself_and_its_folder_tells_how_it_ended(queue: Queue) -> None:
    job = queue.submit(work(*SHORT))
    assert job.id == "0001-workspace"
    until(lambda: job.state is JobState.FINISHED)
    assert '"catalogs"' in job.log() or "{" in job.log()
    bad = queue.submit(work(*WRONG))
    until(lambda: bad.state is JobState.FAILED)
    assert "no-such-catalog" in bad.message
    assert bad.exit is not None
    assert bad.exit.code == 2
    assert [each.id for each in queue.jobs()] == ["0001-workspace", "0002-data"]


def test_jobs_of_a_lane_wait_for_each_other_and_the_last_runner_begins_the_next(queue: Queue) -> None:
    first = queue.submit(work(*LONG, lane="train cpu"))
    second, third, fourth = (queue.submit(work(*SHORT, lane="train cpu")) for _ in range(3))
    aside = queue.submit(work(*SHORT))
    until(lambda: aside.state is JobState.FINISHED)  # another lane does not wait
    assert first.state is JobState.RUNNING
    assert [each.state for each in (second, third, fourth)] == [JobState.QUEUED] * 3
    queue.move(fourth, -5)
    assert [each.id for each in queue.waiting()] == [fourth.id, second.id, third.id]
    queue.cancel(third)
    assert third.state is JobState.CANCELLED
    queue.cancel(first)
    until(lambda: second.state is JobState.FINISHED)  # nobody has looked at the queue meanwhile
    assert first.state is JobState.CANCELLED
    assert fourth.exit is not None
    assert fourth.exit.ended <= second.exit.ended if second.exit else False
    assert third.state is JobState.CANCELLED
    assert third.runner is None
    for job in (first, third):
        with pytest.raises(JobError, match="cancelled"):
            queue.cancel(job)
    with pytest.raises(JobError, match="does not wait"):
        queue.move(second, 1)


@pytest.mark.parametrize("names", [("runner",), ("child",), ("runner", "child")])
def test_a_killed_process_is_never_said_to_run(queue: Queue, names: tuple[str, ...]) -> None:
    job = queue.submit(work(*LONG))
    after = queue.submit(work(*SHORT))
    until(lambda: job.child is not None)
    for name in names:
        os.kill(getattr(job, name).pid, signal.SIGKILL)
    if names == ("runner",):
        until(lambda: job.runner is not None and not job.runner.alive)
        assert job.state is JobState.RUNNING  # the work goes on, and can be ended
        queue.cancel(job)
        assert job.child is not None
        assert not job.child.alive
    until(lambda: job.state is not JobState.RUNNING)
    assert job.state is (JobState.FAILED if names == ("child",) else JobState.LOST)
    queue.advance()  # where the runner was killed, whoever looks next begins the next
    until(lambda: after.state is JobState.FINISHED)


def test_a_job_begins_once_however_many_look(queue: Queue) -> None:
    job = queue.submit(work(*SHORT))
    local.begin(job, queue.workspace)  # as by a second server that knew nothing of the first
    until(lambda: job.state is JobState.FINISHED)
    time.sleep(1.0)
    assert job.log().count('"root"') <= 1


def test_a_damaged_file_harms_its_own_job_alone(queue: Queue) -> None:
    good, bad, worse = (queue.submit(work(*SHORT)) for _ in range(3))
    until(lambda: worse.state is JobState.FINISHED)
    (bad.folder / EXIT).write_text("{")
    (worse.folder / SPEC).write_text("no JSON")
    assert [each.id for each in queue.jobs()] == [good.id, bad.id]
    assert good.state is JobState.FINISHED
    with pytest.raises(JobError, match=r"exit\.json is damaged"):
        _ = Job(bad.folder).state
    assert list(queue.damaged()) == [bad.id, worse.id]
    following = queue.submit(work(*SHORT))
    until(lambda: following.state is JobState.FINISHED)
    queue.remove(queue.job(worse.id, damaged=True))
    assert list(queue.damaged()) == [bad.id]


def test_a_job_with_a_damaged_file_counts_as_long_as_its_process_lives(queue: Queue) -> None:
    job = queue.submit(work(*LONG))
    until(lambda: (job.folder / CHILD).exists())
    whole = (job.folder / STARTED).read_bytes()
    (job.folder / STARTED).write_text("{")
    following = queue.submit(work(*SHORT))
    queue.advance()
    assert following.state is JobState.QUEUED
    with pytest.raises(JobError, match="its process still works"):
        queue.remove(job)
    (job.folder / STARTED).write_bytes(whole)
    queue.cancel(job)
    until(lambda: following.state is JobState.FINISHED)


def test_an_ended_job_can_be_forgotten(queue: Queue) -> None:
    job = queue.submit(work(*LONG))
    with pytest.raises(JobError, match="cancel it first"):
        queue.remove(job)
    until(lambda: (job.folder / CHILD).exists())
    queue.cancel(job)
    until(lambda: job.state is JobState.CANCELLED)
    queue.remove(job)
    assert queue.jobs() == ()
    with pytest.raises(JobError, match="no job"):
        queue.job(job.id)
