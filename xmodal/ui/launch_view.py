"""A new training: recipe, data, changes, what would run, and the button."""

from typing import TYPE_CHECKING

import streamlit as st
from pydantic import ValidationError

from xmodal.errors import InputError, reason
from xmodal.ui import page, state

if TYPE_CHECKING:
    from xmodal.ui.networks.background import Plan

_EXAMPLE = "stages.0.epochs=2\nseed=3"


def show(catalogs: list[str]) -> None:
    """Choose, see the command line that does the same, launch."""
    from xmodal.ui.networks import background

    titles = background.titles()
    page.section("New training")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        name = st.selectbox(
            "Recipe", list(titles), key=state.RECIPE, bind="query-params", format_func=str,
            help="Everything that decides a training: networks, losses, stages, data",
        )  # fmt: skip
        st.caption(page.plain(titles[name]))
        data = st.selectbox("Data", [background.WORLD, *catalogs], key=state.TRAIN_ON, bind="query-params")
    with right:
        lines = st.text_area(
            "Changes", key=state.CHANGES, placeholder=_EXAMPLE, height=122,
            help="A line each, as `--set` takes them: any field of the recipe",
        )  # fmt: skip
        threads = int(st.number_input("Threads", 1, 64, 1, key=state.THREADS))
    changes = [line.strip() for line in (lines or "").splitlines() if line.strip()]
    try:
        planned = background.plan(name, data, changes, threads)
    except (InputError, ValidationError) as error:
        st.error(page.plain(reason(error)))
        return
    st.code(planned.command, language="bash")
    if st.button("Start training", type="primary", icon=":material/play_arrow:"):
        _launch(planned, threads)


def _launch(planned: "Plan", threads: int) -> None:
    from xmodal.ui.networks import background

    try:
        state.choose_job(background.launch(planned, threads))
    except (InputError, OSError) as error:
        st.error(page.plain(reason(error)))
