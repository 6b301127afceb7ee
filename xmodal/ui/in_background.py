"""A command of ours that a page offers to run in the background: its button, how far it is, why it failed."""

from collections.abc import Sequence

import streamlit as st

from xmodal import workspace
from xmodal.jobs import analyses
from xmodal.jobs.job import ACTIVE, PROGRESS, JobState
from xmodal.jobs.queue import Queue
from xmodal.progress import read
from xmodal.ui import page, state
from xmodal.ui.navigation import TRAIN

LOOK_S = 1.5


def offer(words: Sequence[str], label: str, *, title: str, key: str) -> None:
    """A button that runs `python -m xmodal` with these words; while it runs its progress, and a link to its job."""
    queue = Queue(workspace.current())
    job = analyses.newest(words, queue)
    if job is not None and job.state in ACTIVE:
        st.fragment(_watched, run_every=LOOK_S)(words)
        return
    if job is not None and job.state is not JobState.FINISHED:
        st.warning(page.plain(f"The last attempt was {job.state.value}: {job.message}"))
    st.button(
        label, key=key, icon=":material/play_arrow:",
        on_click=page.telling(lambda: _ask(words, title)),
    )  # fmt: skip


def _ask(words: Sequence[str], title: str) -> None:
    analyses.ask(words, Queue(workspace.current()), title=title)


def _watched(words: Sequence[str]) -> None:
    job = analyses.newest(words, Queue(workspace.current()))
    if job is None or job.state not in ACTIVE:
        st.rerun()  # the whole page, which shows what came out
    assert job is not None  # `rerun` does not return
    told = read(job.folder / PROGRESS)
    share = told.share if told is not None else None
    st.progress(share or 0.0, text=page.plain(str(told)) if told is not None else job.state.value.capitalize())
    query = {state.TRAIN: state.JOBS_TAB, state.JOB: job.id}
    page.link(TRAIN, f"Job {job.id}", icon=TRAIN.icon, query=query)
