"""`streamlit run app.py`: the pages, and the media routes beside them."""

import streamlit as st

from xmodal.ui.media_routes import ROUTES

app = st.App("xmodal/ui/main.py", routes=ROUTES)
