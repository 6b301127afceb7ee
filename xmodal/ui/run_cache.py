"""The cache boundaries of the app for runs: networks, what they make of items, what they found and logged."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from xmodal import workspace
from xmodal.data.decode import MediaError
from xmodal.data.sample import Sample
from xmodal.progress import Progress
from xmodal.runs.followed import Followed
from xmodal.ui import given
from xmodal.ui.catalogs import Where, open_catalog
from xmodal.ui.film_maker import FilmMaker
from xmodal.ui.given import Given
from xmodal.ui.kept import Kept
from xmodal.ui.played_clip import PlayedClip

if TYPE_CHECKING:
    from xmodal.recipes.discover import Answer, Question
    from xmodal.ui.networks.live import LivePicture
    from xmodal.ui.networks.measured import Known
    from xmodal.ui.networks.retrieved import Retrieved
    from xmodal.ui.networks.sampled import SampleKey, SampleLook
    from xmodal.ui.networks.trained import RunKey, Trained, Unusable
    from xmodal.ui.networks.word_search import FoundPicture, WordSearch


def runs() -> "tuple[RunKey, ...]":
    """Every trained run that can be opened. The networks' packages are loaded when a page first asks."""
    from xmodal.ui.networks import trained

    return tuple(run for run in _runs(trained.traces()) if isinstance(run, trained.RunKey))


def unusable_runs() -> "tuple[Unusable, ...]":
    """Runs that cannot be opened, with the reason."""
    from xmodal.ui.networks import trained

    return tuple(run for run in _runs(trained.traces()) if isinstance(run, trained.Unusable))


@st.cache_resource(max_entries=4, show_spinner=False)
def _runs(traces: tuple[tuple[str, int], ...]) -> "tuple[RunKey | Unusable, ...]":
    """Every run as it was when its files had these times."""
    from xmodal.ui.networks import trained

    del traces  # the key
    return trained.runs()


@st.cache_resource(max_entries=4, show_spinner="Loading the network")
def network(key: "RunKey") -> "Trained":
    """A trained network, shared by all visitors: read it, never change it."""
    from xmodal.ui.networks import trained

    return trained.load_run(key)


@st.cache_data(max_entries=32, show_spinner="Looking and listening")
def played(
    key: Where, run: "RunKey", item: str, other: str | None, *, beside: "tuple[RunKey, ...]" = (), film: bool = False
) -> PlayedClip:
    """What the matchmap player shows of an item, or of its video if `film`.

    `other` gives the shuffled pair its caption; the maps of the runs `beside` stand beside the first.
    """
    from xmodal.ui.networks import clips

    catalog = open_catalog(key.catalog)
    partner = None if other is None else catalog.sample(other)
    shown = clips.film_of if film else clips.clip_of
    return shown(network(run), catalog.sample(item), partner, [network(each) for each in beside])


def own(run: "RunKey", picture: Given, caption: Given, other: Sample, progress: Progress) -> PlayedClip:
    """What the player shows of what a visitor brought; computed here and now, kept for a while.

    Raises:
        MediaError, InputError: it cannot be used; the line says what and why.
    """
    from xmodal.ui.networks import clips

    def compute() -> PlayedClip:
        trained = network(run)
        seen = given.picture_of(picture, trained.recipe.pair.picture)
        heard = clips.caption_of(caption, trained.caption)
        identity = f"own/{picture.digest}/{caption.digest}"
        return clips.own_clip(trained, seen, heard, other, identity=identity, progress=progress)

    return _own(run, picture.digest, caption.digest).filled(compute)


@st.cache_resource(max_entries=8, show_spinner=False)
def _own(run: "RunKey", picture: str, caption: str) -> Kept[PlayedClip]:
    del run, picture, caption  # the key
    return Kept()


def live_picture(run: "RunKey", picture: Given) -> "LivePicture":
    """A picture as a network sees it, to be held against what is heard; kept for a while.

    Raises:
        MediaError, InputError: it cannot be used.
    """
    from xmodal.ui.networks import live

    def look() -> "LivePicture":
        trained = network(run)
        return live.look_at(trained, given.picture_of(picture, trained.recipe.pair.picture), given.described(picture))

    return _live(run, picture.digest).filled(look)


