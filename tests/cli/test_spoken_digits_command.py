"""`spoken-digits` from the command line."""

from pathlib import Path

import pytest

from tests.cli.running import Commands
from tests.recipes.tiny_digits import tiny
from xmodal.recipes import RECIPES
from xmodal.recipes.spoken_digits import UNSEEN


def test_the_command_takes_the_newest_finished_run(
    xmodal: Commands, monkeypatch: pytest.MonkeyPatch, realdata: Path
) -> None:
    recipe = UNSEEN[1]
    monkeypatch.setitem(RECIPES, recipe.name, tiny(recipe))
    monkeypatch.setattr("xmodal.recipes.spoken_digits.TEST_ITEMS", {recipe.name: 6})
    shown = xmodal("spoken-digits", recipe.name, "--data", realdata, "--json", "--threads", "0")
    assert shown.code == 0, shown.err
    (row,) = shown.json["rows"]
    assert (row["run"], row["pairs"], row["training_seed"]) == (f"{recipe.name}-1", 6, 0)
    assert row["training_cpu_s"] > 0.0
    again = xmodal("spoken-digits", recipe.name, "--threads", "0")
    assert f"{recipe.name}-1: 6 pairs of 2 digits" in again.out
    assert "pointing" in again.out and "ceiling" in again.out and "untrained" in again.out
    refused = xmodal("spoken-digits", "matchmaps-tiny")
    assert refused.code == 2 and "is no recipe of spoken digits; known: spoken-digits-known" in refused.err
