"""The first start: the demo world is made by a job while the page shows how far it is."""

import streamlit as st

from xmodal import demo, workspace
from xmodal.jobs import analyses
from xmodal.jobs.job import ACTIVE
from xmodal.jobs.queue import Queue
from xmodal.progress import describe
from xmodal.ui import page

IMPORT = "python -m xmodal data import PATH"


def making() -> None:
    """Nothing is loaded yet: make the demo world, or say why that fails; and how to bring one's own data."""
    _progress()
    page.empty("Or bring your own data:", "A folder in one of the known layouts, or with a table of files.", IMPORT)


@st.fragment(run_every=1.0)
def _progress() -> None:
    here = workspace.current()
    queue = Queue(here)
    found = demo.state(here)
    if found.ready:
        st.rerun()
    job = analyses.newest(analyses.DEMO, queue)
    if job is None and not found.running:
        here.prepare()
        _ask()
        job = analyses.newest(analyses.DEMO, queue)
    if found.running or job is None or job.state in ACTIVE:
        share = found.done / max(found.total, 1)
        text = describe("Making the demo world:", found.done, found.total, found.elapsed_s, before=found.before)
        st.progress(share, text=text)
        st.caption("Pictures, sounds, speech and words of a few hundred invented scenes. You may leave this page.")
        return
    page.problem(
        "The demo world could not be made.",
        page.plain(job.message or "it was stopped before its end"),
        action="Try again",
        on_click=_ask,
        key="try_demo_again",
    )


def _ask() -> None:
    analyses.ask(analyses.DEMO, Queue(workspace.current()), title="Make the demo world")
