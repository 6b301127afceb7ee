"""The app's script: page settings, navigation, and the page that the address names."""

import streamlit as st

from xmodal.ui.navigation import PAGES

st.set_page_config(page_title="xmodal", page_icon=":material/hearing:", layout="wide")
st.navigation(
    {
        group: [st.Page(spec.path, title=spec.title, icon=spec.icon, default=spec.default) for spec in specs]
        for group, specs in PAGES.items()
    }
).run()
