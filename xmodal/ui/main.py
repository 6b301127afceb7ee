"""The app's script: page settings, navigation, and the page that the address names."""

from pathlib import Path

import streamlit as st

from xmodal.errors import InputError
from xmodal.ui import page
from xmodal.ui.navigation import PAGES

ICON = Path(__file__).with_name("icon.svg")  # a named symbol would be fetched from another server

st.set_page_config(page_title="xmodal", page_icon=str(ICON), layout="wide")
chosen = st.navigation(
    {
        group: [st.Page(spec.path, title=spec.title, icon=spec.icon, default=spec.default) for spec in specs]
        for group, specs in PAGES.items()
    }
)
try:
    chosen.run()
except InputError as error:  # a file that is damaged, or is gone since the page last looked
    page.empty("This cannot be shown.", page.plain(str(error)))
