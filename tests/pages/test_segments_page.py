"""Matchmap page, segments and 3-D: cut, listed, restored from the address."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.shown import sent
from tests.recipes.fresh_run import fresh_run
from tests.ui.tiny_catalog import build
from xmodal.ui.navigation import MATCHMAP
from xmodal.workspace import VARIABLE, Workspace

RUN = "matchmaps-tiny-1"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("segments")
    build(here / "catalogs", here / "pictures and sounds")
    for _ in range(2):
        fresh_run(Workspace(here))
    return here


def page(root: Path, monkeypatch: pytest.MonkeyPatch, **query: str) -> AppTest:
    monkeypatch.setenv(VARIABLE, str(root))
    test = AppTest.from_file(str(MATCHMAP.path), default_timeout=120)
    for name, value in ({"run": RUN, "item": "tiny/003"} | query).items():
        test.query_params[name] = value
    test.run()
    assert not test.exception, test.exception[0].message
    return test


def test_segments_have_letters_stretches_and_outlines(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [data] = sent(page(root, monkeypatch, view="Segments"), "segments")
    assert [each["letter"] for each in data["segments"]] == list("ABCDEFGHIJKL")[: len(data["segments"])]
    for each in data["segments"]:
        assert 0.0 <= each["start_s"] < each["end_s"] <= data["duration_s"]
        assert each["outlines"]
        assert each["colour"].startswith("#")


def test_the_address_restores_the_cut_and_the_runs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    test = page(root, monkeypatch, view="Segments", cut_percent="80.0", compare="matchmaps-tiny-2")
    assert test.slider(key="cut_percent").value == 80.0
    assert len(sent(test, "segments")) == 2
    scored = page(root, monkeypatch, view="Segments", cut="score", cut_score="1000000")
    assert any("Nothing is above the cut" in each.value for each in scored.markdown)
    unasked = page(root, monkeypatch, view="Segments", cut="score")
    assert any("No score yet" in each.value for each in unasked.markdown)


def test_the_density_is_drawn_at_the_same_cut(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    test = page(root, monkeypatch, view="3-D", cut_percent="90.0")
    [chart] = test.get("plotly_chart")
    kinds = [trace["type"] for trace in json.loads(chart.proto.spec)["data"]]
    assert kinds == ["mesh3d", "isosurface"]


def test_film_still_and_numbers_are_offered_below_the_player(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    test = page(root, monkeypatch)
    assert any(each.key == "player_film" for each in test.button)
    assert len(test.get("download_button")) == 2
