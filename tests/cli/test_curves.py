"""`curves` from the command line."""

import csv
from pathlib import Path

import pytest

from tests.cli.running import Commands
from tests.recipes.shrunk import shrunk
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.launch import launch_next
from xmodal.workspace import Workspace

RUN = "matchmaps-tiny-1"


@pytest.fixture
def logged(xmodal: Commands) -> Commands:
    here = Workspace(xmodal.workspace)
    here.prepare()
    run = launch_next(shrunk(MATCHMAPS["matchmaps-tiny"]), here)
    for step in (1, 2):
        run.log({"step": step, "epoch": 0, "loss": 4.0 / step, "info_nce": 4.0 / step})
    run.log({"step": 2, "epoch": 1, "validation": {"recall_at_10": 0.5}})
    return xmodal


def test_a_table_and_figures(logged: Commands, tmp_path: Path) -> None:
    table = tmp_path / "curves.csv"
    shown = logged("curves", "matchmaps-tiny", "--out", table, "--json")
    assert shown.code == 0, shown.err
    assert shown.json["runs"] == [RUN]
    with table.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == shown.json["points"] == 5
    assert rows[0] == {"run": RUN, "kind": "loss", "name": "loss", "unit": "step", "at": "1.0", "value": "4.0"}
    for name in ("curves.pdf", "curves.png"):
        assert logged("curves", RUN, "--out", tmp_path / name, "--smoothing", "0.5").code == 0
        assert (tmp_path / name).stat().st_size > 1000


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((RUN, "--out", "x.doc"), "no file of that kind"),
        (("--out", "x.csv"), "name a run"),
        ((RUN, "--out", "x.pdf", "--smoothing", "1"), "not from 0 to below 1"),
        (("nobody", "--out", "x.csv"), "there is no run"),
    ],
)
def test_wrong_input_is_one_line(logged: Commands, words: tuple[str, ...], message: str) -> None:
    shown = logged("curves", *words)
    assert shown.code == 2
    assert message in shown.err
    assert len(shown.err.splitlines()) == 1


def test_a_run_that_logged_nothing(xmodal: Commands, tmp_path: Path) -> None:
    here = Workspace(xmodal.workspace)
    here.prepare()
    launch_next(shrunk(MATCHMAPS["matchmaps-tiny"]), here)
    shown = xmodal("curves", RUN, "--out", tmp_path / "x.csv")
    assert shown.code == 2
    assert "has logged nothing yet" in shown.err
