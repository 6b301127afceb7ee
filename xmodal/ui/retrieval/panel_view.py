"""One panel: its query, and its answers in every sense."""

import base64
import io
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from xmodal.ui import cards, page, players
from xmodal.ui.cards import Card
from xmodal.ui.export_view import file_name
from xmodal.ui.navigation import RETRIEVAL
from xmodal.ui.retrieval import state
from xmodal.ui.retrieval.entry_card import entry_card

if TYPE_CHECKING:
    from xmodal.recipes.panels import Answered, Asked
    from xmodal.recipes.search_catalog import Hit
    from xmodal.ui.networks.searched import Space

CARD_PX = 92
FORMATS = (
    (".html", "Page (HTML)", "text/html", ":material/web:", "Pictures and sounds are inside; it needs no network"),
    (".png", "Picture (PNG)", "image/png", ":material/image:", "A still picture for a paper or a slide"),
    (".csv", "Table (CSV)", "text/csv", ":material/table:", "Every answer with its rank and score"),
)


def show(space: "Space", shown: "Answered", *, key: str, address: str) -> None:
    """A panel among others, with links to its query and to itself alone."""
    from xmodal.ui.networks import panelled

    with st.container(border=True, key=f"{key}_box", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            page.section(page.plain(shown.panel.name))
            ask(shown)
            link = panelled.alone(shown.panel, address)
            page.link(RETRIEVAL, "Alone", icon=":material/open_in_full:", query=link)
        content(space, shown, key=key)


def alone(space: "Space", shown: "Answered") -> None:
    """A panel by itself, with what can be taken away."""
    page.section(page.plain(shown.panel.name))
    content(space, shown, key="panel")
    with st.container(horizontal=True, vertical_alignment="center"):
        ask(shown)
        players.copy_link(key="copy_panel")
    exports(space, [shown], name=shown.panel.name, label="")


def ask(shown: "Answered") -> None:
    """A link to the panel's query, where it can be changed."""
    from xmodal.ui.networks import panelled

    page.link(RETRIEVAL, "Ask this", icon=RETRIEVAL.icon, query=panelled.address(shown.panel))


def content(space: "Space", shown: "Answered", *, key: str) -> None:
    """The query and the answers of each sense; a click asks with what is clicked on."""
    queries = [_query(space, asked) for asked in shown.panel.asked]
    groups: list[tuple[dict[str, str], list[Card]]] = [({"title": "Query"}, queries)]
    for sense, hits in shown.answers.items():
        groups.append(({"title": sense.display} | cards.named(sense), [_answer(space, hit, shown.own) for hit in hits]))
    label = f"{shown.panel.name}: the query, then what answers, best first; a click asks with it"
    players.panel(groups, key=key, label=label, size_px=CARD_PX, on_open=state.ask_like)


def _answer(space: "Space", hit: "Hit", own: frozenset[str]) -> Card:
    title = f"{hit.score:.2f} · own ✓" if hit.item in own else f"{hit.score:.2f}"
    return entry_card(space, hit.item, hit.modality, hit.text) | {"title": title}


def _query(space: "Space", asked: "Asked") -> Card:
    weight = {} if asked.weight == 1.0 else {"title": f"× {asked.weight:g}"}
    if asked.item:
        return entry_card(space, asked.item, asked.sense) | {"title": ""} | weight
    if asked.text:
        return cards.written(asked.text) | weight
    return cards.pictured("", _picture(asked), title="", caption="What was brought") | cards.named(asked.sense) | weight


def _picture(asked: "Asked") -> str:
    """What was brought as a small picture inside its address; a sound as its spectrogram."""
    from xmodal.ui.networks import panelled

    content = panelled.preview(asked)
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"


def exports(space: "Space", shown: "Sequence[Answered]", *, name: str, label: str) -> None:
    """Buttons that write panels to files; made on a click."""
    if not shown:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"export_{file_name(name)}"):
        if label:
            st.markdown(label, width="content")
        for suffix, title, kind, icon, help_text in FORMATS:
            st.download_button(
                title, partial(_file, space, tuple(shown), suffix), f"{file_name(name)}{suffix}", kind, icon=icon,
                key=f"save_{suffix[1:]}", on_click="ignore", help=help_text,
            )  # fmt: skip


def _file(space: "Space", shown: "tuple[Answered, ...]", suffix: str) -> io.BytesIO:
    from xmodal.ui.networks import panelled

    return io.BytesIO(panelled.file(space, shown, suffix))
