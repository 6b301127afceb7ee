"""`runs` from the command line: what there is, notes, tags, deleting and bringing back."""

import pytest

from tests.cli.running import Commands
from tests.jobs.waiting import end_all, until
from tests.recipes.fresh_run import fresh_run
from tests.recipes.shrunk import shrunk
from tests.training.tiny import new_run
from xmodal.jobs import training
from xmodal.jobs.job import JobState
from xmodal.jobs.queue import Queue
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.launch import next_folder
from xmodal.runs.run import State, Status
from xmodal.workspace import Workspace

TINY = "matchmaps-tiny"


def test_runs_are_listed_noted_and_tagged(xmodal: Commands) -> None:
    assert xmodal("runs", "list", "--json").json == {"runs": []}
    here = Workspace(xmodal.workspace)
    run = new_run(here.runs / "a-1")
    run.write_status(Status(state=State.FAILED, step=1200, steps=5000, message="the disk is full"))
    run.log({"step": 600, "epoch": 1, "validation": {"recall_at_10": 0.25}})
    run.log({"step": 1200, "epoch": 2, "validation": {"recall_at_10": 0.5, "auc_seen": None}})
    assert xmodal("runs", "note", "a-1", "of the evening").out == "a-1: no tags\nof the evening\n"
    assert xmodal("runs", "tag", "a-1", "--add", "best", "paper", "--remove", "x", "--json").json["tags"] == [
        "best", "paper",
    ]  # fmt: skip
    assert xmodal("runs", "note", "a-1", "--json").json == {
        "run": "a-1", "note": "of the evening", "tags": ["best", "paper"],
    }  # fmt: skip
    (row,) = xmodal("runs", "list", "--json").json["runs"]
    assert row == {
        "name": "a-1", "state": "failed", "step": 1200, "steps": 5000, "scores": {"recall_at_10": 0.5},
        "note": "of the evening", "tags": ["best", "paper"], "message": "the disk is full",
    }  # fmt: skip
    line = xmodal("runs", "list").out
    assert line.split() == "a-1 failed 1,200/5,000 R@10 0.500 best paper the disk is full".split()


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("note", "x", "y"), "there is no run 'x'"),
        (("tag", "a-1", "--add", "Not So"), "tags"),
        (("note", "a-1", "a\x07b"), "text: a note holds letters and signs"),
        (("delete", "matchmaps-demo-cosine"), "comes with the product"),
        (("restore", "x"), "no run 'x' in the trash"),
    ],
)
def test_what_cannot_be_done_is_one_line(xmodal: Commands, words: tuple[str, ...], fault: str) -> None:
    new_run(Workspace(xmodal.workspace).runs / "a-1")
    shown = xmodal("runs", *words)
    assert (shown.code, shown.out) == (2, "")
    assert fault in shown.err
    assert len(shown.err.splitlines()) == 1


def test_deleted_and_brought_back(xmodal: Commands) -> None:
    here = Workspace(xmodal.workspace)
    run = fresh_run(here)
    assert xmodal("runs", "delete", run.name, "--json").json == {"run": run.name, "trash": f"0001-{run.name}"}
    assert xmodal("runs", "list").out == ""
    (entry,) = xmodal("runs", "trash", "--json").json["trash"]
    assert entry["run"] == run.name
    assert f"0001-{run.name}" in xmodal("runs", "trash").out
    assert next_folder(shrunk(MATCHMAPS[TINY]), here).name == f"{TINY}-2"  # the name stays free for its return
    assert xmodal("runs", "restore", run.name).out == f"{run.name} is back\n"
    assert run.manifest.name == run.name
    shown = xmodal("runs", "delete", run.name)
    assert (
        shown.out == f"{run.name} is in the trash; bring it back with: python -m xmodal runs restore 0001-{run.name}\n"
    )
    assert xmodal("runs", "trash", "--empty", "--json").json["freed_bytes"] == pytest.approx(entry["bytes"], abs=2_000)
    assert xmodal("runs", "trash").out == ""


def test_a_run_that_a_job_needs_is_not_deleted(xmodal: Commands) -> None:
    queue = Queue(Workspace(xmodal.workspace))
    queue.workspace.prepare()
    endless = shrunk(MATCHMAPS[TINY], "stages.0.epochs=100000")
    job, waiting = training.launch(endless, queue), training.launch(endless, queue)
    try:
        shown = xmodal("runs", "delete", f"{TINY}-1")
        assert shown.code == 2
        assert f"{TINY}-1 is running, as job {job.id}: stop or cancel it first" in shown.err
        assert f"is queued, as job {waiting.id}" in xmodal("runs", "delete", f"{TINY}-2").err
        queue.cancel(waiting)
        assert xmodal("runs", "delete", f"{TINY}-2").code == 0
        queue.cancel(job)
        until(lambda: job.state is JobState.CANCELLED)
        assert xmodal("runs", "delete", f"{TINY}-1").code == 0
    finally:
        end_all(queue)
