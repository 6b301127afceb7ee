"""Names of session-state keys and query parameters, and the only code that writes them.

Widgets with these keys are bound to the address (`bind="query-params"`), which keeps the formatted option: options are
therefore plain strings that read well there.
"""

import streamlit as st

CATALOG = "catalog"
ITEM = "item"
TAB = "tab"
SPLIT = "split"
SCENE = "scene"
HAS = "has"
WORDS = "words"
SHOW = "show"
MASKS = "masks"
PAGE = "page"
RUN = "run"
PAIRS = "pairs"
FOUND = "found"
CLUSTER = "cluster"
VIEW = "view"
WORD = "word"
COMPARE = "compare"
FILTERS = (SPLIT, SCENE, HAS, WORDS)


def item() -> str | None:
    """Id of the item that the address names."""
    return st.query_params.get(ITEM) or None


def asked_catalog() -> str | None:
    """Name of the catalog that the address names, whether it exists or not."""
    return st.query_params.get(CATALOG) or None


def forget_catalog() -> None:
    """Choose no catalog and no item by the address (for callbacks)."""
    st.query_params.pop(CATALOG, None)
    close_item()


def open_item(identity: str) -> None:
    """Show that item (for callbacks)."""
    st.query_params[ITEM] = identity


def open_chosen(key: str) -> None:
    """Show the item that the gallery with that key reports (for its callback)."""
    chosen = st.session_state[key].open
    if chosen:
        open_item(str(chosen))


def note_chosen(key: str) -> None:
    """Remember what the gallery with that key reports, for `noted` (for its callback)."""
    st.session_state[f"{key}_noted"] = st.session_state[key].open


def noted(key: str) -> str | None:
    """What `note_chosen` remembered, once."""
    chosen = st.session_state.pop(f"{key}_noted", None)
    return str(chosen) if chosen else None


def close_item() -> None:
    """Back to the gallery (for callbacks)."""
    st.query_params.pop(ITEM, None)


def first_page() -> None:
    """Start at the first page again: the selection has changed (for callbacks)."""
    st.session_state[PAGE] = 1


def other_catalog() -> None:
    """Another catalog was picked: its items and scenes are others (for callbacks)."""
    close_item()
    clear_filters()


def clear_filters() -> None:
    """Show all items again (for callbacks)."""
    for key in FILTERS:
        st.session_state.pop(key, None)
    first_page()
