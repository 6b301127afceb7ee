"""The runs of the workspace: what they reached, what people wrote about them, forking, deleting with a way back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st
from pydantic import ValidationError

from xmodal.errors import InputError, reason
from xmodal.ui import curves_view, page, state
from xmodal.ui.navigation import MATCHMAP
from xmodal.workspace import readable

if TYPE_CHECKING:
    from xmodal.runs.summary import Summary


GOES_ON = ("created", "stopped", "failed")
"""States in which a training can go on."""


def show() -> None:
    """All runs, one of them, and the trash."""
    from xmodal.ui.networks import own_runs

    runs = own_runs.listed()
    if not runs:
        page.empty("No run of yours yet.", "Start one on the tab “New”.", "python -m xmodal jobs launch matchmaps-tiny")
    else:
        _table(runs)
        known = {run.name: run for run in runs}
        chosen = st.selectbox("Run", list(known), key=state.OWN_RUN, bind="query-params")
        _one(known[chosen or runs[0].name])
    _trash()


def _table(runs: "tuple[Summary, ...]") -> None:
    measures = [name for name in curves_view.MEASURES if any(name in run.scores for run in runs)]
    rows = [
        {"Run": run.name, "State": run.state, "Step": f"{run.step:,} of {run.steps:,}" if run.steps else ""}
        | {curves_view.MEASURES[name]: run.scores.get(name) for name in measures}
        | {"Tags": list(run.notes.tags), "Note": run.notes.text.partition("\n")[0]}
        for run in runs
    ]
    columns = {curves_view.MEASURES[name]: st.column_config.NumberColumn(format="%.3f") for name in measures}
    st.dataframe(rows, column_config=columns | {"Tags": st.column_config.ListColumn()}, hide_index=True, placeholder="")


def _one(run: "Summary") -> None:
    if run.message:
        st.caption(page.plain(run.message))
    with st.container(horizontal=True):
        if run.state in GOES_ON:
            _act("Go on", ":material/play_arrow:", "go_on", lambda: _go_on(run.name))
        if run.step:
            _act("Fork, from its weights", ":material/fork_right:", "fork", lambda: _fork(run.name, weights=True))
            page.link(MATCHMAP, "Open on the Matchmap page", icon=MATCHMAP.icon, query={state.RUN: run.name})
        _act("Fork, from its beginning", ":material/fork_right:", "fork_fresh", lambda: _fork(run.name, weights=False))
        _act("Delete", ":material/delete:", "delete", lambda: _delete(run.name))
    with st.form("about_run", border=False):
        text = st.text_area("Note", run.notes.text, key=f"note_{run.name}", max_chars=10_000, height=90)
        tags = st.multiselect(
            "Tags", run.notes.tags, default=run.notes.tags, key=f"tags_{run.name}", accept_new_options=True,
            help="Lower case letters, digits, dots, dashes and underscores",
        )  # fmt: skip
        if st.form_submit_button("Keep note and tags", icon=":material/save:"):
            _write(run.name, text, tuple(tags))


def _write(run: str, text: str, tags: tuple[str, ...]) -> None:
    from xmodal.ui.networks import own_runs

    try:
        own_runs.revise(run, text, tags)
    except (InputError, ValidationError, OSError) as error:
        st.error(page.plain(reason(error)))
    else:
        st.rerun()


def _go_on(run: str) -> None:
    from xmodal.ui.networks import own_runs

    state.watch_job(own_runs.go_on(run))


def _fork(run: str, *, weights: bool) -> None:
    from xmodal.ui.networks import forking, launching

    recipe, lines = forking.fork(run, weights=weights)
    state.open_form(recipe, launching.WORLD, lines)


def _delete(run: str) -> None:
    from xmodal.ui.networks import own_runs

    own_runs.delete(run)
    state.forget_own_run()
    st.toast(page.plain(f"{run} lies in the trash below: it can be brought back."))


def _trash() -> None:
    """What was deleted, newest first."""
    from xmodal.ui.networks import own_runs

    entries = own_runs.deleted()
    if not entries:
        return
    with st.expander(f"Trash: {page.counted(len(entries), 'run')}, {readable(own_runs.deleted_bytes())}"):
        for entry in entries:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(page.plain(entry.name))
                _act("Bring back", ":material/undo:", f"restore_{entry.id}", lambda each=entry.id: _restore(each))
        _act("Delete all of these for good", ":material/delete_forever:", "empty_trash", _empty)


def _restore(entry: str) -> None:
    from xmodal.ui.networks import own_runs

    own_runs.restore(entry)


def _empty() -> None:
    from xmodal.ui.networks import own_runs

    st.toast(f"{readable(own_runs.empty_trash())} freed")


def _act(label: str, icon: str, key: str, act: Callable[[], None]) -> None:
    st.button(label, icon=icon, key=f"run_{key}", on_click=page.telling(act))
