"""A run whose newest checkpoint cannot be used: every command that needs it says so in one line."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from tests.cli.running import Commands
from tests.recipes.fresh_run import fresh_run
from tests.runs.damage import allowed, cut, pickled, wrong_shape
from xmodal.recipes.networks import load_matchmaps
from xmodal.runs.checkpoint import load_tensors, save_checkpoint
from xmodal.runs.run import State, open_run
from xmodal.training.loop import MODEL, OPTIMISER
from xmodal.workspace import Workspace

RUN = "matchmaps-tiny-1"
DATA = "world:seed=6,objects_min=1,objects_max=1"
COMMANDS = {
    "evaluate": ("evaluate", RUN, "--data", DATA, "--n", "5"),
    "train": ("train", RUN, "--resume"),
    "export": ("export", RUN, "--data", DATA, "--item", "0", "--out"),
}


@pytest.fixture
def newest(xmodal: Commands) -> Path:
    """The newest of two checkpoints of a run."""
    run = fresh_run(Workspace(xmodal.workspace))
    folder = run.checkpoint_path(2)
    save_checkpoint(folder, {MODEL: load_tensors(run.checkpoint(), MODEL)}, step=2, epoch=1)
    return folder


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("damage", "forged", "says"),
    [
        (wrong_shape, True, "it holds another network: copy the run again"),
        (cut, False, "is not the file that was saved (its SHA-256 differs): copy the run again"),
        (cut, True, "is not readable as safetensors"),
        (pickled, True, "is not readable as safetensors"),
    ],
    ids=["wrong shape", "cut off", "cut off, forged digest", "pickle, forged digest"],
)
def test_it_is_one_line_that_names_the_file_and_says_what_to_do(
    xmodal: Commands,
    newest: Path,
    tmp_path: Path,
    command: str,
    damage: Callable[[Path], None],
    forged: bool,
    says: str,
) -> None:
    weights = newest / "model.safetensors"
    damage(weights)
    if forged:
        allowed(newest)
    words = [*COMMANDS[command], *([tmp_path / "film.mp4"] if command == "export" else [])]
    shown = xmodal(*words)
    assert (shown.code, shown.out) == (2, "")
    [line] = shown.err.splitlines()
    assert line.startswith(f"error: {weights} ")
    assert says in line
    assert "copy the run again" in line
    assert sorted(path.name for path in newest.iterdir()) == ["checkpoint.json", weights.name]  # no code has run
    assert not (tmp_path / "film.mp4").exists()


def test_without_the_damaged_checkpoint_the_one_before_counts(xmodal: Commands, newest: Path) -> None:
    run = open_run(newest.parents[1])
    run.log({"step": 1, "loss": 2.0})
    cut(newest / "model.safetensors")
    assert xmodal(*COMMANDS["train"]).code == 2
    assert run.status().state is State.FAILED
    assert "model.safetensors is not the file that was saved" in run.status().message
    assert [line["step"] for line in run.metrics()] == [1]  # what it has learned so far stays on record
    run.drop_checkpoint(newest)
    shown = xmodal(*COMMANDS["evaluate"])
    assert shown.code == 0, shown.err


def test_an_optimiser_s_state_is_checked_as_well(xmodal: Commands, newest: Path) -> None:
    run = open_run(newest.parents[1])
    groups = {MODEL: load_matchmaps(run).state_dict(), OPTIMISER: {"0.exp_avg": torch.zeros(3)}}
    save_checkpoint(newest, groups, step=1, epoch=0, whole=False, state={"stage": 0, "epoch": 0, "step": 1})
    shown = xmodal(*COMMANDS["train"])
    assert shown.code == 2
    assert shown.err.splitlines()[-1] == (
        f"error: {newest / 'optimiser.safetensors'} does not fit the optimiser: 0.exp_avg is (3,): "
        "it holds another network: copy the run again, or train it anew"
    )
