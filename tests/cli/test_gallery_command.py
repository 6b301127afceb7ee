"""`gallery`: the twelve panels and saved ones, shown and written."""

import shutil
from pathlib import Path

import pytest

from tests.cli.running import Commands
from tests.recipes.fresh_sense_run import fresh_sense_run
from tests.ui.tiny_catalog import build
from xmodal.modality import Modality
from xmodal.recipes.panels import Asked, Panel
from xmodal.recipes.saved_panels import keep_file, save
from xmodal.runs.run import Run, State, Status
from xmodal.workspace import VARIABLE, Workspace

RUN = "see-hear-read-ranking-1"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("workspace")
    build(root / "catalogs", root / "media")
    fresh_sense_run(Workspace(root))
    return root


@pytest.fixture
def xmodal(filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Commands:
    monkeypatch.setenv(VARIABLE, str(filled))
    return Commands(filled, capsys)


def test_the_gallery_is_shown_and_written(xmodal: Commands, tmp_path: Path) -> None:
    shown = xmodal("gallery", RUN, "--data", "tiny", "--panel", "5", "1")
    assert shown.code == 0, shown.err
    assert shown.out.splitlines()[0].startswith("Image 5: Image: tiny/")
    assert "\nText 1: Text: tiny/" in shown.out  # sounds of the tiny catalog say nothing to its network
    for suffix in ("html", "png", "csv"):
        out = tmp_path / f"panels.{suffix}"
        found = xmodal("gallery", RUN, "--data", "tiny", "--panel", "5", "--out", out, "--json")
        assert found.code == 0, found.err
        assert {row["panel"] for row in found.json["answers"]} == {"Image 5"}
        assert out.stat().st_size > 500
    assert (tmp_path / "panels.csv").read_text().splitlines()[0].startswith('"panel","query","modality","rank"')


def test_a_run_ships_with_the_vectors_of_a_catalog(xmodal: Commands, tmp_path: Path) -> None:
    Run(xmodal.workspace / "runs" / RUN).write_status(Status(state=State.FINISHED, step=1, steps=1, epoch=1))
    given = xmodal("ship", RUN, tmp_path / RUN, "--vectors", "tiny")
    assert given.code == 0, given.err
    assert len(list((tmp_path / RUN / "vectors").glob("*/vectors.f16"))) == 1
    shutil.rmtree(xmodal.workspace / "cache" / "vectors")
    found = xmodal("embed", tmp_path / RUN, "--data", "tiny", "--json").json
    assert Path(found["folder"]).is_relative_to(tmp_path / RUN / "vectors")
    assert not (xmodal.workspace / "cache" / "vectors").exists()


def test_a_saved_panel_asks_again_with_its_file_and_its_words(xmodal: Commands, tmp_path: Path) -> None:
    here = Workspace(xmodal.workspace)
    file = keep_file((xmodal.workspace / "media" / "image-12.png").read_bytes(), here)
    asked = (Asked(sense=Modality.IMAGE, file=file), Asked(sense=Modality.TEXT, text="a dog", weight=0.1))
    panel = save(Panel(name="Mine", run=RUN, catalog="tiny", layer="hidden2", asked=asked), here)
    found = xmodal("gallery", RUN, "--data", "tiny", "--panel", panel.id, "--out", tmp_path / "own.html", "--json")
    assert found.code == 0, found.err
    images = [row["item"] for row in found.json["answers"] if row["modality"] == "image"]
    assert images[0] == "tiny/012"
    assert "a dog" in (tmp_path / "own.html").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--panel", "8"), "there is no panel 8: the gallery has 7"),
        (("--panel", "0123456789ab"), "there is no panel '0123456789ab'"),
        (("--panel", "../x"), "is no panel"),
        (("--out", "gallery.pdf"), "no file of that kind is written; known: .html, .png, .csv"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(xmodal: Commands, words: tuple[str, ...], said: str) -> None:
    shown = xmodal("gallery", RUN, "--data", "tiny", *words)
    assert shown.code == 2
    assert said in shown.err
