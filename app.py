"""`streamlit run app.py`: the pages, and beside them the routes for media and for live sound."""

import streamlit as st

from xmodal.ui import live_routes, media_routes

app = st.App("xmodal/ui/main.py", routes=[*media_routes.ROUTES, *live_routes.ROUTES])
