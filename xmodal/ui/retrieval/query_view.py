"""What is asked with: an item, words, a file, a recording or a drawing, and a second of them with a weight."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from xmodal.data import encode
from xmodal.data.catalog import Filter
from xmodal.errors import InputError
from xmodal.modality import AUDIBLE, PICTORIAL, Modality
from xmodal.ui import cache as catalogs
from xmodal.ui import cards, given, page, players
from xmodal.ui.catalogs import open_catalog
from xmodal.ui.given import Given
from xmodal.ui.navigation import DATA
from xmodal.ui.own_view import PICTURE_TYPES, SOUND_TYPES
from xmodal.ui.retrieval import cache, choice, drawn, state
from xmodal.ui.retrieval.canvas import canvas
from xmodal.ui.retrieval.state import FIRST, SECOND, Place

if TYPE_CHECKING:
    import numpy as np

    from xmodal.recipes.search_catalog import Collection, Part
    from xmodal.ui.networks.searched import Space

CARD_PX = 144
DRAWN_AS = (Modality.SKETCH, Modality.CLIP_ART, Modality.IMAGE)
"""What a drawing may be taken as, the first that the run knows unless another is chosen."""
OFFERED = 12
"""Items to choose from at once."""
FILE_MB = 100
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Asked:
    """One query as it was given."""

    sense: Modality
    item: str = ""
    """Id of the item; empty: it is something that the visitor brought."""
    brought: Given | None = None


def parts(space: "Space", found: "Collection") -> "tuple[list[Part], list[Asked]]":
    """The widgets of the query, and its vectors; none while something is missing or cannot be used."""
    from xmodal.recipes.search_catalog import Part

    area = st.container()
    st.caption(choice.refused(space.run))
    combined = st.toggle(
        "Combine with another", key=state.COMBINE, bind="query-params",
        help="Ask with two things together: this sound and these words, or one without the other",
    )  # fmt: skip
    with area:
        left, right = st.columns(2, gap="medium") if combined else (st.container(), None)
    with left:
        first = _query(space, found, FIRST)
    second = None
    if right is not None:
        with right:
            second = _query(space, found, SECOND)
    weight = _weight() if combined else 1.0
    asked = [(first, 1.0), *([(second, weight)] if combined else [])]
    vectors = [(_vector(space, found, each), amount) for each, amount in asked if each is not None]
    given_parts = [Part(vector, amount) for vector, amount in vectors if vector is not None]
    whole = len(given_parts) == len(asked) or (combined and first is not None and second is None)
    return (given_parts if whole else []), [each for each, _ in asked if each is not None]


def _weight() -> float:
    return st.slider(
        "Weight of the second", -1.0, 1.0, 1.0, 0.1, key=SECOND.weight, bind="query-params", format="%.1f",
        help="Below 0 the answers are to be unlike it; the first counts 1",
    )  # fmt: skip


def _query(space: "Space", found: "Collection", place: Place) -> Asked | None:
    """The widgets of one query; None while nothing is given, or it cannot be used and says why."""
    with st.container(border=True):
        kind = st.segmented_control(
            "Ask with" if place is FIRST else "and with", state.KINDS, key=place.kind,
            default=state.first_kind(place), required=True, bind="query-params",
        )  # fmt: skip
        if kind == state.TEXT:
            return _words(space, place)
        if kind in (state.FILE, state.MICROPHONE):
            return _brought(space, place, microphone=kind == state.MICROPHONE)
        if kind in (state.DRAWING, state.LAYOUT):
            return _drawn(space, place, layout=kind == state.LAYOUT)
        return _item(space, found, place)


def _words(space: "Space", place: Place) -> Asked | None:
    if not _takes(space, (Modality.TEXT,), "words"):
        return None
    text = st.text_input(
        "Words", key=place.words, placeholder="a dog barks near a boat", max_chars=LONGEST_TEXT, bind="query-params",
        help="A sentence or some words; press Enter",
    )  # fmt: skip
    if not (text or "").strip():
        st.caption("Write what you look for, and press Enter.")
        return None
    return Asked(Modality.TEXT, brought=given.given(str(text).strip()))


def _brought(space: "Space", place: Place, *, microphone: bool) -> Asked | None:
    """A file or a recording, and as what it is taken."""
    if not _takes(space, AUDIBLE if microphone else (*PICTORIAL, *AUDIBLE), "recordings" if microphone else "files"):
        return None
    if microphone:
        taken = st.audio_input("Say or record something", key=f"recorded{place.mark}")
    else:
        taken = st.file_uploader(
            "A picture, a recording, or a video for its sound", (*PICTURE_TYPES, *SOUND_TYPES), key=f"file{place.mark}",
            max_upload_size=FILE_MB, help="Choose it, drop it here, or paste a picture from the clipboard",
        )  # fmt: skip
    content = _kept(place) if taken is None and not microphone else None if taken is None else taken.getvalue()
    if content is None:
        return None
    try:
        senses = cache.senses_in(space, given.given(content))
    except InputError as error:
        page.empty("This cannot be asked with.", page.plain(str(error)))
        return None
    sense = _sense_of(senses, place)
    if sense in PICTORIAL:
        st.image(content, width=CARD_PX)
    elif not microphone:
        st.audio(content)
    return Asked(sense, brought=given.given(content))


def _kept(place: Place) -> bytes | None:
    """The file that was saved with a panel, if the address asks with one."""
    from xmodal.ui.networks import panelled

    if not state.kept(place):
        return None
    try:
        content = panelled.kept_file(state.kept(place))
    except InputError as error:
        page.problem(
            "This file cannot be asked with.", str(error), action="Ask with another",
            on_click=lambda: state.forget_kept(place), key=f"forget_kept{place.mark}",
        )  # fmt: skip
        return None
    st.caption("What was saved with a panel; another file takes its place.")
    return content


def _drawn(space: "Space", place: Place, *, layout: bool) -> Asked | None:
    """A drawing, taken as a sketch where the run knows sketches, else as what it sees; or words in their places."""
    possible = (Modality.SPATIAL_TEXT,) if layout else DRAWN_AS
    if not _takes(space, possible, "words in places" if layout else "drawings"):
        return None
    senses = tuple(sense for sense in possible if sense in space.run.senses)
    sense = _sense_of(senses, place)
    told = canvas(place, "layout" if layout else "draw", sense)
    try:
        picture = None if told is None else drawn.picture_of(told)
    except InputError as error:
        page.empty("This cannot be asked with.", page.plain(str(error)))
        return None
    if picture is None:
        return None
    return Asked(sense, brought=given.given(encode.png(picture)))


def _sense_of(senses: tuple[Modality, ...], place: Place) -> Modality:
    """As which of the senses that could take it something is taken."""
    first, *others = senses
    if not others:
        return first
    named = {sense.display: sense for sense in senses}
    chosen = st.segmented_control(
        "Taken as", list(named), key=place.sense, default=state.taken_as(place, list(named)), required=True,
        help="The network reads each through a pathway of its own",
    )  # fmt: skip
    return named.get(str(chosen), first)


def _takes(space: "Space", senses: tuple[Modality, ...], what: str) -> bool:
    """Whether the run takes any of these; says so if not."""
    if any(sense in space.run.senses for sense in senses):
        return True
    reasons = dict(space.run.refused)
    page.empty(
        f"{page.plain(space.run.run)} takes no {what}.", f"{reasons[senses[0]][:1].upper()}{reasons[senses[0]][1:]}."
    )
    return False


def _item(space: "Space", found: "Collection", place: Place) -> Asked | None:
    chosen = state.liked(place)
    if chosen is None and place is FIRST:
        sample = catalogs.showcase(space.where)
        chosen = None if sample is None else (None, sample.id)
    if chosen is None:
        _offered(space, place)
        return None
    wanted, item = chosen
    held = [sense for sense in found.senses if found.holds(item, sense)]
    if not held:
        page.problem(
            "This item cannot be asked with.", f"{space.where.catalog} has no vector of {item}.",
            action="Choose another item", on_click=lambda: state.forget_item(place), key=f"forget{place.mark}",
        )  # fmt: skip
        return None
    sense = held[0] if wanted is None or wanted not in held else wanted
    _chosen_item(space, place, item, (sense, held))
    return Asked(sense, item=item)


def _chosen_item(space: "Space", place: Place, item: str, senses: tuple[Modality, list[Modality]]) -> None:
    """The entry that asks, other entries of the item, and how to choose another item."""
    sense, held = senses
    sample = open_catalog(space.where.catalog).sample(item)
    beside = st.container(horizontal=True, gap="medium")
    with beside.container(width=CARD_PX + 16):
        card = cards.card(sample, space.where, wanted=sense) | {"has": [], "caption": ""}
        players.gallery([card], key=f"asked{place.mark}", label="The query", size_px=CARD_PX, on_open=None)
    with beside.container(width=260):
        key = f"entry{place.mark}/{item}"
        if len(held) > 1:
            st.segmented_control(
                "Ask with its", [each.display for each in held], key=key, default=sense.display, required=True,
                on_change=state.like_other_entry, args=(place, key, item),
            )  # fmt: skip
        with st.popover("Another item", icon=":material/photo_library:"):
            _offered(space, place)
        query = {"catalog": space.where.catalog, "item": item}
        page.link(DATA, f"All that belongs to {page.plain(item)}", icon=DATA.icon, query=query)


def _offered(space: "Space", place: Place) -> None:
    """Some items to choose from, by words."""
    words = st.text_input("Items with these words", key=place.find, placeholder="dog barking", type="search")
    chosen = catalogs.selection(space.where, Filter(words=words or ""))
    senses = space.run.senses
    shown = []
    for position in range(min(OFFERED, len(chosen))):
        sample = chosen[position]
        sense = next((each for each in senses if each in sample.media), None)
        if sense is not None:
            own = {"id": state.card_id(sense, sample.id), "sounds": [], "has": []}
            shown.append(cards.card(sample, space.where, wanted=sense) | own)
    if not shown:
        st.caption("No item has all of these words." if words else "No item has anything that this run takes.")
        return
    players.gallery(
        shown, key=f"offered{place.mark}", label="Items to ask with", size_px=112,
        on_open=lambda key: state.like_chosen(place, key),
    )  # fmt: skip


def _vector(space: "Space", found: "Collection", asked: Asked) -> "np.ndarray | None":
    """The vector of a query; None if it cannot be used, and why is said."""
    try:
        if asked.brought is None:
            return found.vector_of(asked.item, asked.sense)
        vector = cache.vector(space, found, asked.sense, asked.brought)
    except InputError as error:
        page.empty("This cannot be asked with.", page.plain(str(error)))
        return None
    if isinstance(asked.brought.content, str):
        unknown = cache.network(space.run).unknown_words(asked.brought.content)
        if unknown:
            st.caption(page.plain(f"The network never read: {', '.join(unknown)}. Such words do not count."))
    return vector