@st.cache_resource(max_entries=32, show_spinner=False)
def _live(run: "RunKey", picture: str) -> "Kept[LivePicture]":
    del run, picture  # the key
    return Kept()


@st.cache_resource(show_spinner=False)
def film_maker() -> FilmMaker:
    """Makes the films of all visitors, one after the other."""
    return FilmMaker()


@st.cache_resource(max_entries=12, show_spinner="Looking for every word in every picture")
def word_search(key: Where, run: "RunKey") -> "WordSearch":
    """Every word over the pictures of a catalog, shared by all visitors."""
    from xmodal.ui.networks import word_search as searching

    return searching.searched(network(run), open_catalog(key.catalog))


@st.cache_data(max_entries=1024, show_spinner="Drawing heat")
def found_picture(key: Where, run: "RunKey", word: str, item: str) -> "FoundPicture | None":
    """One picture under the heat of a word; None if it cannot be read, or the run knows no such word."""
    from xmodal.ui.networks import word_search as searching

    found = word_search(key, run)
    if not found.knows(word, item):
        return None
    modality = network(run).recipe.pair.picture
    try:
        return searching.picture_of_word(found, word, open_catalog(key.catalog).sample(item), modality)
    except MediaError:
        return None


def discovered(question: "Question") -> "Answer | None":
    """What a run discovered, if that was computed."""
    from xmodal.recipes import discover

    path = discover.kept_at(question, workspace.current())
    return _discovered(path, path.stat().st_mtime_ns) if path.is_file() else None


@st.cache_data(max_entries=16, show_spinner=False)
def _discovered(path: Path, changed_ns: int) -> "Answer | None":
    from xmodal.recipes import discover

    del changed_ns  # a part of the key
    return discover.read(path)


def logged(run: str) -> "tuple[dict[str, Any], ...]":
    """Every line that a run has logged so far; a look costs what is new.

    Raises:
        RunError: there is no such run.
    """
    from xmodal.ui.networks import measured

    return _followed(measured.log_of(run)).lines()


@st.cache_resource(max_entries=64, show_spinner=False)
def _followed(path: Path) -> Followed:
    return Followed(path)


@st.cache_data(max_entries=128, show_spinner=False)
def sample_looks(key: "SampleKey") -> "tuple[SampleLook, ...]":
    """Sample predictions after a step.

    Raises:
        RunError: damaged.
    """
    from xmodal.ui.networks import sampled

    return sampled.looks(key)


@st.cache_data(max_entries=64, show_spinner=False)
def sample_clip(key: "SampleKey", place: int) -> PlayedClip:
    """One of them for the player.

    Raises:
        RunError: damaged.
    """
    from xmodal.ui.networks import sampled

    return sampled.clip(key, place)


def known_scores() -> "tuple[Known, ...]":
    """Every run that computes something, with all that was measured of it."""
    from xmodal.ui.networks import measured, trained

    return _known_scores((*trained.traces(), *measured.traces()))


@st.cache_resource(max_entries=4, show_spinner=False)
def _known_scores(traces: tuple[tuple[str, int], ...]) -> "tuple[Known, ...]":
    from xmodal.ui.networks import measured

    del traces  # the key
    return measured.known()


def retrieved(run: str) -> "Retrieved | None":
    """What a run finds among many items, if that is kept.

    Raises:
        RunError: it is damaged.
    """
    from xmodal.ui.networks import retrieved as kept_results

    path = kept_results.index_of(run)
    return None if path is None else _retrieved(run, path, path.stat().st_mtime_ns)


@st.cache_resource(max_entries=8, show_spinner=False)
def _retrieved(run: str, path: Path, changed_ns: int) -> "Retrieved | None":
    from xmodal.ui.networks import retrieved as kept_results

    del path, changed_ns  # parts of the key
    return kept_results.retrieved(run)
