"""Names of session-state keys and query parameters of the retrieval page, and the only code that writes them.

What is asked with has two places, each with its own keys: the first, and what is combined with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from xmodal.modality import Modality
from xmodal.ui import state as addresses

LAYER = "layer"
COMBINE = "and"
ANSWERS = "answers"
MANY = "many"
WHY = "why"
PREVIEW = "preview"
MEASURE = "measure"
OF_SPLIT = "of_split"
COMPETING = "competing"
DRAWN = "seed"
DIRECTION = "direction"
MISSES = "misses"
ITEM, TEXT, FILE, MICROPHONE, DRAWING, LAYOUT = "Item", "Words", "File", "Microphone", "Drawing", "Layout"
KINDS = (ITEM, TEXT, FILE, MICROPHONE, DRAWING, LAYOUT)
GALLERY_TAB, ASK_TAB, METRICS_TAB = "Gallery", "Ask", "Metrics"
TABS = (GALLERY_TAB, ASK_TAB, METRICS_TAB)
PANEL = "panel"
NEW_PANEL = "new_panel"


@dataclass(frozen=True)
class Place:
    """One of the two places of a query."""

    mark: str
    """What its keys end with."""

    @property
    def kind(self) -> str:
        """Key of what it is asked with."""
        return f"ask{self.mark}"

    @property
    def words(self) -> str:
        """Key of its text."""
        return f"text{self.mark}"

    @property
    def find(self) -> str:
        """Key of the words that an item is looked for with."""
        return f"find{self.mark}"

    @property
    def sense(self) -> str:
        """Key of what a file is."""
        return f"as{self.mark}"

    @property
    def weight(self) -> str:
        """Key of its weight."""
        return f"weight{self.mark}"

    @property
    def kept(self) -> str:
        """Query parameter of a file that was saved with a panel."""
        return f"kept{self.mark}"

    @property
    def like(self) -> str:
        """Query parameter of its item: `sound:w1-0-000042`."""
        return f"like{self.mark}"


FIRST, SECOND = Place(""), Place("2")


def first_kind(place: Place) -> str | None:
    """What the widget of a place says at first; None once it says something (Streamlit wants no default then)."""
    return None if place.kind in st.session_state else ITEM


def card_id(sense: Modality, item: str) -> str:
    """An entry of an item as one word."""
    return f"{sense.value}:{item}"


def liked(place: Place) -> tuple[Modality | None, str] | None:
    """Which item the address asks with, and with which entry of it (None: any); None: with none."""
    return _entry(st.query_params.get(place.like, ""))


def _entry(card: str) -> tuple[Modality | None, str] | None:
    """What `card_id` wrote."""
    sense, sign, item = card.partition(":")
    if not sign or not item:
        return None
    return (Modality(sense) if sense in tuple(Modality) else None), item


def explained() -> tuple[Modality, str] | None:
    """Which answer the address wants explained; None: none."""
    sense, item = _entry(st.query_params.get(WHY, "")) or (None, "")
    return None if sense is None else (sense, item)


def previews() -> bool:
    """Whether answers play while the pointer rests on them."""
    return bool(st.session_state.get(PREVIEW, True))


def explain_chosen(key: str) -> None:
    """Explain the answer that the gallery with that key reports (for its callback)."""
    chosen = st.session_state[key].ask
    if chosen:
        st.query_params[WHY] = str(chosen)


def forget_explained() -> None:
    """Explain nothing (for callbacks)."""
    st.query_params.pop(WHY, None)


def like(place: Place, entry: str) -> None:
    """Ask with an entry of an item (for callbacks)."""
    st.query_params[place.like] = entry
    st.session_state[place.kind] = ITEM


def like_chosen(place: Place, key: str) -> None:
    """Ask with the entry that the gallery with that key reports (for its callback)."""
    chosen = st.session_state[key].open
    if chosen:
        like(place, str(chosen))


def like_other_entry(place: Place, key: str, item: str) -> None:
    """Ask with another entry of the same item: the one that the widget with that key names (for its callback)."""
    by_name = {sense.display: sense for sense in Modality}
    sense = by_name.get(str(st.session_state[key]))
    if sense is not None:
        like(place, card_id(sense, item))


def forget_item(place: Place) -> None:
    """Choose another item (for callbacks)."""
    st.query_params.pop(place.like, None)


def clear_narrowing(*keys: str) -> None:
    """Let all items answer again (for callbacks)."""
    for key in keys:
        st.session_state.pop(key, None)


def drawn(key: str) -> dict[str, object] | None:
    """What was last on the paper with that key; None: nothing yet."""
    return st.session_state.get(f"{key}_drawn")


def keep_drawn(key: str) -> None:
    """Remember what is on the paper with that key (for its callback)."""
    st.session_state[f"{key}_drawn"] = st.session_state[key].drawn


def open_tab() -> None:
    """Ask where the address asks something, else the gallery, until the visitor chooses (before the tabs)."""
    asks = (FIRST.like, SECOND.like, FIRST.kind, SECOND.kind, FIRST.words, FIRST.kept, WHY)
    chosen = addresses.VIEW in st.session_state or {addresses.VIEW, PANEL} & set(st.query_params)
    if not chosen and any(name in st.query_params for name in asks):
        st.session_state[addresses.VIEW] = ASK_TAB


def choose_direction(key: str, queries: Sequence[str], offered: Sequence[str]) -> None:
    """Show the direction whose cell is chosen in the table with that key; `queries` names its rows (for its callback).

    A cell without a direction changes nothing.
    """
    cells: list[tuple[int, str]] = st.session_state[key].selection.cells
    names = [direction_name(str(queries[row]), answer) for row, answer in cells]
    if names and names[0] in offered:
        st.session_state.update({DIRECTION: names[0], MISSES: 1})


def direction_name(query: str, answer: str) -> str:
    """`Sound → Text`."""
    return f"{query} → {answer}"


def first_miss() -> None:
    """Another direction: its worst misses first (for callbacks)."""
    st.session_state[MISSES] = 1


def ask_like(key: str) -> None:
    """Ask with the entry that the gallery with that key reports (for its callback)."""
    if st.session_state[key].open:
        like_chosen(FIRST, key)
        st.session_state[addresses.VIEW] = ASK_TAB


def panel() -> str:
    """Which panel the address wants alone: a number of the twelve, or the id of a saved one; empty: none."""
    return st.query_params.get(PANEL, "")


def show_panel(panel: str) -> None:
    """Show one panel alone (for callbacks)."""
    st.query_params[PANEL] = panel
    st.session_state[addresses.VIEW] = GALLERY_TAB


def all_panels() -> None:
    """Show every panel (for callbacks)."""
    st.query_params.pop(PANEL, None)


def asking(place: Place, sense: Modality, *, item: str = "", text: str = "", file: str = "") -> dict[str, str]:
    """Query parameters that ask with an entry of an item, a text, or a file that was saved with a panel."""
    if text:
        return {place.kind: TEXT, place.words: text}
    if file:
        return {place.kind: FILE, place.kept: file, place.sense: sense.display}
    return {place.kind: ITEM, place.like: card_id(sense, item)}


def kept(place: Place) -> str:
    """Digest of the saved file that the address asks with; empty: none."""
    return st.query_params.get(place.kept, "")


def forget_kept(place: Place) -> None:
    """Ask with another file (for callbacks)."""
    for name in (place.kept, place.sense):
        st.query_params.pop(name, None)


def taken_as(place: Place, names: Sequence[str]) -> str:
    """As which of its possible senses a saved file is taken at first."""
    asked = st.query_params.get(place.sense, "")
    return asked if asked in names else names[0]


def answering() -> tuple[Modality, ...]:
    """Senses that are to answer; none: all."""
    chosen = st.session_state.get(ANSWERS) or ()
    return tuple(sense for sense in Modality if sense.display in chosen)


def many() -> int:
    """How many items of each sense are to answer."""
    return int(st.session_state.get(MANY) or 6)
