"""How every page begins that looks through a trained run at a catalog."""

from typing import TYPE_CHECKING

import streamlit as st

from xmodal.ui import cache, data_view, demo_view, page, pickers, run_cache, state
from xmodal.ui.catalogs import Summary

if TYPE_CHECKING:
    from xmodal.ui.networks.trained import RunKey

TRAIN = "python -m xmodal train matchmaps-demo-cosine"


def chosen() -> "tuple[tuple[RunKey, ...], RunKey, Summary]":
    """All runs, the one to look through, and the catalog; ends the page where there are none, saying what to do."""
    catalogs = [entry for entry in cache.loaded() if isinstance(entry, Summary)]
    if not catalogs:
        demo_view.making()
        st.stop()
    runs = run_cache.runs()
    if not runs:
        page.empty("No network is trained yet.", "Train one; it appears here.", TRAIN)
        _left_out()
        st.stop()
    run, catalog = state.asked_run(), state.asked_catalog()
    if run and run not in [each.run for each in runs]:
        _unknown_run(run, runs)
        st.stop()
    if catalog and catalog not in [entry.name for entry in catalogs]:
        data_view.unknown_catalog(catalog, catalogs)
        st.stop()
    with st.sidebar:
        key = pickers.run(runs)
        _left_out()
        return runs, key, pickers.catalog(catalogs)


def _unknown_run(name: str, known: "tuple[RunKey, ...]") -> None:
    """The address names a run that is not here, or not yet, or that cannot be opened."""
    broken = {each.run: each.reason for each in run_cache.unusable_runs()}
    others = f"The address names {name}; trained are {', '.join(each.run for each in known)}."
    page.problem(
        "This run cannot be opened." if name in broken else "There is no such run.",
        broken.get(name, others),
        action="Show the first run",
        on_click=state.forget_run,
        key="forget_run",
    )


def _left_out() -> None:
    """Runs that cannot be opened, and why."""
    for run in run_cache.unusable_runs():
        st.caption(f"{page.plain(run.run)} cannot be opened: {page.plain(run.reason)}")
