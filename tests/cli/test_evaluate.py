"""`evaluate` from the command line: one run, several, beside a paper's table."""

from pathlib import Path

import pytest

from tests.cli.running import Commands
from tests.recipes.shrunk import shrunk
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.launch import launch_next
from xmodal.recipes.trainings import run_training
from xmodal.training.precision import choose
from xmodal.workspace import Workspace

DATA = ("--data", "world:seed=6,objects_min=1,objects_max=1", "--n", "5")


@pytest.fixture
def trained(xmodal: Commands) -> Commands:
    here = Workspace(xmodal.workspace)
    here.prepare()
    for name in ("matchmaps-tiny", "matchmaps-compact-sisa-shn-none"):
        list(run_training(launch_next(shrunk(MATCHMAPS[name], "keep_epochs=[1]"), here), here))
    return xmodal


def test_scores_alone_and_beside_a_table(trained: Commands) -> None:
    names = ("matchmaps-tiny", "matchmaps-compact-sisa-shn-none-1")
    shown = trained("evaluate", *names, *DATA, "--json")
    assert shown.code == 0, shown.err
    rows = shown.json["rows"]
    assert [row["run"] for row in rows] == ["matchmaps-tiny-1", names[1]]
    assert [row["pairs"] for row in rows] == [5, 5]
    for row in rows:
        for direction in ("speech_to_image", "image_to_speech"):
            ours = row["ours"][direction]
            assert ours["queries"] == 5
            assert ours["recall_at_10"] == 1.0
            assert 0.0 <= ours["recall_at_1"] <= ours["recall_at_5"] == 1.0
    assert trained("evaluate", *names, *DATA, "--epoch", "1", "--json").json["rows"] == rows

    lines = trained("evaluate", *names, *DATA).out.splitlines()
    assert len(lines) == 5
    assert "n = 5" in lines[0]

    table = trained("evaluate", names[1], *DATA, "--table", "matchmaps.2", "--json").json
    found = {row["row"]: row for row in table["rows"]}
    assert (found["random"]["run"], found["random"]["seed"], found["random"]["share"]) == (names[1], 0, 1.0)
    [mean] = table["means"]
    assert (mean["row"], mean["runs"], mean["seeds"]) == ("random", [names[1]], [0])
    recall = found["random"]["ours"]["speech_to_image"]["recall_at_10"]
    assert mean["ours"]["speech_to_image"]["recall_at_10"] == {"mean": recall, "low": None, "high": None, "runs": 1}
    assert 0.0 <= found["random"]["ours"]["speech_to_image"]["recall_at_10"] <= 1.0
    assert found["random"]["published"]["speech_to_image"]["recall_at_10"] > 0.1
    assert found["supervised"]["ours"] is None
    assert "supervised" in table["missing"]
    assert "random" in trained("evaluate", names[1], *DATA, "--table", "matchmaps.2").out.lower()
    latex = trained("evaluate", names[1], *DATA, "--table", "matchmaps.2", "--latex").out
    assert f"% {names[1]}: seed 0" in latex.splitlines()
    assert latex.rstrip().endswith(r"\end{tabular}")

    assert [row["overlap"] for row in rows] == ["", ""]
    assert all(row["trained_on"] == [choose("cpu").describe()] for row in rows)
    assert "warning" not in shown.err
    learned = trained("evaluate", names[1], "--data", "world:seed=5,objects_min=1,objects_max=1", "--n", "5", "--json")
    said = f"{names[1]} was trained on 5 of these 5 items: world seed 5"
    assert learned.json["rows"][0]["overlap"] == said
    assert f"warning: {said}" in learned.err.splitlines()

    wrong = trained("evaluate", names[1], *DATA, "--epoch", "7")
    assert wrong.code == 2
    assert "no checkpoint of epoch 7; kept: 1" in wrong.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nothing",), "there is no run 'nothing'"),
        (("nothing", "--table", "x"), "there is no table 'x'; known: "),
        ((), "name a run"),
        (("nothing", "--latex"), "--latex needs --table"),
    ],
)
def test_wrong_input_is_one_line_and_exit_code_2(xmodal: Commands, words: tuple[str, ...], message: str) -> None:
    shown = xmodal("evaluate", *words)
    assert shown.code == 2
    assert shown.out == ""
    assert message in shown.err
    assert len(shown.err.splitlines()) == 1


def test_a_damaged_checkpoint_is_named(trained: Commands) -> None:
    weights = next(Path(trained.workspace / "runs" / "matchmaps-tiny-1").rglob("model.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-4])
    shown = trained("evaluate", "matchmaps-tiny", *DATA)
    assert shown.code == 2
    assert "model.safetensors is not the file that was saved" in shown.err
    assert len([line for line in shown.err.splitlines() if line.startswith("error: ")]) == 1
