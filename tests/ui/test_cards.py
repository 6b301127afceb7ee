"""What a card shows of an item."""

import json
from dataclasses import replace

import pytest

from xmodal.data.catalog import Catalog
from xmodal.data.sample import Truth
from xmodal.modality import Modality
from xmodal.ui import cards
from xmodal.ui.catalogs import Where, where


@pytest.fixture
def key(tiny: Catalog) -> Where:
    return where(tiny)


def test_a_picture_with_its_sounds(tiny: Catalog, key: Where) -> None:
    card = cards.card(tiny[0], key)
    assert (card["kind"], card["modality"], card["title"]) == ("picture", "image", "Harbour")
    assert card["caption"] == "A dog near the boat outside."
    assert [sound["modality"] for sound in card["sounds"]] == ["sound", "speech"]
    assert {entry["modality"] for entry in card["has"]} == {modality.value for modality in tiny[0].media}
    assert card["overlay"] == ""
    json.dumps(card)


def test_masks_only_where_there_are_some(tiny: Catalog, key: Where) -> None:
    assert "/mask?" in cards.card(tiny[0], key, masks=True)["overlay"]
    without = replace(tiny[0], truth=Truth())
    assert cards.card(without, key, masks=True)["overlay"] == ""


@pytest.mark.parametrize(
    ("wanted", "kind", "sounds"),
    [
        (Modality.SPEECH, "strip", ["speech"]),
        (Modality.SOUND, "strip", ["sound"]),
        (Modality.TEXT, "text", ["sound", "speech"]),
        (Modality.VIDEO, "video", []),
        (Modality.SKETCH, "picture", ["sound", "speech"]),
    ],
)
def test_another_entry_stands_for_it(tiny: Catalog, key: Where, wanted: Modality, kind: str, sounds: list[str]) -> None:
    card = cards.card(tiny[0], key, wanted=wanted)
    assert (card["modality"], card["kind"]) == (wanted.value, kind)
    assert [sound["modality"] for sound in card["sounds"]] == sounds


def test_an_item_without_what_is_asked_for_shows_what_it_has(tiny: Catalog, key: Where) -> None:
    assert cards.card(tiny[1], key, wanted=Modality.VIDEO)["modality"] == "image"
    bare = replace(tiny[1], media={}, scene=None, truth=Truth())
    assert cards.card(bare, key)["kind"] == "text"
    assert cards.caption(bare, Modality.IMAGE) == bare.id


def test_no_path_of_the_disk_reaches_the_browser(tiny: Catalog, key: Where) -> None:
    text = json.dumps([cards.card(sample, key, masks=True) for sample in tiny])
    assert "image-0.png" not in text
    assert str(tiny.folder.parent) not in text
