"""One entry of an item as a card that can be asked with."""

from typing import TYPE_CHECKING

from xmodal.data import load
from xmodal.modality import Modality
from xmodal.ui import cards
from xmodal.ui.cards import Card
from xmodal.ui.catalogs import open_catalog
from xmodal.ui.retrieval import state

if TYPE_CHECKING:
    from xmodal.ui.networks.searched import Space


def entry_card(space: "Space", item: str, sense: Modality, text: int = 0) -> Card:
    """One entry of an item; only its own sound plays."""
    sample = open_catalog(space.where.catalog).sample(item)
    card = cards.card(sample, space.where, wanted=sense)
    if sense is Modality.TEXT:
        card["text"] = load.texts(sample)[text]
    sounds = [sound for sound in card["sounds"] if sound["modality"] == sense.value]
    return card | {"id": state.card_id(sense, item), "sounds": sounds, "has": [], "previews": state.previews()}
