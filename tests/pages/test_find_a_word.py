"""Matchmap page, "Find a word": heat of a word over the best pictures, restored from the address."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.shown import sent
from tests.recipes.spoken_balls import ITEMS, NAME, with_balls, with_runs
from xmodal.ui.navigation import MATCHMAP
from xmodal.ui.networks.word_search import BEST
from xmodal.workspace import VARIABLE

RUNS = ("matchmaps-compact-sisa-shn-none", "matchmaps-tiny", "matchmaps-compact-natural-sounds-resnet-res-davenet")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_runs(with_balls(tmp_path_factory.mktemp("balls")), *RUNS).root


@pytest.fixture(autouse=True)
def workspace(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(root))


def page(**query: str | list[str]) -> AppTest:
    test = AppTest.from_file(str(MATCHMAP.path), default_timeout=60)
    for name, value in ({"view": "Find a word", "catalog": NAME, "run": f"{RUNS[0]}-1"} | query).items():
        test.query_params[name] = value
    test.run()
    assert not test.exception, test.exception[0].message
    return test


def test_the_best_pictures_of_a_word() -> None:
    test = page()
    assert test.selectbox(key="word").options == ["ball", "floor"]
    (shown,) = sent(test, "cards")
    scores = [float(card["title"]) for card in shown["cards"]]
    assert len(scores) == BEST
    assert scores == sorted(scores, reverse=True)
    assert len({card["id"] for card in shown["cards"]}) == BEST
    assert all(card["picture"].startswith("data:image/webp;base64,") for card in shown["cards"])
    assert all(card["caption"].startswith("overlap 0.") for card in shown["cards"])
    assert any(f"is said {ITEMS} times" in caption.value for caption in test.caption)


def test_the_address_restores_word_and_runs() -> None:
    first, second = sent(page(word="floor", compare="matchmaps-tiny-1"), "cards")
    assert [card["id"] for card in first["cards"]] == [card["id"] for card in second["cards"]]
    assert [card["picture"] for card in first["cards"]] != [card["picture"] for card in second["cards"]]
    assert (first["label"], second["label"]) == (f"floor, {RUNS[0]}-1", "floor, matchmaps-tiny-1")


def test_a_run_that_hears_no_words_says_so() -> None:
    test = page(run=f"{RUNS[2]}-1")
    assert not sent(test, "cards")
    assert any("does not listen to words" in text.value for text in test.markdown)


def test_a_catalog_whose_words_name_nothing_says_so() -> None:
    test = page(catalog="tiny")
    assert not sent(test, "cards")
    assert any("No word can be looked for" in text.value for text in test.markdown)


def test_playing_comes_first() -> None:
    assert not any(box.key == "word" for box in page(view="Play").selectbox)
