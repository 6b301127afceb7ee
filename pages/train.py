"""Train: launch a recipe in the background, watch it, stop it, go on; see what came of it."""

import streamlit as st

from xmodal.ui import cache, compare_view, demo_view, jobs_view, launch_view, page, runs_view, state
from xmodal.ui.catalogs import Summary

page.header(
    "What should be learned next?",
    "A training runs by itself: close this page, or the server, and it goes on; whoever comes back sees where it is.",
)
catalogs = [entry for entry in cache.loaded() if isinstance(entry, Summary)]
if not catalogs:
    demo_view.making()
    st.stop()
new, jobs, runs, compare = st.tabs(jobs_view.TABS, key=state.TRAIN, bind="query-params")
if new.open:
    with new:
        launch_view.show([entry.name for entry in catalogs])
if jobs.open:
    with jobs:
        jobs_view.show()
if runs.open:
    with runs:
        runs_view.show()
if compare.open:
    with compare:
        compare_view.show()
