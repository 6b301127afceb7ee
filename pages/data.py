"""Data: what is in a catalog, item by item and as a whole."""

import streamlit as st

from xmodal.ui import cache, data_view, demo_view, page, pickers, state
from xmodal.ui.catalogs import Summary

page.header("What is in this data?", "Browse, filter and listen; open an item to see all that belongs to it.")
catalogs = [entry for entry in cache.loaded() if isinstance(entry, Summary)]
if not catalogs:
    demo_view.making()
    st.stop()
asked = state.asked_catalog()
if asked and asked not in [entry.name for entry in catalogs]:
    data_view.unknown_catalog(asked, catalogs)
    st.stop()
with st.sidebar:
    summary = pickers.catalog(catalogs)
    key = cache.key_of(summary.name)
    wanted = pickers.wanted(summary, cache.scenes(key))
chosen = cache.selection(key, wanted)
if state.item():
    data_view.item(key, chosen, state.item() or "")
    st.stop()
items, statistics, bad_rows = st.tabs(data_view.TABS, key=state.TAB, bind="query-params")
if items.open:
    with items:
        data_view.gallery(key, chosen, summary)
if statistics.open:
    with statistics:
        data_view.statistics(key, wanted, summary)
if bad_rows.open:
    with bad_rows:
        data_view.bad_rows(key)
