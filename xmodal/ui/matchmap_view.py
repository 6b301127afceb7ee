"""The parts of the matchmap page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from xmodal.data.catalog import Catalog, Filter
from xmodal.data.decode import MediaError
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.ui import cards, export_view, page, pickers, player_view, players, run_cache, state
from xmodal.ui.catalogs import Where
from xmodal.ui.matchmap_player import matchmap_player
from xmodal.ui.played_clip import PlayedClip

if TYPE_CHECKING:
    from xmodal.ui.networks.trained import RunKey

TABS = ("Play", "Yours", "Live", "Segments", "3-D", "Find a word")
NEIGHBOURS = 12
"""Items offered below the player."""
FIRST_MAP = "Matchmap"
"""Name of the first map; with other runs beside it, it has the name of its run."""
SAYS: dict[str, str] = {
    Modality.SPEECH.value: "The network hears the voice: what lights up is what is spoken about.",
    Modality.SOUND.value: "Where does it come from? The network hears the scene: what lights up is what sounds.",
    Modality.TEXT.value: "The network reads: each word lights up what it names.",
    "film": "The map is that of the picture of the moment with the sound of the moment, a few times a second.",
}
"""What the player shows, by what plays."""


def usable(run: "RunKey", words: str, filmed: bool = False) -> Filter:
    """Items that have what is played (videos, or what the run listens to) and these words."""
    return Filter(modality=Modality.VIDEO if filmed else run.caption, words=words)


def pictured(words: str) -> Filter:
    """Items that have a picture, whatever else, and these words."""
    return Filter(modality=Modality.IMAGE, words=words)


def show(key: Where, chosen: Catalog, run: "RunKey", runs: "Sequence[RunKey]", filmed: bool = False) -> None:
    """The player of one item, and others to choose from."""
    if not len(chosen):
        nothing_to_play(run, filmed)
        return
    place = place_of(chosen)
    steps(chosen, place)
    player = st.container()  # first on the page, but it needs what is chosen below it
    beside = pickers.compared([each for each in runs if each.caption is run.caption and each.run != run.run])
    item, other = chosen[place].id, chosen[(place + 1) % len(chosen)].id
    try:
        clip = run_cache.played(key, run, item, other, beside=beside, film=filmed)
    except (MediaError, InputError) as error:
        page.empty("This item cannot be played.", page.plain(str(error)))
    else:
        with player:
            _player(clip, item, run.run)
            remarks(clip)
        scores(clip)
        st.caption(SAYS["film" if filmed else run.caption.value])
    others(key, chosen, place)


def nothing_to_play(run: "RunKey", filmed: bool = False) -> None:
    """No item has what is played."""
    page.problem(
        f"No item here has {'video' if filmed else run.caption.display.lower()}.",
        f"{run.run} matches pictures with {run.caption.display.lower()}; choose another catalog, run or words.",
        action="Clear the words",
        on_click=state.clear_filters,
        key="clear_words",
    )


def place_of(chosen: Catalog) -> int:
    """Where the item that the address names is in the selection; the first if it is not there."""
    return chosen.find(state.item() or "") or 0


@st.fragment
def _player(clip: PlayedClip, item: str, run: str) -> None:
    """The player; what is on screen goes into the address, gesture by gesture, and the page is not run again."""
    opening = player_view.read(state.player_opening(item, clip.id))
    together = bool(clip.maps) and clip.maps[0].name != FIRST_MAP
    view = matchmap_player(clip, key=state.PLAYER, opening=opening, together=together)
    if view.id is not None:
        first = view.map == clip.maps[0].name
        state.note_player(item, player_view.written(view.model_copy(update={"map": None}) if first else view))
    seen = view if view.id is not None else opening or view
    export_view.buttons(clip, seen, title=f"{run} · {item}", key=state.PLAYER)


def remarks(clip: PlayedClip) -> None:
    """What a viewer should know about this pair."""
    for remark in clip.remarks:
        st.info(page.plain(remark), icon=":material/info:")


def scores(clip: PlayedClip) -> None:
    """The three scores of each pair."""
    if not clip.scores:
        return
    rows = [
        f"| {page.plain(each.name)} | {each.sisa:.3g} | {each.misa:.3g} | {each.sima:.3g} |" for each in clip.scores
    ]
    with st.container(gap="xsmall"):
        st.markdown("\n".join(("| Score of the pair | SISA | MISA | SIMA |", "|:--|--:|--:|--:|", *rows)))
        st.caption(
            "SISA: mean over the picture and over time. MISA: the best place of each moment, averaged over time. "
            "SIMA: the best moment of each place, averaged over the picture. A network that has learned scores "
            "a pair above its shuffled pair."
        )


def steps(chosen: Catalog, place: int) -> None:
    """Previous, next, copy the link."""
    asked = state.item()
    if asked and chosen.find(asked) is None:
        st.caption(f"{page.plain(asked)} is not among these items: this is the first of them.")
    before, after = chosen[place - 1].id, chosen[(place + 1) % len(chosen)].id
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Previous", key="previous", icon=":material/chevron_left:", on_click=state.open_item, args=(before,))
        st.button("Next", key="next", icon=":material/chevron_right:", on_click=state.open_item, args=(after,))
        st.caption(f"{page.plain(chosen[place].id)} · {place + 1:,} of {len(chosen):,}")
        players.copy_link(key="copy")


def others(key: Where, chosen: Catalog, place: int) -> None:
    """The items that follow."""
    page.section("Other items")
    following = [chosen[(place + step) % len(chosen)] for step in range(1, min(NEIGHBOURS, len(chosen) - 1) + 1)]
    shown = [cards.card(sample, key, wanted=Modality.IMAGE) for sample in following]
    players.gallery(shown, key="others", label="Other items")
