"""A run directory: what is on disk is the truth, also after a kill."""

import json
import os
from pathlib import Path

import pytest
import torch

from tests.training.tiny import new_run
from xmodal.runs.checkpoint import save_checkpoint
from xmodal.runs.run import INTERRUPTED, Run, RunError, RunManifest, State, Status, create, open_run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return new_run(tmp_path / "try")


def _checkpoint(run: Run, step: int, epoch: int, *, whole: bool = True) -> Path:
    folder = run.checkpoint_path(step)
    save_checkpoint(folder, {"model": {"x": torch.ones(1)}}, step=step, epoch=epoch, whole=whole)
    return folder


def test_a_new_run(run: Run) -> None:
    assert run.name == run.manifest.name == "try"
    assert run.status().state is State.CREATED
    assert run.checkpoints == ()
    assert list(run.metrics()) == []
    with pytest.raises(RunError, match="try has no checkpoint yet"):
        run.checkpoint()
    assert open_run(run.folder).manifest == run.manifest


def test_a_folder_is_launched_once(run: Run) -> None:
    with pytest.raises(RunError, match="already holds a run"):
        create(run.folder, run.manifest)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "is not a run"), ("{", "damaged"), ('{"format": 9}', "newer version: format"), ("[]", "damaged")],
)
def test_what_is_not_a_run(tmp_path: Path, content: str | None, words: str) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(RunError, match=words) as caught:
        open_run(tmp_path)
    assert len(str(caught.value).splitlines()) == 1


def test_the_manifest_round_trips() -> None:
    full = RunManifest(name="a", recipe={"x": [1]}, created="now", versions={"torch": "2"}, parents={"image": "b c"})
    assert RunManifest.model_validate_json(full.model_dump_json()) == full


def test_a_metrics_line_cut_off_by_a_kill_is_left_out(run: Run) -> None:
    run.log({"step": 1, "loss": 0.5})
    run.log({"step": 2, "loss": 0.25})
    path = run.folder / "metrics.jsonl"
    path.write_bytes(path.read_bytes()[:-9])
    assert list(run.metrics()) == [{"step": 1, "loss": 0.5}]
    with path.open("ab") as file:
        file.write(b"\xff\xfe\n3\n")
    assert list(run.metrics()) == [{"step": 1, "loss": 0.5}]


def test_rewinding_drops_what_will_be_done_again(run: Run) -> None:
    for step in range(1, 6):
        run.log({"step": step})
    with (run.folder / "metrics.jsonl").open("a") as file:
        file.write('{"step": 6, "lo')
    run.rewind_metrics(3)
    run.log({"step": 4})
    assert [line["step"] for line in run.metrics()] == [1, 2, 3, 4]


def test_the_status_says_who_and_when(run: Run) -> None:
    with run.lock():
        run.write_status(Status(state=State.RUNNING, step=3, steps=9))
        status = run.status()
        assert (status.state, status.step, status.pid) == (State.RUNNING, 3, os.getpid())
        assert status.updated
    status = run.status()  # nobody trains it any more, whatever the file says
    assert (status.state, status.step, status.message) == (State.STOPPED, 3, INTERRUPTED)
    (run.folder / "status.json").write_text("nonsense")
    with pytest.raises(RunError, match="damaged"):
        run.status()


def test_the_stop_flag(run: Run) -> None:
    assert not run.stop_requested()
    run.request_stop()
    assert run.stop_requested()
    run.clear_stop()
    run.clear_stop()
    assert not run.stop_requested()


def test_checkpoints_by_epoch(run: Run) -> None:
    first, second = _checkpoint(run, 10, 1), _checkpoint(run, 20, 2)
    middle = _checkpoint(run, 25, 2, whole=False)
    assert run.checkpoints == (first, second, middle)
    assert run.checkpoint() == middle
    assert run.checkpoint(2) == second
    with pytest.raises(RunError, match="no checkpoint of epoch 3; kept: 1, 2"):
        run.checkpoint(3)
    run.drop_checkpoint(second)
    with pytest.raises(RunError, match="no checkpoint of epoch 2; kept: 1"):
        run.checkpoint(2)


def test_one_process_trains_a_run_and_clears_what_another_left(run: Run) -> None:
    kept = _checkpoint(run, 10, 1)
    half = run.checkpoint_path(20)
    half.mkdir()
    (half / "model.safetensors").write_text("half removed")
    (kept.parent / ".step-0000030.x1y2").mkdir()
    (kept.parent / ".step-0000030.x1y2" / "model.safetensors").write_text("half written")
    assert run.checkpoints == (kept,)
    with run.lock():
        assert list(kept.parent.iterdir()) == [kept]
        with pytest.raises(RunError, match=f"is being trained by process {os.getpid()}"), open_run(run.folder).lock():
            pass
    with run.lock():
        pass
    assert json.loads((run.folder / "status.json").read_text())["state"] == "created"
