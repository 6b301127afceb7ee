"""Train: launch a recipe in the background, watch it, stop it, go on."""

import streamlit as st

from xmodal.ui import cache, demo_view, jobs_view, launch_view, page
from xmodal.ui.catalogs import Summary

page.header(
    "What should be learned next?",
    "A training runs by itself: close this page, or the server, and it goes on; whoever comes back sees where it is.",
)
catalogs = [entry for entry in cache.loaded() if isinstance(entry, Summary)]
if not catalogs:
    demo_view.making()
    st.stop()
launch_view.show([entry.name for entry in catalogs])
jobs_view.show()
