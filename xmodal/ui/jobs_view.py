"""All jobs, and one of them as it goes: state, progress, curve, log, and what can be asked of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from xmodal.ui import page, samples_view, state, watch_view
from xmodal.ui.navigation import MATCHMAP

if TYPE_CHECKING:
    from xmodal.ui.networks.background import Row

TABS = (state.NEW_TAB, state.JOBS_TAB, "Runs", "Compare")
LOOK_S = 1.5
"""Time between two looks at what runs."""
SIGNS = {
    "queued": "…",
    "running": "▶",
    "finished": "✓",
    "stopped": "⏸",
    "cancelled": "✕",
    "failed": "!",
    "lost": "?",
    "unknown": "?",
    "damaged": "!",
}
"""A state is told by a sign and a word, never by colour alone."""


def show() -> None:
    """The jobs; they are looked at again and again as long as one waits or runs."""
    from xmodal.ui.networks import background

    page.section("Jobs")
    rows = background.rows()
    for line in background.damaged():
        st.warning(page.plain(line))
    if not rows:
        page.empty("No job yet.", "Start one above, or:", "python -m xmodal jobs launch matchmaps-tiny")
        return
    busy = any(row.active for row in rows)
    st.fragment(_jobs, run_every=LOOK_S if busy else None)(busy)


def _jobs(was_busy: bool) -> None:
    from xmodal.ui.networks import background

    rows = background.rows()
    if was_busy != any(row.active for row in rows):
        st.rerun()  # the whole page, which then begins to look again and again, or stops
    _table(rows)
    ids = [row.job for row in rows]
    chosen = st.selectbox("Job", ids, index=ids.index(state.job()) if state.job() in ids else 0)
    row = next((row for row in rows if row.job == chosen), rows[0])
    state.choose_job(row.job)
    _one(row)


def _table(rows: "tuple[Row, ...]") -> None:
    """All jobs at a glance."""
    shown = [
        {"Job": row.job, "What": row.title, "State": f"{SIGNS[row.state]} {row.state}", "Progress": row.share or 0.0}
        for row in rows
    ]
    columns = {"Progress": st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0)}
    st.dataframe(shown, column_config=columns, hide_index=True)


def _one(row: "Row") -> None:
    st.markdown(f"{SIGNS[row.state]} **{page.plain(row.title)}**: {row.state}")
    if row.progress and row.active:
        st.progress(row.share or 0.0, text=page.plain(row.progress))
    if row.message:
        st.caption(page.plain(row.message))
    _buttons(row)
    if row.run:
        watch_view.facts(row.run)
        watch_view.curves(row.run)
        samples_view.show(row.run)
    watch_view.log(row.job)


def _buttons(row: "Row") -> None:
    from xmodal.ui.networks import background

    with st.container(horizontal=True):
        if row.state == "running" and row.run:
            _button("Stop after this step", ":material/pause:", f"stop_{row.job}", lambda: background.stop(row.job))
        if row.movable:
            _button("Earlier", ":material/arrow_upward:", f"up_{row.job}", lambda: background.move(row.job, -1))
            _button("Later", ":material/arrow_downward:", f"down_{row.job}", lambda: background.move(row.job, 1))
        if not row.active:
            _button("Forget this job", ":material/clear_all:", f"forget_{row.job}", lambda: background.forget(row.job))
        if row.active:
            _button("Cancel", ":material/close:", f"cancel_{row.job}", lambda: background.cancel(row.job))
        if row.resumable:
            _button("Go on", ":material/play_arrow:", f"resume_{row.job}", lambda: _resume(row.job))
        if row.state == "finished" and row.run:
            page.link(MATCHMAP, "Open on the Matchmap page", icon=MATCHMAP.icon, query={state.RUN: row.run})


def _resume(job: str) -> None:
    from xmodal.ui.networks import background

    state.choose_job(background.resume(job, threads=1))


def _button(label: str, icon: str, key: str, act: Callable[[], None]) -> None:
    st.button(label, icon=icon, key=key, on_click=page.telling(act))
