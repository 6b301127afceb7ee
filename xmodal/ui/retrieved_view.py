"""Retrieval on the results page: one item, the pictures that its caption finds, the captions that its picture finds."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.seeding import stream
from xmodal.ui import cards, page, players, run_cache, state
from xmodal.ui.cards import Card
from xmodal.ui.live_world import open_source

if TYPE_CHECKING:
    from xmodal.ui.networks.retrieved import Retrieved

CARD_PX = 144
KEPT = "python -m xmodal ship {run} FOLDER/{run} --results 2000"


def show() -> None:
    """Choose a run and an item; see what it finds."""
    from xmodal.ui.networks.retrieved import index_of

    runs = run_cache.runs()
    if not runs:
        page.empty("No network is trained yet.", "Train one.", "python -m xmodal train matchmaps-demo-cosine")
        return
    offered = [each.run for each in runs if index_of(each.run)]
    if not offered:
        text = (
            "A run that is shipped with results keeps vectors, neighbours and ranks of many items beside its weights."
        )
        page.empty("No run has kept what it finds.", text, KEPT.format(run=runs[0].run))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        run = st.selectbox("Trained run", offered, key=state.RUN, bind="query-params") or offered[0]
        asked = st.text_input("Item", key=state.QUERY, placeholder="number or id", bind="query-params")
        st.button("At random", key="draw_again", icon=":material/casino:", on_click=state.draw_again)
    try:
        found = run_cache.retrieved(run)
    except InputError as error:
        page.empty("What this run has kept cannot be read.", page.plain(str(error)))
        return
    if found is None:
        text = "What it has kept is of other weights, or of another version of the world: ship it again."
        page.empty("This run has kept nothing of use.", text, KEPT.format(run=run))
        return
    place = _place(found, (asked or "").strip())
    if place is None:
        page.empty("There is no such item.", f"Items have numbers from 0 to {len(found.ids) - 1:,}.")
        return
    _query(found, place)
    _answers(found, place)


def _place(found: "Retrieved", asked: str) -> int | None:
    """The item that is asked for by name, else the one that is drawn."""
    if asked:
        return found.position(asked)
    return int(stream(state.draw(), "retrieval").integers(len(found.ids)))


def _query(found: "Retrieved", place: int) -> None:
    """The item itself, and how well each side finds the other."""
    count, caption = len(found.ids), found.caption.display.lower()
    left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
    with left:
        sides = [_card(found, place, Modality.IMAGE, "Picture"), _card(found, place, found.caption, "Caption")]
        players.gallery(sides, key="query_item", label="The item", size_px=CARD_PX, on_open=None)
    with right:
        st.markdown(f"**{page.plain(found.ids[place])}** · number {place:,}")
        with st.container(horizontal=True):
            st.metric(f"By its {caption}, its picture is", f"no. {int(found.picture_ranks[place]):,}", width=200)
            st.metric(f"By its picture, its {caption} is", f"no. {int(found.caption_ranks[place]):,}", width=200)
        first = [float(np.mean(ranks <= 10)) for ranks in (found.picture_ranks, found.caption_ranks)]
        st.caption(
            f"of {count:,}. Over all of them the own picture is among the ten best for {first[0]:.0%}, the own "
            f"{caption} for {first[1]:.0%}; by chance {min(1.0, 10 / count):.1%}."
        )


def _answers(found: "Retrieved", place: int) -> None:
    """What matches best, on both sides."""
    caption = found.caption.display.lower()
    listed = {
        "pictures": (f"Pictures that match its {caption} best", found.best_pictures, Modality.IMAGE),
        "captions": ("Captions that match its picture best", found.best_captions, found.caption),
    }
    for key, (title, best, modality) in listed.items():
        page.section(title)
        answers = [int(each) for each in best[place]]
        shown = [
            _card(found, answer, modality, f"{rank}. its own ✓" if answer == place else f"{rank}.")
            for rank, answer in enumerate(answers, start=1)
        ]
        players.gallery(shown, key=f"found_{key}", label=title, size_px=CARD_PX, on_open=state.ask_chosen)
        if place not in answers:
            st.caption("Its own is not among them.")


def _card(found: "Retrieved", place: int, modality: Modality, title: str) -> Card:
    """One side of an item; only its own sound plays."""
    sample = open_source(found.where.catalog).sample(found.ids[place])
    card = cards.card(sample, found.where, wanted=modality)
    sounds = card["sounds"] if modality is found.caption else []
    return card | {"title": title, "has": [], "sounds": sounds}
