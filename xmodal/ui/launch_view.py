"""A new training: data, recipe, its fields, what would run, and the button."""

from typing import TYPE_CHECKING

import streamlit as st
from pydantic import ValidationError

from xmodal.errors import reason
from xmodal.ui import checks_view, page, recipe_choice, state, where_view

if TYPE_CHECKING:
    from xmodal.recipes.edits import Edit
    from xmodal.ui.networks.launching import Plan, Settings

_EXAMPLE = "stages.0.epochs=2\nseed=3"


def show(catalogs: list[str]) -> None:
    """Choose, edit, see the command line that does the same, launch; an edit draws nothing else of the page anew."""
    page.section("New training")
    st.fragment(_new)(catalogs)


def _new(catalogs: list[str]) -> None:
    from xmodal.ui.networks import launching
    from xmodal.ui.networks.recipe_form import RecipeForm

    chosen = recipe_choice.show(catalogs)
    if chosen is None:
        return
    state.keep_changes(*chosen)
    first = st.container()
    more = st.expander("Name, where it runs, threads, device, amount of data", type="compact")
    every = st.expander(
        "All fields of the recipe", key=state.FIELDS, on_change="rerun", bind="query-params", type="compact"
    )
    with st.expander("Changes as text", type="compact"):
        lines = _lines()
    with more:
        settings = _settings(chosen)
    planned = launching.plan(*chosen, lines, settings)

    def write(edit: "Edit") -> None:
        state.set_changes(launching.edited(*chosen, state.changes(), edit))

    form = RecipeForm(planned.sheet, write)
    with first:
        stage = form.first()
    with more:
        form.second(stage)
    if every.open:
        with every:
            form.all()
    _end(planned)


def _lines() -> tuple[str, ...]:
    """What the form writes, and what can be written instead."""
    st.text_area(
        "Changes", key=state.CHANGES, bind="query-params", placeholder=_EXAMPLE, height=122,
        help="A line each, as `--set` takes them: any field of the recipe. The form writes these lines",
    )  # fmt: skip
    return state.changes()


def _settings(chosen: tuple[str, str]) -> "Settings":
    """Name of the run, empty for the next free one; threads; where it runs."""
    from xmodal.ui.networks import launching

    left, right = st.columns([2, 1], gap="small")
    with left:
        name = st.text_input(
            "Name of the run", key=state.NAME, bind="query-params", placeholder=launching.next_name(chosen[0]),
            help="Empty: the next free name. Letters, digits, dots, dashes and underscores",
        )  # fmt: skip
    with right:
        threads = st.number_input(
            "Threads", 1, 64, 1, key=state.THREADS, bind="query-params", help="Cores that the computation may take"
        )
    try:
        cluster = where_view.show()
    except ValidationError as error:
        st.error(page.plain(reason(error)))
        cluster = None
    return launching.Settings((name or "").strip(), int(threads), cluster)


def _end(planned: "Plan") -> None:
    """What is wrong, or the command line; checks; the button."""
    for fault in planned.faults:
        st.error(page.plain(fault))
    if planned.command:
        st.code(planned.command, language="bash", wrap_lines=True)
    if planned.command:
        checks_view.show(planned)
    with st.container(horizontal=True):
        if st.button(
            "Start training", type="primary", icon=":material/play_arrow:", disabled=bool(planned.faults),
            on_click=page.telling(lambda: _launch(planned)),
        ):  # fmt: skip
            st.rerun()  # the whole page, which shows the job now
        if state.changes():
            st.button(
                "Undo all changes", type="tertiary", icon=":material/undo:", on_click=state.set_changes, args=((),)
            )


def _launch(planned: "Plan") -> None:
    from xmodal.ui.networks import launching

    state.watch_job(launching.launch(planned))
