"""The parts of the matchmap page."""

from typing import TYPE_CHECKING

import streamlit as st

from xmodal.data.catalog import Catalog, Filter
from xmodal.data.decode import MediaError
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.ui import cache, cards, page, players, state
from xmodal.ui.catalogs import Where
from xmodal.ui.matchmap_player import matchmap_player
from xmodal.ui.played_clip import PlayedClip

if TYPE_CHECKING:
    from xmodal.ui.networks.trained import RunKey

TABS = ("Play", "Find a word")
NEIGHBOURS = 12
"""Items offered below the player."""


def no_runs() -> None:
    """Nothing is trained yet."""
    command = "python -m xmodal train matchmaps-demo-cosine"
    page.empty("No network is trained yet.", "Train one; it appears here.", command)
    left_out()


def left_out() -> None:
    """Runs that cannot be opened, and why."""
    for run in cache.unusable_runs():
        st.caption(f"{page.plain(run.run)} cannot be opened: {page.plain(run.reason)}")


def usable(run: "RunKey", words: str) -> Filter:
    """Items that have what the run listens to, and these words."""
    return Filter(modality=run.caption, words=words)


def show(key: Where, chosen: Catalog, run: "RunKey") -> None:
    """The player of one item, and others to choose from."""
    if not len(chosen):
        page.problem(
            f"No item here has {run.caption.display.lower()}.",
            f"{run.run} matches pictures with {run.caption.display.lower()}; choose another catalog, run or words.",
            action="Clear the words",
            on_click=state.clear_filters,
            key="clear_words",
        )
        return
    place = chosen.find(state.item() or "") or 0
    _steps(chosen, place)
    try:
        clip = cache.played(key, run, chosen[place].id, chosen[(place + 1) % len(chosen)].id)
    except (MediaError, InputError) as error:
        page.empty("This item cannot be played.", page.plain(str(error)))
    else:
        _player(clip)
    _others(key, chosen, place)


def _player(clip: PlayedClip) -> None:
    matchmap_player(clip, key="player")


def _steps(chosen: Catalog, place: int) -> None:
    """Previous, next, copy the link."""
    before, after = chosen[place - 1].id, chosen[(place + 1) % len(chosen)].id
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Previous", key="previous", icon=":material/chevron_left:", on_click=state.open_item, args=(before,))
        st.button("Next", key="next", icon=":material/chevron_right:", on_click=state.open_item, args=(after,))
        st.caption(f"{page.plain(chosen[place].id)} · {place + 1:,} of {len(chosen):,}")
        players.copy_link(key="copy")


def _others(key: Where, chosen: Catalog, place: int) -> None:
    """The items that follow."""
    page.section("Other items")
    following = [chosen[(place + step) % len(chosen)] for step in range(1, min(NEIGHBOURS, len(chosen) - 1) + 1)]
    shown = [cards.card(sample, key, wanted=Modality.IMAGE) for sample in following]
    players.gallery(shown, key="others", label="Other items")
