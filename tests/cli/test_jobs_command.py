"""`jobs` from the command line: a training is launched, listed, stopped, goes on, is cancelled."""

from pathlib import Path

import pytest

from tests.cli.running import Commands
from tests.jobs.waiting import end_all, until
from tests.recipes.shrunk import shrunk
from xmodal.jobs import local
from xmodal.jobs.job import Job, JobState
from xmodal.jobs.queue import Queue
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.changes import differences
from xmodal.runs.run import open_run
from xmodal.workspace import Workspace

NAME = "matchmaps-tiny"
ENDLESS = (*differences(MATCHMAPS[NAME], shrunk(MATCHMAPS[NAME])), "stages.0.epochs=100000")


def test_a_training_in_the_background(xmodal: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    assert xmodal("jobs", "list", "--json").json == {"jobs": [], "damaged": {}, "fault": ""}
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
        monkeypatch.setattr(local, "begin", lambda *_: None)  # from here on jobs wait
        again = xmodal("jobs", "resume", f"{NAME}-1", "--json").json
        assert again["run"] == job.spec.run
        listed = xmodal("jobs", "list", "--json").json["jobs"]
        assert [each["state"] for each in listed][:2] == ["stopped", "cancelled"]
        forked = xmodal("jobs", "fork", f"{NAME}-1", "--set", "seed=9", "--json").json
        recipe = open_run(Path(forked["run"])).manifest.recipe
        assert (forked["state"], recipe["seed"], recipe["start"][0]["run"]) == ("queued", 9, f"{NAME}-1")
        fresh = xmodal("jobs", "fork", f"{NAME}-1", "--fresh", "--json").json
        assert open_run(Path(fresh["run"])).manifest.recipe == run.manifest.recipe
        for each in (forked, fresh):
            assert xmodal("jobs", "cancel", each["id"], "--json").json["state"] == "cancelled"
        assert xmodal("jobs", "cancel", again["id"]).code == 0
        assert Job(job.folder.with_name(again["id"])).state is JobState.CANCELLED
    finally:
        end_all(Queue(Workspace(xmodal.workspace)))


def test_any_other_command_in_the_background(xmodal: Commands) -> None:
    asked = xmodal("jobs", "run", "--json", "--", "workspace", "show", "--json").json
    queue = Queue(Workspace(xmodal.workspace))
    job = queue.job(asked["id"])
    try:
        until(lambda: job.state is JobState.FINISHED)
        assert str(xmodal.workspace) in xmodal("jobs", "logs", job.id).out
        assert xmodal("jobs", "remove", job.id).out == f"{job.id}: forgotten\n"
        assert not queue.jobs()
        assert xmodal("jobs", "run").code == 2
    finally:
        end_all(queue)
