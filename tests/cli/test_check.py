"""`check` from the command line."""

import json
from pathlib import Path

from tests.cli.running import Commands
from tests.recipes.shrunk import shrunk
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.answers import Checked
from xmodal.recipes.changes import differences

NAME = "matchmaps-tiny"
SMALL = differences(MATCHMAPS[NAME], shrunk(MATCHMAPS[NAME]))


def test_a_recipe_that_can_start(xmodal: Commands, tmp_path: Path) -> None:
    shown = xmodal(
        "check", NAME, "--set", *SMALL, "seed=4", "--threads", "1", "--answer", tmp_path / "answer.json", "--json"
    )
    assert shown.code == 0, shown.err
    found = Checked.model_validate(shown.json)
    assert (found.recipe, found.fails) == (NAME, False)
    assert found.checks[-1].name == "time"
    assert json.loads((tmp_path / "answer.json").read_bytes()) == shown.json
    assert not (xmodal.workspace / "runs").exists()


def test_a_recipe_that_cannot(xmodal: Commands) -> None:
    shown = xmodal("check", NAME, "--data", "nothing", "--set", "seed=4")
    assert shown.code == 2
    lines = shown.out.splitlines()
    assert lines[0].split()[:2] == ["ok", "name"]
    assert any(line.startswith("fail  data train") and "no catalog 'nothing'" in line for line in lines)
    refused = xmodal("check", NAME, "--set", "speed=3")
    assert (refused.code, refused.out) == (2, "")
    assert "there is no 'speed' here" in refused.err
    unknown = xmodal("check", "nonsense")
    assert unknown.code == 2
    assert "there is no recipe 'nonsense'" in unknown.err
