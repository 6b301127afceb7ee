"""The metrics tab of the retrieval page: every direction, its items worst first, and the way back to asking."""

from collections.abc import Mapping

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.shown import opened, sent, shown
from tests.recipes.fresh_sense_run import fresh_sense_run
from tests.ui.tiny_catalog import build
from xmodal.recipes.catalog_vectors import extract, key_of, source_named
from xmodal.recipes.embedders import open_embedder
from xmodal.ui.navigation import RETRIEVAL
from xmodal.ui.retrieval import state
from xmodal.workspace import VARIABLE, Workspace

RUN = "see-hear-read-ranking-1"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The tiny catalog and a run for three senses with its vectors."""
    root = tmp_path_factory.mktemp("measured")
    build(root / "catalogs", root / "media")
    here = Workspace(root)
    run, source = fresh_sense_run(here), source_named("tiny", here)
    extract(open_embedder(run), source, key_of(run, source), here)
    return here


@pytest.fixture(autouse=True)
def _workspace(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(filled.root))


def page(query: Mapping[str, str] | None = None) -> AppTest:
    return opened(RETRIEVAL, {"run": RUN, "view": "Metrics", **(query or {})}, timeout_s=120)


def misses(test: AppTest) -> list[list[dict[str, str]]]:
    """The cards of every miss that is shown."""
    return [each["cards"] for each in sent(test, "cards") if each["cards"][0]["title"] == "Query"]


def test_directions_with_their_training_chance_and_count() -> None:
    test = page({"of_split": "all"})
    [table] = test.dataframe
    assert list(table.value.columns) == ["Query", "Image", "Sound", "Text"]
    rows = {row["Query"]: row for row in table.value.to_dict("records")}
    assert rows["Image"]["Image"] == ""
    assert rows["Image"]["Sound"].endswith("●")
    assert rows["Sound"]["Text"].endswith("○")
    assert any("never saw the two together" in each.value and "seed 0" in each.value for each in test.caption)
    measured = {each.label: each.value for each in test.metric}
    assert measured["median rank"] == rows["Image"]["Sound"].split()[0]
    assert {"R@1", "R@5", "R@10", "mAP", "P@10"} <= measured.keys()
    test.segmented_control(key=state.MEASURE).set_value("mAP")
    [table] = shown(test).dataframe
    assert table.value.to_dict("records")[0]["Sound"].split()[0] == measured["mAP"]


def test_the_address_names_a_direction_and_its_worst_misses_come_first() -> None:
    test = page({"of_split": "all", "direction": "Sound → Text", "competing": "200"})
    ranks = [int(cards[-1]["title"].removeprefix("Own: ").removesuffix(".")) for cards in misses(test)]
    assert len(ranks) == 6
    assert sorted(ranks[:3], reverse=True) == ranks[:3]
    for cards in misses(test):
        assert [card["id"].partition(":")[0] for card in cards] == ["sound", "text", "text"]
        assert cards[0]["id"].partition(":")[2] == cards[2]["id"].partition(":")[2]
    worst = misses(test)[0][0]["id"]
    asked = page({"view": "Ask", "like": worst})
    assert [card["id"] for each in sent(asked, "cards") for card in each["cards"] if each["label"] == "The query"] == [
        worst.partition(":")[2]
    ]


def test_another_seed_and_an_address_that_makes_no_sense() -> None:
    test = page({"of_split": "all", "seed": "7"})
    assert any("seed 7" in each.value for each in test.caption)
    test = page({"of_split": "nonsense", "direction": "Taste → Smell", "misses": "99"})
    assert test.metric
