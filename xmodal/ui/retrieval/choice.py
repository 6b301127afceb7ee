"""The run, the catalog and the layer that are searched; ends the page where there are none, saying what to do."""

from typing import TYPE_CHECKING

import streamlit as st

from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.ui import cache as catalogs
from xmodal.ui import in_background, page, pickers, run_page
from xmodal.ui import state as addresses
from xmodal.ui.catalogs import Summary
from xmodal.ui.retrieval import cache, state
from xmodal.ui.run_page import Kind

if TYPE_CHECKING:
    from xmodal.recipes.search_catalog import Collection, Filters
    from xmodal.ui.networks.searched import SearchRun, Space

SEARCHED: "Kind[SearchRun]" = Kind(
    cache.runs, cache.unusable_runs, "python -m xmodal train see-hear-read-both",
    "There is no such run to search with: it does not exist, has saved no weights, or learned labels alone.",
)  # fmt: skip


def space() -> "tuple[Space, Summary]":
    """What is searched: chosen in the sidebar, named by the address."""
    from xmodal.ui.networks.searched import Space

    runs, loaded = run_page.begun(SEARCHED)
    with st.sidebar:
        run = _run(runs)
        summary = pickers.catalog(loaded)
        layer = _layer(run)
    return Space(run, catalogs.key_of(summary.name), layer), summary


def _run(runs: "tuple[SearchRun, ...]") -> "SearchRun":
    named = {run.run: run for run in runs}
    name = st.selectbox(
        "Trained run", list(named), key=addresses.RUN, bind="query-params",
        help="The network whose space is searched: any paper's, if its senses share one",
    )  # fmt: skip
    run_page.left_out(SEARCHED)
    return named.get(name or "", runs[0])


def _layer(run: "SearchRun") -> str:
    if len(run.layers) < 2:
        return run.layer
    chosen = st.selectbox(
        "Layer", run.layers, index=run.layers.index(run.layer), key=state.LAYER, bind="query-params",
        help="Whose units are compared; the paper compares the last hidden layer. Every layer has vectors of its own.",
    )  # fmt: skip
    return chosen if chosen in run.layers else run.layer


def vectors(space: "Space", summary: Summary) -> "Collection":
    """The vectors of the catalog; where they are not there yet, an offer to make them, and the end of the page."""
    try:
        found = cache.collection(space)
    except InputError as error:
        _offer(space, "The vectors of this catalog cannot be used.", page.plain(str(error)))
        st.stop()
    if found is None:
        _missing(space, summary)
        st.stop()
    return found


def _missing(space: "Space", summary: Summary) -> None:
    from xmodal.recipes.embedder import listed

    run = space.run
    senses = [sense for sense in run.senses if sense in summary.counts]
    if not senses:
        sentence = "Nothing here can be searched by this run."
        page.empty(sentence, f"It takes {listed(run.senses)}; choose another catalog or run.")
        return
    _offer(
        space,
        "This catalog has no vectors of this run yet.",
        f"Every {listed(senses)} of {page.counted(summary.items, 'item')} goes through the network once; then search "
        "is immediate. The work goes on if you leave this page.",
    )


def _offer(space: "Space", sentence: str, reason: str) -> None:
    with st.container(border=True):
        st.markdown(f"**{sentence}**")
        st.markdown(reason)
        title = f"Vectors of {space.where.catalog} by {space.run.run}"
        in_background.offer(space.command, "Make the vectors", title=title, key="embed")


def narrowed(space: "Space", summary: Summary) -> "Filters":
    """Which items may answer."""
    from xmodal.recipes.search_catalog import Filters

    with st.sidebar:
        return Filters(*pickers.split_and_scene(summary, catalogs.scenes(space.where)))


def refused(run: "SearchRun") -> str:
    """Which kinds of query the run does not take, and why, in one line."""
    lacking = [sense for sense, _ in run.refused if sense is not Modality.VIDEO]
    video = "Of a video it takes the sound or a frame."
    if not lacking:
        return video
    from xmodal.recipes.embedder import listed

    return f"It takes no {listed(lacking, 'or')}: {dict(run.refused)[lacking[0]]}. {video}"
