"""The matchmap page: plays an item, says which runs cannot be opened."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.pages.shown import sent
from tests.pages.test_every_page import MAIN
from tests.runs.damage import allowed, cut, pickled, wrong_shape
from xmodal.ui.navigation import MATCHMAP
from xmodal.workspace import VARIABLE, Workspace


@pytest.fixture(scope="module")
def trained(trained: Workspace) -> Workspace:
    """With a run beside it whose manifest is damaged."""
    (trained.root / "runs" / "broken-1").mkdir()
    (trained.root / "runs" / "broken-1" / "manifest.json").write_text("{}")
    return trained


@pytest.fixture
def page(trained: Workspace, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv(VARIABLE, str(trained.root))
    test = AppTest.from_file(str(MATCHMAP.path), default_timeout=120)
    test.query_params["run"] = "matchmaps-tiny-1"
    return test


def test_an_item_is_played_with_the_controls_beside_it(page: AppTest) -> None:
    page.run()
    assert not page.exception
    [clip] = sent(page, "maps")
    assert [each["name"] for each in clip["maps"]] == ["Matchmap", "Mean map", "Shuffled pair", "Untrained"]
    left, top, width, height = clip["maps"][0]["cover"]
    assert (
        left <= 0.0 and top <= 0.0 and left + width >= 1.0 - 1e-6 and top + height >= 1.0 - 1e-6
    )  # no rim is left dark


def test_a_run_that_cannot_be_opened_is_named_with_the_reason(page: AppTest) -> None:
    page.run()
    assert any("broken" in each.value and "cannot be opened" in each.value for each in page.caption)


def test_an_unknown_item_by_the_address_says_so(page: AppTest) -> None:
    page.query_params["item"] = "no such item"
    page.run()
    assert not page.exception
    assert any("no such item is not among these items" in each.value for each in page.caption)


@pytest.mark.parametrize(
    ("query", "said", "button"),
    [
        ({"run": "nobody"}, "There is no such run", "forget_run"),
        ({"run": "broken-1"}, "This run cannot be opened", "forget_run"),
        ({"catalog": "nowhere"}, "There is no such catalog", "forget_catalog"),
    ],
)
def test_an_unknown_run_or_catalog_says_so_and_leads_on(
    page: AppTest, query: dict[str, str], said: str, button: str
) -> None:
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    assert any(said in each.value for each in page.markdown)
    page.button(key=button).click()
    page.run()
    assert not page.exception
    assert page.selectbox(key="run").value


@pytest.mark.parametrize("view", ["Play", "Find a word"])
@pytest.mark.parametrize(
    ("damage", "said"),
    [(wrong_shape, "does not fit the model"), (cut, "not readable"), (pickled, "not readable")],
)
def test_damaged_weights_are_named(
    trained: Workspace, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None], said: str, view: str
) -> None:
    """Also where somebody has written the digest of the damaged file into the index."""
    st.cache_resource.clear()
    source, folder = trained.root / "runs" / "matchmaps-tiny-1", trained.root / "runs" / "damaged-1"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    (weights,) = folder.rglob("model.safetensors")
    damage(weights)
    allowed(weights.parent)
    monkeypatch.setenv(VARIABLE, str(trained.root))
    test = AppTest.from_file(str(MAIN), default_timeout=120).run()
    for name, value in {"run": "damaged-1", "view": view}.items():
        test.query_params[name] = value
    test.switch_page(str(MATCHMAP.path)).run()
    assert not test.exception
    shown = [each.value.replace("\\", "") for each in test.markdown]
    assert any(said in each for each in shown), shown
    shutil.rmtree(folder)


def test_a_new_run_appears_and_a_removed_one_goes(page: AppTest, trained: Workspace) -> None:
    first = page.run().selectbox(key="run").options
    folder = trained.root / "runs" / "later-1"
    shutil.copytree(trained.root / "runs" / "matchmaps-tiny-1", folder)
    assert set(page.run().selectbox(key="run").options) == {*first, "later-1"}
    shutil.rmtree(folder)
    assert page.run().selectbox(key="run").options == first
