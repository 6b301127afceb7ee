"""The cache boundaries of search: runs, networks, vectors of catalogs and of queries."""

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from xmodal.modality import Modality
from xmodal.progress import Progress
from xmodal.ui.given import Given
from xmodal.ui.kept import Kept

if TYPE_CHECKING:
    import numpy as np

    from xmodal.recipes.directions import Competing, Direction
    from xmodal.recipes.explained import UnitAt
    from xmodal.recipes.gallery import Gallery
    from xmodal.recipes.search_catalog import Collection
    from xmodal.ui.networks.searched import Network, SearchRun, Space
    from xmodal.ui.networks.trained import Unusable


def runs() -> "tuple[SearchRun, ...]":
    """Every run that can be searched with. The networks' packages are loaded when a page first asks."""
    from xmodal.ui.networks import searched, trained

    return tuple(run for run in _runs(trained.traces()) if isinstance(run, searched.SearchRun))


def unusable_runs() -> "tuple[Unusable, ...]":
    """Runs that cannot be opened, with the reason."""
    from xmodal.ui.networks import trained

    return tuple(run for run in _runs(trained.traces()) if isinstance(run, trained.Unusable))


@st.cache_resource(max_entries=4, show_spinner=False)
def _runs(traces: tuple[tuple[str, int], ...]) -> "tuple[SearchRun | Unusable, ...]":
    from xmodal.ui.networks import searched

    del traces  # the key
    return searched.runs()


@st.cache_resource(max_entries=4, show_spinner="Loading the network")
def network(run: "SearchRun") -> "Network":
    """A network, shared by all visitors."""
    from xmodal.ui.networks import searched

    return searched.network(run)


def collection(space: "Space") -> "Collection | None":
    """The vectors of a catalog; None: they are not there yet.

    Raises:
        InputError: they are damaged, or what they are of is gone.
    """
    from xmodal.ui.networks import searched

    trace = searched.trace(space)
    return None if trace is None else _collection(space, *trace)


@st.cache_resource(max_entries=8, show_spinner="Opening the vectors")
def _collection(space: "Space", path: Path, changed_ns: int) -> "Collection":
    from xmodal.ui.networks import searched

    del changed_ns  # part of the key
    return searched.opened(space, path)


def vector(space: "Space", found: "Collection", sense: Modality, asked: Given) -> "np.ndarray":
    """The vector of what a visitor asks with; kept for a while.

    Raises:
        InputError: it cannot be used; the line says what and why.
    """
    from xmodal.ui.networks import asked_with

    def compute() -> "np.ndarray":
        return network(space.run).vector(found, sense, asked_with.medium_of(asked, sense))

    return _vector(space, found.table.digest, sense, asked.digest).filled(compute)


@st.cache_resource(max_entries=256, show_spinner=False)
def _vector(space: "Space", table: str, sense: Modality, asked: str) -> "Kept[np.ndarray]":
    del space, table, sense, asked  # the key
    return Kept()


def gallery(space: "Space", found: "Collection") -> "Gallery":
    """The twelve panels of a run over a catalog; asked once."""
    from xmodal.ui.networks import panelled

    return _gallery(space, found.table.digest).filled(lambda: panelled.twelve(space, found))


@st.cache_resource(max_entries=32, show_spinner=False)
def _gallery(space: "Space", table: str) -> "Kept[Gallery]":
    del space, table  # the key
    return Kept()


def senses_in(space: "Space", brought: Given) -> tuple[Modality, ...]:
    """The senses of the run that take a file; it is decoded once for that.

    Raises:
        InputError: none does, or it is neither a picture nor a recording.
    """
    from xmodal.ui.networks import asked_with

    def look() -> tuple[Modality, ...]:
        assert isinstance(brought.content, bytes)
        return asked_with.senses_in(brought.content, space.run.senses)

    return _senses_in(space.run, brought.digest).filled(look)


@st.cache_resource(max_entries=256, show_spinner=False)
def _senses_in(run: "SearchRun", brought: str) -> Kept[tuple[Modality, ...]]:
    del run, brought  # the key
    return Kept()


def units_at(space: "Space", found: "Collection", units: tuple[int, ...]) -> "tuple[UnitAt, ...]":
    """What some units of a table of vectors fire at; looked up once."""
    from xmodal.recipes import explained

    return _units_at(space, found.table.digest, units).filled(lambda: explained.units_at(found, units))


@st.cache_resource(max_entries=256, show_spinner=False)
def _units_at(space: "Space", table: str, units: tuple[int, ...]) -> "Kept[tuple[UnitAt, ...]]":
    del space, table, units  # the key
    return Kept()


def directions(
    space: "Space", found: "Collection", competing: "Competing", progress: Progress
) -> "tuple[Direction, ...]":
    """How well every sense finds every other; measured once.

    Raises:
        InputError: there is nothing to measure.
    """
    from xmodal.ui.networks import searched

    def compute() -> "tuple[Direction, ...]":
        return searched.directions(space, found, competing, progress)

    return _directions(space, found.table.digest, competing).filled(compute)


@st.cache_resource(max_entries=16, show_spinner=False)
def _directions(space: "Space", table: str, competing: "Competing") -> "Kept[tuple[Direction, ...]]":
    del space, table, competing  # the key
    return Kept()
