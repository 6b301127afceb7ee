"""An app with one page: a picture that listens."""

import streamlit as st

from xmodal.ui.live_routes import ROUTES

app = st.App("live_page.py", routes=ROUTES)
