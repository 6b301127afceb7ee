"""Before a training starts: whether its data, disk and memory suffice, and about how long it takes."""

from typing import TYPE_CHECKING

import streamlit as st

from xmodal.ui import page

if TYPE_CHECKING:
    from xmodal.ui.networks.launching import Plan

SIGNS = {"ok": "✓", "warn": "!", "fail": "✕"}
"""A level is told by a sign and a word, never by colour alone."""
LOOK_S = 0.5


def show(planned: "Plan") -> None:
    """What the check of this plan said; a button where none was made."""
    from xmodal.ui.networks import checking

    found = checking.state(planned)
    if found.checked is not None:
        for each in found.checked.checks:
            st.markdown(f"{SIGNS[each.level]} {each.level}: **{page.plain(each.name)}** {page.plain(each.text)}")
    if found.running:
        st.fragment(_progress, run_every=LOOK_S)(planned)
        return
    if found.fault:
        st.warning(page.plain(found.fault))
    label = "Check data, memory, disk and time" if found.checked is None else "Check again"
    if st.button(label, icon=":material/rule:", on_click=page.telling(lambda: checking.start(planned))):
        st.rerun()


def _progress(planned: "Plan") -> None:
    from xmodal.ui.networks import checking

    found = checking.state(planned)
    if not found.running:
        st.rerun()
    st.progress(found.share, text=page.plain(found.progress or "Starting"))
