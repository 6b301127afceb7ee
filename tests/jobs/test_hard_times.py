"""A full disk, a workspace that nobody may write to, damaged files: one clear line each, and everybody else goes on."""

import contextlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.jobs.waiting import end_all, until
from tests.recipes.fresh_run import fresh_run
from tests.recipes.shrunk import shrunk
from xmodal.jobs import training
from xmodal.jobs.job import EXIT, PROGRESS, SPEC, STARTED, Job, JobSpec, JobState
from xmodal.jobs.process import ProcessIdentity
from xmodal.jobs.queue import Queue, Work
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.networks import load_matchmaps
from xmodal.recipes.trainings import run_training
from xmodal.runs.notes import NOTES
from xmodal.runs.run import MANIFEST, Run, State, open_run
from xmodal.runs.summary import summaries
from xmodal.training.events import Saved
from xmodal.ui.networks import background, trained
from xmodal.workspace import VARIABLE, Workspace

ENDLESS = shrunk(MATCHMAPS["matchmaps-tiny"], "stages.0.epochs=100000")
ROOT = os.geteuid() == 0
DISK_BYTES = 12_000_000


def mounted(folder: Path) -> bool:
    """A small disk of its own at that place, where the machine lets us."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    return ROOT and subprocess.run(words, capture_output=True).returncode == 0


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    small = tmp_path / "small"
    own_disk = mounted(small)
    found = Workspace(small / "workspace")
    found.prepare()
    monkeypatch.setenv(VARIABLE, str(found.root))
    yield found
    end_all(Queue(found))
    if own_disk:
        until(lambda: subprocess.run(["umount", str(small)], capture_output=True).returncode == 0)


@contextlib.contextmanager
def no_room(here: Workspace, process: ProcessIdentity) -> Iterator[None]:
    """Fill the disk; where it is not ours to fill, let the process write no file of more than a few bytes."""
    if not here.root.parent.is_mount():
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (6_000, resource.RLIM_INFINITY))
        yield
        return
    filler = here.root.parent / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        for size in (1_000_000, 1_000, 1):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
    yield
    filler.unlink()


def test_a_training_whose_disk_fills_up_says_so_keeps_its_checkpoint_and_goes_on_later(here: Workspace) -> None:
    queue = Queue(here)
    job = training.launch(ENDLESS, queue)
    run = open_run(Path(job.spec.run))
    until(lambda: bool(run.checkpoints) and run.status().step > 5)
    assert job.child is not None
    with no_room(here, job.child):
        until(lambda: job.state is not JobState.RUNNING)
        status = run.status()
        assert (job.state, status.state) == (JobState.FAILED, State.FAILED)
        assert any(words in status.message for words in ("disk is full", "No space left", "large"))
        assert status.message in job.message
        assert "Traceback" not in job.log()
        load_matchmaps(run)
        (row,) = background.rows()
        assert (row.state, row.resumable) == ("failed", True)
        if here.root.parent.is_mount():
            assert background.fault().endswith(
                "workspace cannot be written to: the disk is full: nothing is begun there"
            )
            waiting = queue.submit(Work("More", ("workspace", "show")))  # the training's last room is enough to ask
            queue.advance()
            assert waiting.state is JobState.QUEUED
            assert waiting.runner is None
    done = max(int(folder.name.removeprefix("step-")) for folder in run.checkpoints)
    for event in run_training(run, here):
        if isinstance(event, Saved) and event.step > done:
            run.request_stop()
    assert run.status().state is State.STOPPED
    steps = [line["step"] for line in run.metrics() if "loss" in line]
    assert steps == sorted(set(steps))


def written_job(queue: Queue, number: int, run: Run | None = None) -> Job:
    """A job that has ended, as it lies on disk."""
    job = Job(queue.root / f"{number:04d}-train")
    job.folder.mkdir(parents=True)
    folder = "" if run is None else str(run.folder)
    spec = JobSpec(number=number, title="x", arguments=("train",), lane="train cpu", run=folder, created="2026-01-01")
    job.write(SPEC, spec)
    job.write(STARTED, ProcessIdentity(boot="another", pid=1, since_boot_s=1.0))
    job.end(0)
    return job


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 9}', "\0\0\0\0"], ids=repr)
def test_a_damaged_file_is_one_line_and_everybody_else_is_unaffected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    here = Workspace(tmp_path)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    queue = Queue(here)
    good = fresh_run(here)
    fine = written_job(queue, 1, good)
    for number, name in enumerate((SPEC, STARTED, EXIT, PROGRESS), start=2):
        job = written_job(queue, number)
        if name == STARTED:
            (job.folder / EXIT).unlink()
        (job.folder / name).write_text(content)
    (queue.root / "order.json").write_text(content)
    for name in (MANIFEST, "status.json", NOTES, "metrics.jsonl"):
        run = Run(here.runs / f"bad-{name.partition('.')[0]}")
        subprocess.run(["cp", "-r", str(good.folder), str(run.folder)], check=True)
        (run.folder / name).write_text(content)
    assert fine.state is JobState.FINISHED
    states = {row.job: row.state for row in background.rows()}
    assert states["0001-train"] == states["0005-train"] == "finished"
    lines = background.damaged().values()
    assert [name for name in (SPEC, STARTED, EXIT) if any(f"/{name} is damaged" in line for line in lines)] == [
        SPEC, STARTED, EXIT,
    ]  # fmt: skip
    assert len(lines) == 3
    rows = {row.name: row for row in summaries(here)}
    assert rows[good.name].state == rows["bad-metrics"].state == "created"
    for name in ("manifest", "status", "notes"):
        assert rows[f"bad-{name}"].state == "damaged"
        assert f"{name}.json" in rows[f"bad-{name}"].message
        assert len(rows[f"bad-{name}"].message.splitlines()) == 1
    told = {each.run: each for each in trained.runs()}
    assert isinstance(told[good.name], trained.RunKey)
    assert isinstance(told["bad-manifest"], trained.Unusable)
    following = queue.submit(Work("More", ("train", "nothing")))
    assert following.id == "0006-train"
    for name in tuple(background.damaged()):
        background.forget(name)
    assert not background.damaged()
    end_all(queue)


COMMANDS = """
import contextlib, io, json, sys
from xmodal.cli import main
from xmodal.ui.networks import background, trained
found = []
for words in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(words)
        except SystemExit as ended:
            code = ended.code
    found.append([code, out.getvalue(), err.getvalue()])
