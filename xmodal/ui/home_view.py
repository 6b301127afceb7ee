"""The parts of the first page."""

from collections.abc import Sequence

import streamlit as st

from xmodal import workspace
from xmodal.modality import Modality
from xmodal.ui import cache, cards, item_view, page, players, state
from xmodal.ui.catalogs import Broken, Summary, open_catalog, where
from xmodal.ui.navigation import CONCEPTS, DATA, MATCHMAP, switch
from xmodal.ui.palette import MARKERS

SHOWN_COVERS = 2
"""Items of each catalog shown: one row of its card."""
CLEAN = "python -m xmodal workspace clean"


def showcase(summary: Summary) -> None:
    """One item of the first catalog with all its senses."""
    key = where(open_catalog(summary.name))
    sample = cache.showcase(key)
    if sample is None:
        page.empty("This catalog is empty.", "No row of it could be read; the Data page lists why.")
        return
    item_view.compact(sample, key, key="showcase")


def next_steps(summaries: Sequence[Summary]) -> None:
    """Where to go from here."""
    if not summaries:
        return
    first = summaries[0]
    _learned(first)
    with st.container(horizontal=True):
        page.link(DATA, "Browse all items", icon=":material/photo_library:", query={state.CATALOG: first.name})
        if Modality.SPEECH in first.counts:
            query = {state.CATALOG: first.name, state.SHOW: Modality.SPEECH.display}
            page.link(DATA, "Listen to the speech", icon=":material/record_voice_over:", query=query)
        query = {state.CATALOG: first.name, state.TAB: "Statistics"}
        page.link(DATA, "See its statistics", icon=":material/bar_chart:", query=query)


def _learned(summary: Summary) -> None:
    """What trained networks see and hear in the first catalog, beginning with the item that is shown here."""
    if Modality.IMAGE not in summary.counts or Modality.SPEECH not in summary.counts:
        return
    sample = cache.showcase(where(open_catalog(summary.name)))
    query = {state.CATALOG: summary.name} | ({state.ITEM: sample.id} if sample is not None else {})
    with st.container(border=True, gap="xsmall"):
        st.markdown("**What a network learned from pictures and voices, without being told a single word**")
        with st.container(horizontal=True):
            page.link(MATCHMAP, "Watch the picture light up as it is described", icon=MATCHMAP.icon, query=query)
            page.link(CONCEPTS, "See what it discovered", icon=CONCEPTS.icon, query={state.CATALOG: summary.name})


def catalogs(loaded: Sequence[Summary | Broken]) -> None:
    """A card per catalog."""
    if not loaded:
        return
    page.section("What is loaded")
    for first in range(0, len(loaded), 2):
        for column, entry in zip(st.columns(2, gap="medium"), loaded[first : first + 2], strict=False):
            with column.container(border=True):
                if isinstance(entry, Summary):
                    _catalog(entry)
                else:
                    st.markdown(f"**{page.plain(entry.name)}** cannot be opened")
                    st.caption(page.plain(entry.reason))


def _catalog(summary: Summary) -> None:
    catalog = open_catalog(summary.name)
    page.link(DATA, page.plain(summary.name), icon=":material/folder_open:", query={state.CATALOG: summary.name})
    counted = (f"{MARKERS[each]} {each.display} {count:,}" for each, count in summary.counts.items())
    counts = " · ".join(entry.replace(" ", "\N{NO-BREAK SPACE}") for entry in counted)
    st.caption(f"{page.plain(summary.title)} · {page.counted(summary.items, 'item')} · {counts}")
    shown = [cards.cover(catalog.sample(identity), where(catalog)) for identity in summary.covers[:SHOWN_COVERS]]
    key = f"covers_{summary.name}"
    players.gallery(
        shown, key=key, label=f"Items of {summary.title}", size_px=players.SMALL_CARD_PX, on_open=state.note_chosen
    )
    chosen = state.noted(key)
    if chosen:
        switch(DATA, {state.CATALOG: summary.name, state.ITEM: chosen})
    if summary.bad_rows:
        query = {state.CATALOG: summary.name, state.TAB: "Bad rows"}
        label = f"{page.counted(summary.bad_rows, 'row')} skipped: see why"
        page.link(DATA, label, icon=":material/report:", query=query)


def workspace_place() -> None:
    """Where everything lies, how large it is, how to get rid of it."""
    place = workspace.current()
    sizes = cache.sizes(place.root)
    with st.expander(f"Workspace: {workspace.readable(sum(sizes.values()))} on disk", icon=":material/hard_drive:"):
        st.markdown("Everything this product writes is in one folder:")
        st.code(str(place.root), language=None)
        parts = [f"{page.plain(name)} {workspace.readable(size)}" for name, size in sizes.items()]
        st.caption(" · ".join(parts))
        st.markdown("Free the cache (it is made again when needed), or with `--everything` the catalogs too:")
        st.code(CLEAN, language="bash")
