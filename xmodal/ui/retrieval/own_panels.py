"""Panels that people keep: saving what is asked, listing, renaming, deleting with a way back."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st
from pydantic import ValidationError

from xmodal.errors import InputError, reason
from xmodal.ui import page
from xmodal.ui.navigation import RETRIEVAL
from xmodal.ui.retrieval import cache, panel_view, state
from xmodal.ui.retrieval.query_view import Asked

if TYPE_CHECKING:
    from xmodal.recipes.panels import Answered, Panel
    from xmodal.recipes.saved_panels import Damaged
    from xmodal.recipes.search_catalog import Collection, Filters, Part
    from xmodal.ui.networks.searched import Space

WHOLE = 12
"""Panels that are shown with their answers; of more there are only the names."""
LONGEST_NAME = 80


def offer(space: "Space", parts: "Sequence[Part]", asked: Sequence[Asked], filters: "Filters") -> None:
    """Keep what is asked on this page as a panel."""
    if not parts:
        return
    with st.popover("Save as a panel", icon=":material/bookmark_add:"):
        with st.form("save_panel", border=False):
            name = st.text_input("Name", key=state.NEW_PANEL, max_chars=LONGEST_NAME, placeholder="Dogs by the water")
            kept = st.form_submit_button("Save", icon=":material/save:")
        if any(each.brought is not None and isinstance(each.brought.content, bytes) for each in asked):
            st.caption("What you brought is kept with it in the workspace, up to 25 MB.")
        if kept:
            _save(name, space, [(each, part.weight) for each, part in zip(asked, parts, strict=True)], filters)


def _save(name: str, space: "Space", queries: "Sequence[tuple[Asked, float]]", filters: "Filters") -> None:
    from xmodal.ui.networks import panelled

    try:
        panel = panelled.save(name, space, queries, (state.answering(), state.many(), filters))
    except (InputError, ValidationError, OSError) as error:
        st.error(page.plain(reason(error)))
        return
    st.success(f"{page.plain(panel.name)} is saved, in the gallery below the twelve.")
    st.button("See it", icon=":material/bookmark:", key="see_panel", on_click=state.show_panel, args=(panel.id,))


def listed(space: "Space", found: "Collection") -> None:
    """Every panel that is kept: those of this run and catalog with their answers, the others by name."""
    from xmodal.recipes.saved_panels import Damaged
    from xmodal.ui.networks import panelled

    kept = panelled.saved()
    here = [each for each in kept if not isinstance(each, Damaged) and panelled.fits(each, space)][:WHOLE]
    if kept:
        page.section("Your panels")
    else:
        st.caption("Panels of your own: ask something on the tab “Ask” and save it; it appears here.")
    for each in here:
        shown = _answered(space, found, each)
        if shown is None:
            _changes(each.id, each.name)
            continue
        panel_view.show(space, shown, key=f"own_{each.id}", address=each.id)
        _changes(each.id, each.name)
    for each in kept:
        if each not in here:
            _row(each)
    _deleted()


def alone(space: "Space", found: "Collection", wanted: str) -> None:
    """One panel that is kept."""
    from xmodal.recipes.saved_panels import Damaged
    from xmodal.ui.networks import panelled

    known = {each.id: each for each in panelled.saved()}
    panel = known.get(wanted)
    if panel is None:
        page.empty("There is no such panel.", "It was deleted, or it was saved in another workspace.")
    elif isinstance(panel, Damaged) or not panelled.fits(panel, space):
        _row(panel)
    else:
        shown = _answered(space, found, panel)
        if shown is not None:
            panel_view.alone(space, shown)
        _changes(panel.id, panel.name)


def _answered(space: "Space", found: "Collection", panel: "Panel") -> "Answered | None":
    """A panel with its answers; None: it cannot be asked any more, and why is said."""
    from xmodal.ui.networks import panelled

    try:
        return panelled.answered(panel, found, lambda sense, given: cache.vector(space, found, sense, given))
    except (InputError, OSError) as error:
        page.empty(f"{page.plain(panel.name)} cannot be asked any more.", page.plain(reason(error)))
        return None


def _row(panel: "Panel | Damaged") -> None:
    """A panel that cannot be shown here: another run's, another catalog's, or a damaged one."""
    from xmodal.recipes.saved_panels import Damaged
    from xmodal.ui.networks import panelled

    if isinstance(panel, Damaged):
        page.empty("A panel cannot be read.", page.plain(panel.reason))
        _changes(panel.id, "")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        where = f"{panel.run} over {panel.catalog}, {panel.layer}"
        st.markdown(f"**{page.plain(panel.name)}** asks {page.plain(where)}", width="content")
        page.link(RETRIEVAL, "Show it there", icon=":material/open_in_full:", query=panelled.alone(panel))
    _changes(panel.id, panel.name)


def _changes(panel: str, name: str) -> None:
    """Rename (where there is a name) and delete."""
    from xmodal.ui.networks import panelled

    with st.container(horizontal=True, vertical_alignment="center"):
        if name:
            with st.popover("Rename", icon=":material/edit:", key=f"rename_{panel}"), st.form(f"name_{panel}"):
                other = st.text_input("Name", name, key=f"other_{panel}", max_chars=LONGEST_NAME)
                if st.form_submit_button("Rename"):
                    _tried(lambda: panelled.rename(panel, other))
        st.button(
            "Delete", icon=":material/delete:", key=f"delete_{panel}", on_click=page.telling(lambda: _delete(panel))
        )


def _tried(act: Callable[[], None]) -> None:
    try:
        act()
    except (InputError, ValidationError, OSError) as error:
        st.error(page.plain(reason(error)))
    else:
        st.rerun()


def _delete(panel: str) -> None:
    from xmodal.ui.networks import panelled

    panelled.delete(panel)
    state.all_panels()
    st.toast("Deleted; it can be brought back at the end of the gallery.")


def _deleted() -> None:
    from xmodal.ui.networks import panelled

    gone = panelled.saved(deleted=True)
    if not gone:
        return
    with st.expander(f"Deleted: {page.counted(len(gone), 'panel')}"):
        for each in gone:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(page.plain(getattr(each, "name", each.id)), width="content")
                st.button(
                    "Bring back", icon=":material/undo:", key=f"restore_{each.id}",
                    on_click=page.telling(lambda each=each: panelled.restore(each.id)),
                )  # fmt: skip
