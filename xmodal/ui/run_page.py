"""How every page begins that looks through a trained run at a catalog."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, runtime_checkable

import streamlit as st

from xmodal.ui import cache, data_view, demo_view, page, pickers, run_cache, state
from xmodal.ui.catalogs import Summary

if TYPE_CHECKING:
    from xmodal.ui.networks.trained import RunKey, Unusable


@runtime_checkable
class Named(Protocol):
    """A run that a page can look through."""

    @property
    def run(self) -> str:
        """Its name."""
        ...


Run = TypeVar("Run", bound=Named)


@dataclass(frozen=True)
class Kind(Generic[Run]):
    """Which runs a page takes."""

    usable: "Callable[[], tuple[Run, ...]]"
    unusable: "Callable[[], tuple[Unusable, ...]]"
    """Those that cannot be opened."""
    train: str
    """The command that trains one."""
    unknown: str
    """What is said of a run that is not among them, after its name."""


MATCHMAPS: "Kind[RunKey]" = Kind(
    run_cache.runs, run_cache.unusable_runs, "python -m xmodal train matchmaps-demo-cosine", "There is no such run."
)


def chosen() -> "tuple[tuple[RunKey, ...], RunKey, Summary]":
    """All runs with matchmaps, the one to look through, and the catalog; ends the page where there are none."""
    runs, catalogs = begun(MATCHMAPS)
    with st.sidebar:
        key = pickers.run(runs)
        left_out(MATCHMAPS)
        return runs, key, pickers.catalog(catalogs)


def begun(kind: Kind[Run]) -> tuple[tuple[Run, ...], Sequence[Summary]]:
    """Runs and catalogs to choose from, at least one of each, among them those that the address names; ends the page
    where there are none, saying what to do."""
    catalogs = [entry for entry in cache.loaded() if isinstance(entry, Summary)]
    if not catalogs:
        demo_view.making()
        st.stop()
    with st.spinner("Looking for trained networks"):  # the first visit loads the networks' packages
        runs = kind.usable()
    if not runs:
        page.empty("No network is trained yet.", "Train one; it appears here.", kind.train)
        left_out(kind)
        st.stop()
    run, catalog, names = state.asked_run(), state.asked_catalog(), [each.run for each in runs]
    if run and run not in names:
        _unknown_run(run, runs, kind)
        st.stop()
    state.leave_run(names)
    if catalog and catalog not in [entry.name for entry in catalogs]:
        data_view.unknown_catalog(catalog, catalogs)
        st.stop()
    return runs, catalogs


def _unknown_run(name: str, known: Sequence[Run], kind: Kind[Run]) -> None:
    """The address names a run that is not here, or not yet, or that cannot be opened."""
    broken = {each.run: each.reason for each in kind.unusable()}
    others = f"The address names {name}, but there are only {', '.join(each.run for each in known)}."
    page.problem(
        "This run cannot be opened." if name in broken else kind.unknown,
        broken.get(name, others),
        action="Show the first run",
        on_click=state.forget_run,
        key="forget_run",
    )


def left_out(kind: Kind[Run]) -> None:
    """Runs that cannot be opened, and why."""
    for run in kind.unusable():
        st.caption(f"{page.plain(run.run)} cannot be opened: {page.plain(run.reason)}")
