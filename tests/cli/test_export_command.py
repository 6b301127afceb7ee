"""`export`: a film, a still, numbers of an item; one line where it cannot be."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from tests.cli.running import Commands
from tests.recipes.fresh_run import fresh_run
from tests.ui.tiny_catalog import build
from xmodal.workspace import Workspace

RUN = "matchmaps-tiny-1"


@pytest.fixture
def export(xmodal: Commands, tmp_path: Path) -> Commands:
    here = Workspace(xmodal.workspace)
    build(here.catalogs, tmp_path / "media")
    fresh_run(here)
    return xmodal


def test_every_kind_of_file(export: Commands, tmp_path: Path) -> None:
    asked = ("export", RUN, "--data", "tiny", "--item")
    done = export(*asked, "tiny/003", "--out", tmp_path / "film.mp4", "--map", "all", "--mode", "heat", "--json")
    assert (done.code, done.err.count("Traceback")) == (0, 0)
    assert done.json["duration"] == pytest.approx(2.4)
    with av.open(str(tmp_path / "film.mp4")) as container:
        assert sorted(each.type for each in container.streams) == ["audio", "video"]
    assert export(*asked, "3", "--out", tmp_path / "still.png", "--at", "1.0", "--score", "0.2").code == 0
    with Image.open(tmp_path / "still.png") as still:
        assert still.width >= 480
    assert export(*asked, "3", "--out", tmp_path / "numbers.npz", "--map", "untrained").code == 0
    with np.load(tmp_path / "numbers.npz", allow_pickle=False) as kept:
        assert kept["scores"].ndim == 3
        assert kept["words"].tolist()[0] == "a"
        assert str(kept["map"]) == "Untrained"


@pytest.mark.parametrize(
    ("item", "out", "says"),
    [
        ("99", "a.png", "no item '99'"),
        ("nobody", "a.png", "no item 'nobody'"),
        ("3", "a.gif", "known: .mp4, .png, .npz"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(export: Commands, tmp_path: Path, item: str, out: str, says: str) -> None:
    done = export("export", RUN, "--data", "tiny", "--item", item, "--out", tmp_path / out)
    assert done.code == 2
    assert says in done.err
    assert len(done.err.strip().splitlines()) == 1
