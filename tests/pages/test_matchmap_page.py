"""The matchmap page: plays an item, says which runs cannot be opened."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests.recipes.fresh_run import fresh_run
from tests.ui.tiny_catalog import build
from xmodal.ui.navigation import MATCHMAP
from xmodal.workspace import VARIABLE, Workspace


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with the tiny catalog, a run, and one whose manifest is damaged."""
    root = tmp_path_factory.mktemp("trained")
    build(root / "catalogs", root / "pictures and sounds")
    fresh_run(Workspace(root))
    (root / "runs" / "broken-1").mkdir()
    (root / "runs" / "broken-1" / "manifest.json").write_text("{}")
    return Workspace(root)


@pytest.fixture
def page(trained: Workspace, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv(VARIABLE, str(trained.root))
    test = AppTest.from_file(str(MATCHMAP.path), default_timeout=120)
    test.query_params["run"] = "matchmaps-tiny-1"
    return test


def test_an_item_is_played_with_the_controls_beside_it(page: AppTest) -> None:
    page.run()
    assert not page.exception
    sent = [json.loads(each.proto.mixed.json) for each in page.get("bidi_component") if each.proto.mixed.json]
    [clip] = [data for data in sent if "maps" in data]
    assert [each["name"] for each in clip["maps"]] == ["Matchmap", "Mean map", "Shuffled pair", "Untrained"]
    left, top, width, height = clip["maps"][0]["cover"]
    assert (
        left <= 0.0 and top <= 0.0 and left + width >= 1.0 - 1e-6 and top + height >= 1.0 - 1e-6
    )  # no rim is left dark


def test_a_run_that_cannot_be_opened_is_named_with_the_reason(page: AppTest) -> None:
    page.run()
    assert any("broken" in each.value and "cannot be opened" in each.value for each in page.caption)


def test_another_item_by_the_address(page: AppTest) -> None:
    page.query_params["item"] = "no such item"
    page.run()
    assert not page.exception
