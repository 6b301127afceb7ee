"""The gallery: twelve panels by a rule, below them those that people keep; or one of them alone."""

from typing import TYPE_CHECKING

import streamlit as st

from xmodal.ui import page
from xmodal.ui.retrieval import cache, own_panels, panel_view, state

if TYPE_CHECKING:
    from xmodal.recipes.gallery import Gallery
    from xmodal.recipes.search_catalog import Collection
    from xmodal.ui.networks.searched import Space


def show(space: "Space", found: "Collection") -> None:
    """All panels, or the one that the address names."""
    shown = cache.gallery(space, found)
    wanted = state.panel()
    if wanted:
        _alone(space, found, shown, wanted)
        return
    _told(shown)
    for number, each in enumerate(shown.panels, start=1):
        panel_view.show(space, each, key=f"panel{number}", address=str(number))
    panel_view.exports(space, shown.panels, name="gallery", label="All of these")
    own_panels.listed(space, found)


def _told(shown: "Gallery") -> None:
    from xmodal.recipes.gallery import notes_of

    if not shown.panels:
        page.empty("There is no panel to show.", "No item of this catalog says anything to this network.")
        return
    rule, *others = notes_of(shown)
    st.caption(f"{page.plain(rule)} A click on a card asks with it.", help=" ".join(others))


def _alone(space: "Space", found: "Collection", shown: "Gallery", wanted: str) -> None:
    st.button("All panels", icon=":material/arrow_back:", key="all_panels", on_click=state.all_panels)
    if not wanted.isdecimal() or len(wanted) > 3:
        own_panels.alone(space, found, wanted)
        return
    if not 1 <= int(wanted) <= len(shown.panels):
        many = page.counted(len(shown.panels), "panel")
        page.empty("There is no such panel.", f"The gallery of this run and catalog has {many}.")
        return
    panel_view.alone(space, shown.panels[int(wanted) - 1])
