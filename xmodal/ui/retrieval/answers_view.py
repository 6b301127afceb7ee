"""What answers: the nearest entries of every sense side by side, with their scores."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import streamlit as st

from xmodal.data import spreadsheet
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.ui import cards, page, players
from xmodal.ui import state as addresses
from xmodal.ui.cards import Card
from xmodal.ui.palette import MARKERS
from xmodal.ui.retrieval import state
from xmodal.ui.retrieval.entry_card import entry_card
from xmodal.ui.retrieval.query_view import Asked
from xmodal.ui.retrieval.state import FIRST

if TYPE_CHECKING:
    from xmodal.recipes.search_catalog import Collection, Filters, Hit, Part
    from xmodal.ui.networks.searched import Space

COLUMNS = 3
"""Senses side by side."""
CARD_PX = 128
PREVIEW = "Sounds play and videos move while the pointer or the keyboard rests on them, one at a time"
COUNTS = ("6", "12", "24", "48")
SCORE = (
    "The cosine of the two vectors, from -1 to 1. Scores of one sense can be compared with each other, not with those "
    "of another."
)


def show(
    space: "Space", found: "Collection", parts: "Sequence[Part]", asked: Sequence[Asked], filters: "Filters"
) -> None:
    """Search, and show what was found."""
    senses, many = _wanted(found)
    if not parts:
        return
    answers: dict[Modality, tuple[Hit, ...]] = {}
    recall: dict[Modality, float | None] = {}
    try:
        for sense in senses:
            answers[sense], recall[sense] = found.search(parts, sense, many, filters)
    except InputError as error:
        page.empty("There is nothing to look for.", page.plain(str(error)))
        return
    if not any(answers.values()):
        page.problem(
            "No item passes these filters.", "Choose another split or scene.",
            action="Let all items answer", key="all_items",
            on_click=lambda: state.clear_narrowing(addresses.SPLIT, addresses.SCENE),
        )  # fmt: skip
        return
    own = {each.item for each in asked if each.item}
    for first in range(0, len(senses), COLUMNS):
        row = senses[first : first + COLUMNS]
        for column, sense in zip(st.columns(len(row), gap="medium"), row, strict=True):
            with column:
                _column(space, found, answers[sense], (sense, recall[sense], own))
    _below(space, answers)


def _wanted(found: "Collection") -> tuple[tuple[Modality, ...], int]:
    """Which senses answer, and with how many items."""
    named = {sense.display: sense for sense in found.senses}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.pills(
            "Answers", list(named), selection_mode="multi", key=state.ANSWERS, bind="query-params",
            help="What to find; nothing chosen: everything",
        )  # fmt: skip
        many = st.segmented_control(
            "Of each", COUNTS, key=state.MANY, default=COUNTS[0], required=True, bind="query-params"
        )
        st.toggle("Preview", value=True, key=state.PREVIEW, bind="query-params", help=PREVIEW)
    senses = tuple(named[name] for name in chosen if name in named)
    return senses or found.senses, int(many or COUNTS[0])


def _column(
    space: "Space", found: "Collection", hits: "Sequence[Hit]", about: tuple[Modality, float | None, set[str]]
) -> None:
    sense, recall, own = about
    page.section(f"{MARKERS[sense]} {sense.display}")
    note = f"best of {found.rows_of(sense):,}"
    if recall is None or recall < 1.0:
        share = "not measured" if recall is None else f"{recall:.0%} of the true ten best are found"
        note += f" · approximate search: {share}"
    st.caption(note, help=SCORE)
    shown = [_card(space, hit, own) for hit in hits]
    players.gallery(
        shown, key=f"found_{sense.value}", label=f"{sense.display}: best first; a click finds more like it",
        size_px=CARD_PX, on_open=lambda key: state.like_chosen(FIRST, key), on_ask=state.explain_chosen,
    )  # fmt: skip


def _card(space: "Space", hit: "Hit", own: set[str]) -> Card:
    """One answer; only its own sound plays, and a click asks with it."""
    card = entry_card(space, hit.item, hit.modality, hit.text)
    mark = " · own ✓" if hit.item in own else ""
    return card | {
        "title": f"{hit.score:.2f}{mark}",
        "caption": cards.spoken_name(hit.scene) if hit.modality is Modality.TEXT else card["caption"],
        "asks": "Why this answer?",
    }


def _below(space: "Space", answers: "Mapping[Modality, tuple[Hit, ...]]") -> None:
    st.caption(
        "A click on a card, or Enter, finds more like it; Space plays its sound; the question mark on it says why it "
        "was found."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        players.copy_link(key="copy")
        st.download_button(
            "Export as CSV", _csv(answers), file_name=f"{space.where.catalog}-answers.csv", mime="text/csv",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def _csv(answers: "Mapping[Modality, tuple[Hit, ...]]") -> bytes:
    rows = [
        {"modality": sense.value, "rank": number, "item": hit.item, "score": round(hit.score, 6), "text": hit.text}
        for sense, hits in answers.items()
        for number, hit in enumerate(hits, start=1)
    ]
    return spreadsheet.csv(pa.Table.from_pylist(rows))
