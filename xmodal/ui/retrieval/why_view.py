"""Why something was found: which units fire in the query and in the answer, what else they fire at, and the matchmap of
the two where the network has one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from xmodal.data.decode import MediaError
from xmodal.errors import InputError
from xmodal.ui import cards, matchmap_view, page, players, run_cache
from xmodal.ui import state as addresses
from xmodal.ui.catalogs import open_catalog
from xmodal.ui.given import Given
from xmodal.ui.matchmap_player import matchmap_player
from xmodal.ui.navigation import MATCHMAP
from xmodal.ui.progress_bar import Bar
from xmodal.ui.retrieval import cache, state
from xmodal.ui.retrieval.entry_card import entry_card
from xmodal.ui.retrieval.query_view import Asked
from xmodal.ui.retrieval.state import FIRST

if TYPE_CHECKING:
    from xmodal.recipes.explained import UnitAt, Why
    from xmodal.recipes.search_catalog import Collection, Hit, Part
    from xmodal.ui.networks.searched import Space
    from xmodal.ui.networks.trained import RunKey

CARD_PX = 128
UNIT_PX = 88
CARDS = 7
"""Cards of a unit, at most: as many of each sense as there is room for, at least one."""
SUM = (
    "The score is a sum over the units of the layer that is compared. A unit fires where it is above its mean for that "
    "sense, or above 0 in a network whose senses are not brought to one scale."
)


def show(space: "Space", found: "Collection", parts: "Sequence[Part]", asked: Sequence[Asked]) -> None:
    """Explain the answer that the address names, over the page."""
    if parts and state.explained() is not None:
        _opened(space, found, parts, asked)


@st.dialog("Why this answer?", width="large", on_dismiss=state.forget_explained)
def _opened(space: "Space", found: "Collection", parts: "Sequence[Part]", asked: Sequence[Asked]) -> None:
    from xmodal.recipes import explained

    named = state.explained()
    if named is None:  # something in here was asked with
        st.rerun()
    sense, item = named
    try:
        told = explained.why(found, parts, item, sense)
    except InputError as error:
        page.empty("This answer cannot be explained.", page.plain(str(error)))
        return
    _both(space, asked, told.hit)
    _sum(told)
    _units(space, told, cache.units_at(space, found, tuple(int(unit) for unit in told.shared.units)))
    _matchmap(space, asked, told.hit)


def _both(space: "Space", asked: Sequence[Asked], hit: "Hit") -> None:
    """What was asked with, beside what answered."""
    items = [entry_card(space, each.item, each.sense) | {"title": "Query"} for each in asked if each.item]
    answer = entry_card(space, hit.item, hit.modality, hit.text) | {"title": f"Answer: {hit.score:.2f}"}
    players.gallery([*items, answer], key="why_both", label="Query and answer", size_px=CARD_PX, on_open=None)
    brought = [each for each in asked if each.brought is not None]
    for each in brought:
        words = each.brought.content if each.brought else ""
        named = f"“{page.plain(words)}”" if isinstance(words, str) else f"your {each.sense.display.lower()}"
        st.caption(f"Asked with {named}.")


def _sum(told: "Why") -> None:
    """The score as a sum of three."""
    shared = told.shared
    st.markdown(
        f"**{shared.cosine:.2f}** = **{shared.both:+.2f}** from {page.counted(shared.firing, 'unit')} that fire in "
        f"both, **{shared.neither:+.2f}** from units that fire in neither, **{shared.one:+.2f}** from units that fire "
        "in one alone.",
        help=SUM,
    )


def _units(space: "Space", told: "Why", units: "Sequence[UnitAt]") -> None:
    """The units with the largest parts, each with what it fires at most."""
    if not units:
        st.caption("No unit fires in both: what is alike is what is absent from both.")
        return
    st.caption("Units that fire in both, largest part first, and what each fires at most; a click asks with that.")
    for each, part in zip(units, told.shared.parts.tolist(), strict=True):
        scene = f" · {each.scene_share:.0%} of what it fires at most: {_named(each.scene)}" if each.scene else ""
        st.markdown(f"**Unit {each.unit}** · {part:+.3f} of {told.shared.cosine:.2f}{scene}")
        room = max(1, CARDS // max(1, len(each.strongest)))
        shown = [
            entry_card(space, hit.item, sense, hit.text) | {"title": "", "caption": cards.spoken_name(hit.scene)}
            for sense, hits in each.strongest.items()
            for hit in hits[:room]
        ]
        players.gallery(
            shown, key=f"why_{each.unit}", label=f"What unit {each.unit} fires at", size_px=UNIT_PX,
            on_open=_ask_instead,
        )  # fmt: skip


def _named(scene: str) -> str:
    return page.plain(cards.spoken_name(scene))


def _ask_instead(key: str) -> None:
    """Ask with what was clicked on, and leave the explanation (for callbacks)."""
    state.like_chosen(FIRST, key)
    state.forget_explained()


def _matchmap(space: "Space", asked: Sequence[Asked], hit: "Hit") -> None:
    """Where in the picture and when in the sound (or the text) the two match, if the network tells."""
    run = next((each for each in run_cache.runs() if each.run == space.run.run), None)
    if run is None or len(asked) != 1:
        return
    given = {asked[0].sense: _given(space, asked[0]), hit.modality: _given(space, Asked(hit.modality, item=hit.item))}
    pictures = [sense for sense in given if sense is not run.caption]
    if len(given) == 2 and pictures and run.caption in given:
        st.caption("Where in the picture and when in the other the network matches the two.")
        _played(space, run, given[pictures[0]], given[run.caption], hit.position)
        return
    st.caption("A matchmap needs a picture and what is matched with it; here both are the same.")
    query = {addresses.RUN: run.run, addresses.CATALOG: space.where.catalog, addresses.ITEM: hit.item}
    page.link(MATCHMAP, f"The matchmap of {page.plain(hit.item)} itself", icon=MATCHMAP.icon, query=query)


def _given(space: "Space", asked: Asked) -> Given:
    if asked.brought is not None:
        return asked.brought
    return Given(f"{space.where.digest}/{asked.item}", open_catalog(space.where.catalog).sample(asked.item))


def _played(space: "Space", run: "RunKey", picture: Given, caption: Given, position: int) -> None:
    catalog, bar = open_catalog(space.where.catalog), Bar()
    try:
        clip = run_cache.own(run, picture, caption, catalog[(position + 1) % len(catalog)], bar)
    except (MediaError, InputError) as error:
        page.empty("This pair cannot be played.", page.plain(str(error)))
        return
    finally:
        bar.close()
    matchmap_player(clip, key="why_player")
    matchmap_view.scores(clip)
