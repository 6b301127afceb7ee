"""A shipped run is the same network without its optimiser."""

from pathlib import Path

import pytest
import torch

from tests.recipes.fresh_run import fresh_run
from xmodal.recipes.networks import load_matchmaps
from xmodal.recipes.ship import ship
from xmodal.runs.checkpoint import load_tensors, save_checkpoint
from xmodal.runs.run import Run, RunError, State, Status
from xmodal.workspace import Workspace


@pytest.fixture
def finished(tmp_path: Path) -> Run:
    run = fresh_run(Workspace(tmp_path / "workspace"))
    weights = load_tensors(run.checkpoint(), "model")
    optimiser = {"0.momentum_buffer": torch.zeros(3)}
    save_checkpoint(run.checkpoint_path(1), {"model": weights, "optimiser": optimiser}, step=1, epoch=1)
    run.log({"step": 1, "epoch": 1, "validation": {"recall_at_10": 0.5}})
    run.write_status(Status(state=State.FINISHED, step=1, steps=1, epoch=1))
    return run


def test_the_copy_is_the_same_network_with_its_curve(finished: Run, tmp_path: Path) -> None:
    copied = ship(finished, tmp_path / "given away")
    assert sorted(path.name for path in copied.checkpoint().iterdir()) == ["checkpoint.json", "model.safetensors"]
    assert list(copied.metrics()) == list(finished.metrics())
    assert copied.manifest == finished.manifest
    old, new = load_matchmaps(finished).state_dict(), load_matchmaps(copied).state_dict()
    assert all(torch.equal(old[name], new[name]) for name in old)


def test_a_run_that_is_not_finished_or_a_place_that_is_taken_is_refused(finished: Run, tmp_path: Path) -> None:
    ship(finished, tmp_path / "copy")
    with pytest.raises(RunError, match="is there already"):
        ship(finished, tmp_path / "copy")
    finished.write_status(Status(state=State.STOPPED))
    with pytest.raises(RunError, match="is stopped: finish it first"):
        ship(finished, tmp_path / "other")
    assert not (tmp_path / "other").exists()
