"""`directions`: how well every sense finds every other, and what is missed most."""

from pathlib import Path

import pytest

from tests.cli.running import Commands
from tests.recipes.fresh_sense_run import fresh_sense_run
from tests.ui.tiny_catalog import build
from xmodal.workspace import VARIABLE, Workspace

ASKED = ("directions", "see-hear-read-ranking-1", "--data", "tiny")


@pytest.fixture
def xmodal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Commands:
    build(tmp_path / "catalogs", tmp_path / "media")
    fresh_sense_run(Workspace(tmp_path))
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return Commands(tmp_path, capsys)


def test_every_direction_with_its_chance_and_worst_misses(xmodal: Commands) -> None:
    found = xmodal(*ASKED, "--misses", "2", "--json").json
    assert (found["split"], found["seed"], found["layer"]) == ("test", 0, "hidden2")
    assert {name for name, each in found["directions"].items() if not each["trained"]} == {
        "sound_to_text", "text_to_sound",
    }  # fmt: skip
    each = found["directions"]["image_to_sound"]
    assert each["chance_median_rank"] == (each["queries"] + 1) / 2
    assert [miss["rank"] for miss in each["misses"]] == sorted((m["rank"] for m in each["misses"]), reverse=True)
    shown = xmodal(*ASKED, "--split", "None", "--n", "9", "--seed", "3", "--misses", "1").out.splitlines()
    assert shown[0] == "see-hear-read-ranking-1 (hidden2), tiny, split all, seed 3"
    assert "P@10" in shown[1]
    assert shown[2].split()[3:5] == ["yes", "9"]
    assert "own partner is number" in shown[3]
    refused = xmodal(*ASKED, "--n", "1")
    assert (refused.code, refused.err.strip().splitlines()[-1]) == (2, "error: at least 2 items must compete")
