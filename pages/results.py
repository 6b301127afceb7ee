"""Results: how good the trained runs are, beside what the paper printed."""

import streamlit as st

from xmodal.ui import amount_view, cache, curves_view, demo_view, page, results_view, retrieved_view, state
from xmodal.ui.catalogs import Summary

page.header(
    "How good is it?", "What trained runs reach, beside what the paper printed; how they got there; what they find."
)
if not any(isinstance(entry, Summary) for entry in cache.loaded()):
    demo_view.making()
    st.stop()
tables, curves, amount, retrieval = st.tabs(results_view.TABS, key=state.RESULTS, bind="query-params")
if tables.open:
    with tables:
        results_view.tables()
if curves.open:
    with curves:
        curves_view.show()
if amount.open:
    with amount:
        amount_view.show()
if retrieval.open:
    with retrieval:
        retrieved_view.show()
