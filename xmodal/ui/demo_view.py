"""The first start: the demo world is made in a process of its own while the page shows how far it is."""

import time

import streamlit as st

from xmodal import demo, workspace
from xmodal.progress import describe
from xmodal.ui import cache, page

PATIENCE_S = 30.0
"""A process that has not taken up its work after this time has failed."""
IMPORT = "python -m xmodal data import PATH"


def making() -> None:
    """Nothing is loaded yet: make the demo world, or say why that fails; and how to bring one's own data."""
    _progress()
    page.empty("Or bring your own data:", "A folder in one of the known layouts, or with a table of files.", IMPORT)


@st.fragment(run_every=1.0)
def _progress() -> None:
    here = workspace.current()
    found = demo.state(here)
    if found.ready:
        st.rerun()
    started_s = cache.demo_started(here.root)
    if found.running or time.monotonic() - started_s < PATIENCE_S:
        share = found.done / max(found.total, 1)
        text = describe("Making the demo world:", found.done, found.total, found.elapsed_s, before=found.before)
        st.progress(share, text=text)
        st.caption("Pictures, sounds, speech and words of a few hundred invented scenes. You may leave this page.")
        return
    page.problem(
        "The demo world could not be made.",
        f"The reason is at the end of {here.root / f'.{demo.NAME}.log'}",
        action="Try again",
        on_click=cache.demo_started.clear,
        key="try_demo_again",
    )
