"""The parts of "find a word": one spoken word looked for in every picture, by up to three runs side by side."""

from typing import TYPE_CHECKING

import streamlit as st

from xmodal.modality import Modality
from xmodal.ui import cards, page, pickers, players, run_cache
from xmodal.ui.cards import Card
from xmodal.ui.catalogs import Where, open_catalog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xmodal.ui.networks.trained import RunKey
    from xmodal.ui.networks.word_search import WordSearch

CARD_PX = {1: 176, 2: 144, 3: 112}
"""Least width of a card by how many runs stand side by side."""


def show(key: Where, run: "RunKey", runs: "Sequence[RunKey]") -> None:
    """A word, and the pictures where the run finds it."""
    if run.caption is not Modality.SPEECH:
        page.empty(
            f"{page.plain(run.run)} does not listen to words.",
            f"It matches pictures with {run.caption.display.lower()}; choose a run that was trained on speech.",
        )
        return
    found = run_cache.word_search(key, run)
    if not found.pairs:
        page.empty("No word can be looked for in this catalog.", page.plain(found.reason))
        return
    with st.container(horizontal=True):
        word = pickers.word([pair.word for pair in found.pairs])
        others = pickers.compared([other for other in runs if other.caption is run.caption and other.run != run.run])
    best = found.best(word)
    st.caption(_counts(found, word))
    shown = (run, *others)
    for number, (column, each) in enumerate(zip(st.columns(len(shown)), shown, strict=True)):
        with column:
            if len(shown) > 1:
                st.markdown(f"**{page.plain(each.run)}**")
            listed = _cards(key, each, word, best)
            players.gallery(
                listed, key=f"found_{number}", label=f"{word}, {each.run}", size_px=CARD_PX[len(shown)], on_open=None
            )


def _counts(found: "WordSearch", word: str) -> str:
    times, pictures = page.counted(found.occurrences[word], "time"), page.counted(len(found.items), "picture")
    thing = page.plain(cards.spoken_name(found.pair(word).object))
    return (
        f"“{page.plain(word)}” is said {times}; its mean sound is looked for in {pictures}. "
        f"The best {len(found.best(word))} of them by score, with every {thing} outlined. "
        "Colours run from the least to the best score of each picture."
    )


def _cards(key: Where, run: "RunKey", word: str, items: tuple[str, ...]) -> list[Card]:
    """The pictures under one run's heat."""
    catalog, made = open_catalog(key.catalog), []
    for item in items:
        found = run_cache.found_picture(key, run, word, item)
        if found is not None:
            there = f"overlap {found.union:.2f}" if found.shown else "not in the picture"
            base = cards.card(catalog.sample(item), key, wanted=Modality.IMAGE)
            made.append(
                base
                | {"picture": found.address, "title": f"{found.score:.3g}", "caption": there, "sounds": [], "has": []}
            )
    return made
