"""Retrieval: ask in one sense, find in all."""

import streamlit as st

from xmodal.ui import page
from xmodal.ui import state as addresses
from xmodal.ui.retrieval import (
    answers_view,
    choice,
    gallery_view,
    metrics_view,
    own_panels,
    query_view,
    state,
    why_view,
)

page.header(
    "What goes with this?",
    "Ask with a picture, a sound or words: the network answers in every sense that it knows.",
)
space, summary = choice.space()
found = choice.vectors(space, summary)
state.open_tab()
panels, asking, measured = st.tabs(state.TABS, key=addresses.VIEW, bind="query-params")
if panels.open:
    with panels:
        gallery_view.show(space, found)
if asking.open:
    with asking:
        filters = choice.narrowed(space, summary)
        parts, asked = query_view.parts(space, found)
        answers_view.show(space, found, parts, asked, filters)
        own_panels.offer(space, parts, asked, filters)
        why_view.show(space, found, parts, asked)
if measured.open:
    with measured:
        metrics_view.show(space, found, summary)
