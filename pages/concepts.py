"""Concepts: what a trained network discovered without being told."""

import streamlit as st

from xmodal.ui import cache, discovery_view, page, run_page, state

page.header("What did it discover?", "Words and things that the network brought together without being told either.")
_, run, summary = run_page.chosen()
with st.sidebar:
    pairs = discovery_view.pairs(summary)
if run.caption not in summary.counts:
    discovery_view.unusable(run, summary)
    st.stop()
key = cache.key_of(summary.name)
dictionary, patterns = st.tabs(discovery_view.TABS, key=state.FOUND, bind="query-params")
if dictionary.open:
    with dictionary:
        discovery_view.concepts(key, run, pairs)
if patterns.open:
    with patterns:
        discovery_view.clusters(key, run, pairs)
