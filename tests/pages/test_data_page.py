"""The data page: filters, items, tabs, all restored from the address."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.shown import opened, sent, shown
from tests.ui.tiny_catalog import ITEMS
from xmodal.ui import state
from xmodal.ui.navigation import DATA
from xmodal.ui.pickers import PER_PAGE

pytestmark = pytest.mark.usefixtures("tiny")


def page(**query: str) -> AppTest:
    """The page as an address with that query shows it."""
    return opened(DATA, query)


def cards(test: AppTest) -> list[str]:
    """Ids of the gallery's cards."""
    galleries = [data for data in sent(test, "cards") if data["label"] == "Items"]
    return [card["id"] for card in galleries[0]["cards"]] if galleries else []


def test_the_gallery_shows_the_first_page() -> None:
    test = page()
    assert cards(test) == [f"tiny/{number:03d}" for number in range(PER_PAGE)]
    assert any(f"{ITEMS} of {ITEMS} items" in caption.value for caption in test.caption)


def test_the_address_chooses_the_page() -> None:
    assert cards(page(page="2"))[0] == f"tiny/{PER_PAGE:03d}"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"words": "kettle"}, 24),
        ({"words": "KETTLE boat"}, 12),
        ({"scene": "forest"}, 20),
        ({"has": "Video"}, 1),
        ({"split": "test", "scene": "kitchen"}, None),
    ],
)
def test_filters_come_from_the_address(query: dict[str, str], count: int | None) -> None:
    ids = cards(page(**query))
    assert ids
    if count is not None:
        assert len(ids) == count


def test_a_filter_is_a_widget() -> None:
    test = page()
    test.text_input(key=state.WORDS).set_value("nothing has this")
    assert cards(shown(test)) == []
    assert any("No item passes these filters" in each.value for each in test.markdown)
    test.button(key="clear_filters").click()
    assert len(cards(shown(test))) == PER_PAGE


def test_another_entry_can_stand_for_the_items() -> None:
    data = next(data for data in sent(page(show="Speech"), "cards") if data["label"] == "Items")
    assert {card["kind"] for card in data["cards"]} == {"strip"}


def test_masks_on_demand() -> None:
    for value, overlay in (("false", False), ("true", True)):
        data = next(data for data in sent(page(masks=value), "cards") if data["label"] == "Items")
        assert any(card["overlay"] for card in data["cards"]) is overlay


def test_an_item_has_everything() -> None:
    test = page(item="tiny/000")
    assert test.subheader[0].value == "Harbour"
    (picture,) = sent(test, "ids")
    assert {entry["name"] for entry in picture["classes"]} == {"ball", "floor"}
    players = {data["modality"]: data for data in sent(test, "spectrogram")}
    assert [word["text"] for word in players["speech"]["words"]] == ["a", "dog", "near", "the", "boat", "outside"]
    assert players["sound"]["events"][0]["label"] == "dog"
    drawn = next(data for data in sent(test, "cards") if data["label"] != "Items")
    assert [card["modality"] for card in drawn["cards"]] == ["sketch", "video"]
    facts = {fact["name"]: fact["value"] for fact in sent(test, "facts")[0]["facts"]}
    assert facts["Id"] == "tiny/000"
    assert facts["Group"] == "speaker-0"
    assert test.code[0].value == "python -m xmodal data show tiny tiny/000"


def test_previous_and_next_follow_the_selection() -> None:
    test = page(item="tiny/000", scene="harbour")
    assert test.button(key="previous").disabled
    test.button(key="next").click()
    shown(test)
    assert test.query_params["item"] in ("tiny/003", ["tiny/003"])
    test.button(key="close").click()
    assert len(cards(shown(test))) == 20


def test_an_unknown_item_says_so_and_leads_back() -> None:
    test = page(item="nobody")
    assert any("There is no such item" in each.value for each in test.markdown)
    test.button(key="close_missing").click()
    assert len(cards(shown(test))) == PER_PAGE


def test_an_unknown_catalog_says_so() -> None:
    test = page(catalog="nowhere")
    assert any("There is no such catalog" in each.value for each in test.markdown)
    test.button(key="forget_catalog").click()
    assert len(cards(shown(test))) == PER_PAGE


def test_the_statistics_tab() -> None:
    test = page(tab="Statistics")
    assert len(test.get("plotly_chart")) == 6
    assert test.metric[0].value == str(ITEMS)
    assert cards(test) == []


def test_the_bad_rows_tab() -> None:
    test = page(tab="Bad rows")
    assert test.dataframe[0].value.shape == (2, 3)
    assert any("2 rows or files were skipped" in each.value for each in test.markdown)
    assert test.get("download_button")


def test_words_of_data_are_never_markup() -> None:
    test = page(item="tiny/008")
    (text,) = sent(test, "texts")
    assert text["texts"][0].startswith("<img")
    assert not any("<img" in each.value or "![x]" in each.value for each in test.markdown)


def test_a_damaged_catalog_does_not_hide_the_others(tiny_root: Path) -> None:
    folder = tiny_root / "catalogs" / "broken"
    folder.mkdir()
    (folder / "catalog.json").write_text("{}")
    try:
        assert len(cards(page())) == PER_PAGE
    finally:
        (folder / "catalog.json").unlink()
        folder.rmdir()
