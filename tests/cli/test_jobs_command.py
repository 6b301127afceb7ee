"""`jobs` from the command line: a training is launched, listed, stopped, goes on, is cancelled."""

from tests.cli.running import Commands
from tests.jobs.waiting import end_all, until
from tests.recipes.shrunk import shrunk
from xmodal.jobs.job import Job, JobState
from xmodal.jobs.queue import Queue
from xmodal.recipes import RECIPES
from xmodal.recipes.changes import differences
from xmodal.runs.run import open_run
from xmodal.workspace import Workspace

NAME = "matchmaps-tiny"
ENDLESS = (*differences(RECIPES[NAME], shrunk(RECIPES[NAME])), "stages.0.epochs=100000")


def test_a_training_in_the_background(xmodal: Commands) -> None:
    assert xmodal("jobs", "list", "--json").json == {"jobs": [], "damaged": []}
    launched = xmodal("jobs", "launch", NAME, "--set", *ENDLESS, "--json")
    assert launched.code == 0, launched.err
    job = Queue(Workspace(xmodal.workspace)).job(launched.json["id"])
    waiting = xmodal("jobs", "launch", NAME, "--set", *ENDLESS, "--name", "second", "--json").json
    taken = xmodal("jobs", "launch", NAME, "--name", "second")
    assert (taken.code, taken.err) == (2, "error: there is a run second already: choose another name\n")
    try:
        assert (waiting["state"], waiting["title"]) == ("queued", "Train second")
        assert xmodal("jobs", "move", waiting["id"], "-1", "--json").json["state"] == "queued"
        assert xmodal("jobs", "cancel", waiting["id"], "--json").json["state"] == "cancelled"
        refused = xmodal("jobs", "stop", waiting["id"])
        assert (refused.code, refused.out) == (2, "")
        assert "is cancelled: only a training that runs can be stopped" in refused.err
        run = open_run(xmodal.workspace / "runs" / f"{NAME}-1")
        until(lambda: run.status().step > 3)
        assert xmodal("jobs", "stop", job.id).out == f"{job.id}: running, Train {NAME}-1\n"
        until(lambda: job.state is JobState.STOPPED)
        assert "stopped after" in xmodal("jobs", "logs", job.id, "--json").json["log"]
        again = xmodal("jobs", "resume", f"{NAME}-1", "--json").json
        assert again["run"] == job.spec.run
        listed = xmodal("jobs", "list", "--json").json["jobs"]
        assert [each["state"] for each in listed][:2] == ["stopped", "cancelled"]
        assert xmodal("jobs", "cancel", again["id"]).code == 0
        until(lambda: Job(job.folder.with_name(again["id"])).state is JobState.CANCELLED)
    finally:
        end_all(Queue(Workspace(xmodal.workspace)))
