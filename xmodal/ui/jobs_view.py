"""All jobs, and one of them as it goes: state, progress, curve, log, and what can be asked of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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
    """The jobs; they are looked at again and again as long as one waits or runs.

    Only what changes by the second is drawn anew then; sample predictions are when there are new ones.
    """
    from xmodal.ui.networks import background

    page.section("Jobs")
    rows = background.rows()
    if fault := background.fault():
        st.warning(page.plain(fault))
    for job, line in background.damaged().items():
        st.warning(page.plain(line))
        _button("Forget this job", ":material/clear_all:", f"damaged_{job}", partial(background.forget, job))
    if not rows:
        page.empty("No job yet.", "Start one above, or:", "python -m xmodal jobs launch matchmaps-tiny")
        return
    seen = _seen(rows)
    st.fragment(_live, run_every=LOOK_S if seen.busy else None)(seen)
    if seen.run:
        samples_view.show(seen.run)


@dataclass(frozen=True)
class _Seen:
    """What the page around the live part depends on."""

    busy: bool
    job: str
    run: str
    samples: int
    """How many steps have sample predictions."""


def _seen(rows: "tuple[Row, ...]") -> _Seen:
    chosen = next((row for row in rows if row.job == state.job()), rows[0])
    samples = samples_view.count(chosen.run) if chosen.run else 0
    return _Seen(any(row.active for row in rows), chosen.job, chosen.run, samples)


def _live(before: _Seen) -> None:
    from xmodal.ui.networks import background

    rows = background.rows()
    if not rows:
        st.rerun()  # the last one was forgotten
    _table(rows)
    ids = [row.job for row in rows]
    chosen = st.selectbox("Job", ids, index=ids.index(state.job()) if state.job() in ids else 0)
    state.choose_job(chosen)
    if before != _seen(rows):
        st.rerun()  # the whole page, which then begins to look again and again, or stops
    _one(next(row for row in rows if row.job == chosen))


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
    watch_view.log(row.job)


def _buttons(row: "Row") -> None:
    from xmodal.ui.networks import background

    with st.container(horizontal=True):
        if row.state == "running" and row.run:
            _button("Stop after this step", ":material/pause:", f"stop_{row.job}", partial(background.stop, row.job))
        if row.movable:
            _button("Earlier", ":material/arrow_upward:", f"up_{row.job}", partial(background.move, row.job, -1))
            _button("Later", ":material/arrow_downward:", f"down_{row.job}", partial(background.move, row.job, 1))
        if not row.active:
            _button("Forget this job", ":material/clear_all:", f"forget_{row.job}", partial(background.forget, row.job))
        if row.active:
            _button("Cancel", ":material/close:", f"cancel_{row.job}", partial(background.cancel, row.job))
        if row.resumable:
            _button("Go on", ":material/play_arrow:", f"resume_{row.job}", partial(_resume, row.job))
        if row.state == "finished" and row.run:
            page.link(MATCHMAP, "Open on the Matchmap page", icon=MATCHMAP.icon, query={state.RUN: row.run})


def _resume(job: str) -> None:
    from xmodal.ui.networks import background

    state.choose_job(background.resume(job, threads=1))


def _button(label: str, icon: str, key: str, act: Callable[[], None]) -> None:
    st.button(label, icon=icon, key=key, on_click=page.telling(act))
