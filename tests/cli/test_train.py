"""`train` and `recipes` from the command line: new runs, interrupted runs, several processes."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import Commands
from tests.recipes.shrunk import shrunk
from tests.training.processes import command, server
from tests.ui.tiny_catalog import build
from xmodal.cli import COMMANDS, usage
from xmodal.recipes import MATCHMAPS, RECIPES
from xmodal.recipes.changes import differences
from xmodal.recipes.launch import launch_next
from xmodal.runs.run import State, open_run
from xmodal.workspace import VARIABLE, Workspace

NAME = "matchmaps-tiny"
SHIPPED_RUNS = (
    "matchmaps-demo-cosine, matchmaps-demo-misa-shn, matchmaps-natural-sounds, matchmaps-sisa-shn-none, "
    "matchmaps-sisa-shn-ns, matchmaps-sisa-shn-supervised, matchmaps-words-sisa-shn, see-hear-read-both, "
    "see-hear-read-teacher"
)
SMALL = differences(MATCHMAPS[NAME], shrunk(MATCHMAPS[NAME]))


def test_a_recipe_becomes_a_trained_run(xmodal: Commands) -> None:
    shown = xmodal("train", NAME, "--set", *SMALL, "seed=4", "--json")
    assert shown.code == 0, shown.err
    assert shown.json["run"] == f"{NAME}-1"
    assert (shown.json["state"], shown.json["step"]) == ("finished", 2)
    assert 0.0 <= shown.json["validation"]["recall_at_10"] <= 1.0
    assert "Training (easy scenes) 2 of 2 (100 %)" in shown.err
    assert "pairs a second" in shown.err
    assert "waiting for data" in shown.err
    run = open_run(xmodal.workspace / "runs" / f"{NAME}-1")
    assert run.manifest.recipe["seed"] == 4
    assert "seed=4" in run.manifest.command
    before = run.checkpoint().stat().st_mtime_ns

    refused = xmodal("train", f"{NAME}-1")
    assert refused.code == 2
    assert "has 2 steps done: add --resume to go on" in refused.err
    again = xmodal("train", NAME, "--resume")  # the newest run of the recipe
    assert again.code == 0
    assert again.out.strip() == f"{NAME}-1: finished after 2 steps"
    assert run.checkpoint().stat().st_mtime_ns == before
    late = xmodal("train", str(run.folder), "--resume", "--set", "seed=5")
    assert late.code == 2
    assert "was launched already" in late.err

    taken = xmodal("train", NAME, "--out", run.folder)
    assert taken.code == 2
    assert "already holds a run" in taken.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nonsense",), f"there is no run 'nonsense'; known: {SHIPPED_RUNS}; known recipes: matchmaps-tiny"),
        ((NAME, "--resume"), "there is no run 'matchmaps-tiny'"),
        ((NAME, "--set", "speed=3"), "there is no 'speed' here"),
        ((NAME, "--set", "seed"), "is not of the form key=value"),
        ((NAME, "--set", "seed=-1"), "seed: input should be greater than or equal to 0, not -1"),
        ((NAME, "--set", "pair.caption=text"), "the caption branch is res_davenet"),
        ((NAME, "--set", "device=abacus"), "there is no device 'abacus'"),
        ((NAME, "--data", "nothing"), "no catalog 'nothing'"),
    ],
)
def test_wrong_input_is_one_line_and_exit_code_2(xmodal: Commands, words: tuple[str, ...], message: str) -> None:
    shown = xmodal("train", *words)
    assert shown.code == 2
    assert shown.out == ""
    assert shown.err.startswith("error: ")
    assert len(shown.err.splitlines()) == 1
    assert message in shown.err


def test_what_went_wrong_stays_in_the_run(xmodal: Commands, tmp_path: Path) -> None:
    catalog = build(xmodal.workspace / "catalogs", tmp_path / "media")
    run = launch_next(MATCHMAPS[NAME].on("tiny"), Workspace(xmodal.workspace))
    shutil.rmtree(catalog.folder)
    shown = xmodal("train", run.name)
    assert shown.code == 2
    assert run.status().state is State.FAILED
    assert "no catalog 'tiny'" in run.status().message


@pytest.mark.parametrize("words", [("train",), ("jobs", "launch")])
def test_data_that_do_not_fit_are_said_before_anything_is_done(
    xmodal: Commands, tmp_path: Path, words: tuple[str, ...]
) -> None:
    build(xmodal.workspace / "catalogs", tmp_path / "media")
    shown = xmodal(*words, NAME, "--data", "tiny", "--set", "pair.picture=spatial_text")
    assert (shown.code, shown.out) == (2, "")
    assert "matchmaps-tiny does not fit tiny: needs spatial text; this catalog has image, " in shown.err
    assert len(shown.err.splitlines()) == 1
    assert not (xmodal.workspace / "runs").exists()
    assert not (xmodal.workspace / "jobs").exists()


def test_recipes_are_listed(xmodal: Commands) -> None:
    listed = xmodal("recipes", "--json").json
    assert list(listed) == list(RECIPES)
    lines = xmodal("recipes").out.splitlines()
    assert len(lines) == len(RECIPES)
    assert all(line.split()[0] in RECIPES for line in lines)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_without_a_group(xmodal: Commands, name: str) -> None:
    shown = xmodal(name, "--help")
    assert shown.code == 0
    assert "--json" in shown.out
    assert f"usage: python -m xmodal {name}" in shown.out
    assert f"  {name} " in usage()


def test_an_interrupted_command_goes_on(xmodal: Commands, tmp_path: Path) -> None:
    words = ["train", NAME, "--set", *SMALL, "stages.0.epochs=400", "--out", str(tmp_path / "run")]
    child = server().Process(target=command, args=(xmodal.workspace, words))
    child.start()
    run = tmp_path / "run"
    while not list(run.glob("checkpoints/step-*/checkpoint.json")) and child.is_alive():
        time.sleep(0.01)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGINT)
    child.join(60)
    assert child.exitcode == 130
    status = open_run(run).status()
    assert (status.state, status.steps) == (State.STOPPED, 800)
    assert "--resume" in status.message


def test_two_processes_share_one_run(xmodal: Commands) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-port", str(port)]
    done = subprocess.run(
        [*torchrun, "-m", "xmodal", "train", NAME, "--set", *SMALL, "stages.0.batch=2", "--json"],
        env=os.environ | {VARIABLE: str(xmodal.workspace), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)  # one process speaks
    assert (shown["run"], shown["state"], shown["step"]) == (f"{NAME}-1", "finished", 3)
    assert [path.name for path in (xmodal.workspace / "runs").iterdir()] == [f"{NAME}-1"]
    run = open_run(xmodal.workspace / "runs" / f"{NAME}-1")
    assert [line["step"] for line in run.metrics() if "loss" in line] == [1, 3]
    assert [path.name for path in run.checkpoints] == ["step-0000003"]


_WITHOUT_TORCH = """
import sys
from xmodal.cli import main
for words in (["--help"], ["data", "list"], ["workspace", "show"], ["train", "--help"], ["evaluate", "--help"]):
    try:
        main(words)
    except SystemExit as stopped:
        assert stopped.code == 0, words
assert "torch" not in sys.modules
"""


def test_commands_that_compute_nothing_do_not_load_torch(xmodal: Commands) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_TORCH],
        env=os.environ | {VARIABLE: str(xmodal.workspace)},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