page = [len(background.rows()), background.fault(), len(trained.runs())]
print(json.dumps({"commands": found, "page": page}))
"""


def as_reader(workspace: Path, commands: Sequence[Sequence[str]]) -> dict[str, list[list[object]]]:
    """Commands and the page's calls of somebody who may read the workspace and not write to it."""
    powerless = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"] if ROOT else []
    done = subprocess.run(
        [*powerless, sys.executable, "-c", COMMANDS, json.dumps(commands)],
        env=os.environ | {VARIABLE: str(workspace)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@contextlib.contextmanager
def read_only(root: Path) -> Iterator[None]:
    """Nobody may write there."""
    paths = [root, *root.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path in reversed(paths):
        path.chmod(modes[path] & 0o555)
    try:
        yield
    finally:
        for path in paths:
            path.chmod(modes[path])


def test_who_may_only_read_sees_everything_and_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Workspace(tmp_path / "workspace")
    monkeypatch.setenv(VARIABLE, str(here.root))
    here.prepare()
    run = fresh_run(here)
    waiting = written_job(Queue(here), 1, run)
    for name in (STARTED, EXIT):
        (waiting.folder / name).unlink()
    name = run.name
    refused = (
        ["jobs", "cancel", waiting.id], ["jobs", "launch", "matchmaps-tiny", "--set", "device=cpu"],
        ["runs", "note", name, "x"], ["runs", "tag", name, "--add", "x"], ["runs", "delete", name],
        ["runs", "restore", name], ["train", name, "--resume"],
    )  # fmt: skip
    with run.lock():
        run.write_status(run.status().model_copy(update={"state": State.RUNNING, "step": 3}))
        with read_only(here.root):
            found = as_reader(here.root, [["jobs", "list", "--json"], ["runs", "list", "--json"], *refused])
    (jobs, runs, *others), page = found["commands"], found["page"]
    (job,), damaged, line = json.loads(str(jobs[1])).values()
    assert not damaged
    assert job["state"] == "queued"
    assert line == f"{here.root} cannot be written to: permission denied: nothing is begun there"
    assert json.loads(str(runs[1]))["runs"][0]["state"] == "running"  # another process holds it: that can be seen
    assert page == [1, line, len(trained.runs())]
    for words, (code, out, err) in zip(refused, others, strict=True):
        assert (code, out) == (2, ""), words
        assert len(str(err).splitlines()) == 1, (words, err)
        assert "ermission denied" in str(err), (words, err)
    assert waiting.state is JobState.QUEUED
