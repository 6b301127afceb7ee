"""The parts of the data page."""

import shlex
from collections.abc import Sequence

import streamlit as st

from xmodal.data.catalog import Catalog, Filter
from xmodal.ui import cache, cards, item_view, page, pickers, players, state, statistics_view
from xmodal.ui.bad_rows_table import csv, table
from xmodal.ui.catalogs import Summary, Where, open_catalog

TABS = ("Items", "Statistics", "Bad rows")


def unknown_catalog(name: str, known: Sequence[Summary]) -> None:
    """The address names a catalog that is not there."""
    page.problem(
        "There is no such catalog.",
        f"The address names {name}; loaded are {', '.join(summary.name for summary in known)}.",
        action="Show what is loaded",
        on_click=state.forget_catalog,
        key="forget_catalog",
    )


def gallery(key: Where, chosen: Catalog, summary: Summary) -> None:
    """The chosen items, page by page."""
    if not len(chosen):
        _nothing(summary)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = pickers.shown(summary)
        masks = pickers.masks() if summary.masks else False
        st.caption(f"{len(chosen):,} of {page.counted(summary.items, 'item')}")
    place = st.container()
    positions = pickers.page_of(len(chosen))
    shown = [cards.card(chosen[position], key, wanted=wanted, masks=masks) for position in positions]
    with place:
        players.gallery(shown, key="gallery", label="Items")


def _nothing(summary: Summary) -> None:
    page.problem(
        "No item passes these filters.",
        f"{summary.name} has {page.counted(summary.items, 'item')}, none with all that is asked for.",
        action="Clear the filters",
        on_click=state.clear_filters,
        key="clear_filters",
    )


def item(key: Where, chosen: Catalog, identity: str) -> None:
    """One item with everything."""
    catalog = open_catalog(key.catalog)
    if catalog.find(identity) is None:
        page.problem(
            "There is no such item.",
            f"{key.catalog} has no item {identity}. It may belong to another catalog or to an older build of this one.",
            action="Show all items",
            on_click=state.close_item,
            key="close_missing",
        )
        return
    sample = catalog.sample(identity)
    _steps(chosen, identity)
    scene = cards.spoken_name(sample.scene)
    page.section(page.plain(scene[:1].upper() + scene[1:] or sample.id))
    item_view.full(sample, key, key="item")
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Facts**")
        players.facts(sample, key="facts")
    with right:
        st.markdown("**The same on the command line**")
        st.code(f"python -m xmodal data show {key.catalog} {shlex.quote(sample.id)}", language="bash", wrap_lines=True)


def _steps(chosen: Catalog, identity: str) -> None:
    """Back, previous, next, copy the link."""
    place = chosen.find(identity)
    before = chosen[place - 1].id if place else None
    after = chosen[place + 1].id if place is not None and place + 1 < len(chosen) else None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("All items", key="close", icon=":material/grid_view:", on_click=state.close_item, shortcut="Esc")
        st.button(
            "Previous", key="previous", icon=":material/chevron_left:", disabled=before is None, shortcut="Left",
            on_click=state.open_item, args=(before or identity,),
        )  # fmt: skip
        st.button(
            "Next", key="next", icon=":material/chevron_right:", disabled=after is None, shortcut="Right",
            on_click=state.open_item, args=(after or identity,),
        )  # fmt: skip
        st.caption(f"{place + 1:,} of {len(chosen):,}" if place is not None else "not among the chosen items")
        players.copy_link(key="copy")


def statistics(key: Where, wanted: Filter, summary: Summary) -> None:
    """Distributions over the chosen items."""
    found = cache.statistics(key, wanted)
    if not found.items:
        _nothing(summary)
        return
    statistics_view.show(found)


def bad_rows(key: Where) -> None:
    """What the import skipped."""
    report = cache.report(key)
    for note in report.notes:
        st.caption(page.plain(note))
    if not report.total:
        page.empty("No row was skipped.", f"{page.counted(report.read, 'row')} could be read.")
        return
    skipped = "1 row or file was" if report.total == 1 else f"{report.total:,} rows or files were"
    st.markdown(f"**{skipped} skipped**, {page.counted(report.read, 'item')} read.")
    reasons = report.by_reason().most_common(5)
    st.caption(" · ".join(f"{count:,} × {page.plain(reason)}" for reason, count in reasons))
    st.dataframe(table(report), hide_index=True, key="bad_rows")
    st.download_button(
        "Export as CSV", csv(report), file_name=f"{key.catalog}-bad-rows.csv", mime="text/csv",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip
