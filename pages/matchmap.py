"""Matchmap: a picture lights up as it is described."""

import streamlit as st

from xmodal.ui import (
    cache,
    live_view,
    matchmap_view,
    own_view,
    page,
    pickers,
    run_page,
    segments_view,
    state,
    volume_view,
    word_view,
)

page.header("What lights up when?", "Press play: the network shows which part of the picture each sound belongs to.")
runs, run, summary = run_page.chosen()
with st.sidebar:
    filmed, words = pickers.filmed(summary, run), pickers.words()
    wanted = matchmap_view.usable(run, words, filmed)
key = cache.key_of(summary.name)
play, yours, live, parts, volume, find = st.tabs(matchmap_view.TABS, key=state.VIEW, bind="query-params")
if play.open:
    with play:
        matchmap_view.show(key, cache.selection(key, wanted), run, runs, filmed)
if yours.open:
    with yours:
        own_view.show(key, cache.selection(key, matchmap_view.pictured(words)), run)
if live.open:
    with live:
        live_view.show(key, cache.selection(key, matchmap_view.pictured(words)), run)
if parts.open:
    with parts:
        segments_view.show(key, cache.selection(key, matchmap_view.usable(run, words)), run, runs)
if volume.open:
    with volume:
        volume_view.show(key, cache.selection(key, matchmap_view.usable(run, words)), run)
if find.open:
    with find:
        word_view.show(key, run, runs)
