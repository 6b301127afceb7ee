"""Concepts: what a trained network discovered without being told."""

import streamlit as st

from xmodal.ui import cache, demo_view, discovery_view, matchmap_view, page, pickers, state
from xmodal.ui.catalogs import Summary

page.header("What did it discover?", "Words and things that the network brought together without being told either.")
catalogs = [entry for entry in cache.loaded() if isinstance(entry, Summary)]
if not catalogs:
    demo_view.making()
    st.stop()
runs = cache.runs()
if not runs:
    matchmap_view.no_runs()
    st.stop()
with st.sidebar:
    run = pickers.run(runs)
    matchmap_view.left_out()
    summary = pickers.catalog(catalogs)
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
