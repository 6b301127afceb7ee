"""Matchmap: a picture lights up as it is described."""

import streamlit as st

from xmodal.ui import cache, demo_view, matchmap_view, page, pickers, state, word_view
from xmodal.ui.catalogs import Summary

page.header("What lights up when?", "Press play: the network shows which part of the picture each sound belongs to.")
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
    wanted = matchmap_view.usable(run, pickers.words())
key = cache.key_of(summary.name)
play, find = st.tabs(matchmap_view.TABS, key=state.VIEW, bind="query-params")
if play.open:
    with play:
        matchmap_view.show(key, cache.selection(key, wanted), run)
if find.open:
    with find:
        word_view.show(key, run, runs)
