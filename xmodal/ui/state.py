"""Names of session-state keys and query parameters, and the only code that writes them.

Widgets with these keys are bound to the address (`bind="query-params"`), which keeps the formatted option: options are
therefore plain strings that read well there.
"""

import secrets
from collections.abc import Mapping, Sequence

import streamlit as st

from xmodal.ui import player_view

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
EPOCH = "epoch"
PAIRS = "pairs"
FOUND = "found"
CLUSTER = "cluster"
VIEW = "view"
WORD = "word"
COMPARE = "compare"
CUT = "cut"
CUT_PERCENT = "cut_percent"
CUT_SCORE = "cut_score"
LIVE = "live_token"
SOURCE = "source"
PLAYER = "player"
OWN_PICTURE = "own_picture"
OWN_SOUND = "own_sound"
OWN_WORDS = "own_words"
RESULTS = "results"
TABLE = "table"
MEASURED_ON = "measured_on"
CURVES = "curves"
SMOOTHING = "smoothing"
AFTER = "after"
CONCEPTS_OF = "concepts_of"
QUERY = "query"
DRAW = "draw"
RECIPE = "recipe"
TRAIN_ON = "data"
CHANGES = "changes"
CHANGES_OF = "changes_of"
FAMILY = "family"
STAGE = "stage"
FIELDS = "fields"
PART = "part"
FIND = "find"
NAME = "name"
THREADS = "threads"
JOB = "job"
TRAIN = "training"
WHERE = "where"
JOBS_TAB = "Jobs"
OWN_RUN = "own_run"
NEW_TAB = "New"
COMPARED = "compared"
SAMPLE_STEP = "sample_step"
SAMPLE_PAIR = "sample"
IN_LOG = "in_log"
_OPENED = "player_opened"
FILTERS = (SPLIT, SCENE, HAS, WORDS)


def item() -> str | None:
    """Id of the item that the address names."""
    return st.query_params.get(ITEM) or None


def asked_catalog() -> str | None:
    """Name of the catalog that the address names, whether it exists or not."""
    return st.query_params.get(CATALOG) or None


def asked_run() -> str | None:
    """Name of the run that the address names, whether it exists or not."""
    return st.query_params.get(RUN) or None


def forget_run() -> None:
    """Choose no run by the address (for callbacks)."""
    st.query_params.pop(RUN, None)


def leave_run(known: Sequence[str]) -> None:
    """Choose no run, if another page left one chosen that is not among these (before the widget)."""
    if st.session_state.get(RUN) not in (None, *known):
        del st.session_state[RUN]


def forget_catalog() -> None:
    """Choose no catalog and no item by the address (for callbacks)."""
    st.query_params.pop(CATALOG, None)
    close_item()


def open_item(identity: str) -> None:
    """Show that item (for callbacks); of the player's settings those that are not about one clip stay."""
    st.query_params[ITEM] = identity
    _write_player(player_view.lasting(st.query_params.get(PLAYER, "")))


def player_opening(identity: str, clip: str) -> str:
    """What the address says of the player when it opens a clip of an item; the same as long as that clip is shown.

    (The player is given the same text again and again: another would be sent to the browser with the whole clip.)
    """
    held: tuple[str, str] | None = st.session_state.get(_OPENED)
    if held is not None and held[0] == clip and _touched(clip):
        return held[1]
    text = st.query_params.get(PLAYER, "")
    if item() not in (None, identity):
        text = player_view.lasting(text)
    st.session_state[_OPENED] = (clip, text)
    return text


def note_player(identity: str, text: str) -> None:
    """Write what is on screen into the address, without running the page again."""
    if text or PLAYER in st.query_params:
        if item() != identity:
            st.query_params[ITEM] = identity
        _write_player(text)


def _touched(clip: str) -> bool:
    """Whether the player has told something about that clip."""
    told = st.session_state.get(PLAYER)
    view = told.get("view") if isinstance(told, Mapping) else None
    return isinstance(view, Mapping) and view.get("id") == clip


def _write_player(text: str) -> None:
    if text and st.query_params.get(PLAYER) != text:
        st.query_params[PLAYER] = text
    elif not text:
        st.query_params.pop(PLAYER, None)


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


def live_token() -> str:
    """The key under which this visitor's microphone is heard; no other page knows it."""
    return str(st.session_state.setdefault(LIVE, secrets.token_urlsafe(24)))


def draw() -> int:
    """Which random item the address asks for; 0: the first."""
    text = st.query_params.get(DRAW, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def draw_again() -> None:
    """Another random item, and none by name (for callbacks)."""
    st.query_params[DRAW] = str(draw() + 1)
    st.session_state[QUERY] = ""


def ask_chosen(key: str) -> None:
    """Look for the item that the gallery with that key reports (for its callback)."""
    chosen = st.session_state[key].open
    if chosen:
        st.session_state[QUERY] = str(chosen)


def job() -> str:
    """Id of the job that the address names; empty if it names none."""
    return st.query_params.get(JOB, "")


def choose_job(identity: str) -> None:
    """Show that job."""
    st.query_params[JOB] = identity


def asked_recipe() -> str:
    """Name of the recipe that was chosen, or that the address names; empty if there is none."""
    return str(st.session_state.get(RECIPE) or st.query_params.get(RECIPE, ""))


def open_family(family: str, offered: Sequence[str]) -> None:
    """Show the recipes of that family where nobody has chosen one, and of the first where the chosen is not offered."""
    chosen = st.session_state.get(FAMILY) or st.query_params.get(FAMILY)
    if chosen not in offered:
        st.session_state[FAMILY] = family if chosen is None and family in offered else offered[0]


def keep_changes(recipe: str, data: str) -> None:
    """Changes are of one recipe: another has none yet. With other data those of the data are dropped."""
    before = st.session_state.get(CHANGES_OF)
    st.session_state[CHANGES_OF] = (recipe, data)
    if before in (None, (recipe, data)) or CHANGES not in st.session_state:
        return
    kept = [line for line in changes() if not line.startswith(("data.", "validation."))]
    set_changes(kept if before[0] == recipe else ())


def changes() -> tuple[str, ...]:
    """Lines of changes of the recipe, as `--set` takes them."""
    text = str(st.session_state.get(CHANGES) or "")
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def set_changes(lines: Sequence[str]) -> None:
    """Write other lines (before their text box is drawn, or in callbacks)."""
    st.session_state[CHANGES] = "\n".join(lines)


def open_form(recipe: str, data: str, lines: Sequence[str]) -> None:
    """Fill the form of a new training, and show it (for callbacks)."""
    st.session_state.update({RECIPE: recipe, TRAIN_ON: data, CHANGES_OF: (recipe, data), TRAIN: NEW_TAB})
    st.session_state.pop(FAMILY, None)  # the recipe's own is opened
    st.query_params.pop(FAMILY, None)
    set_changes(lines)


def forget_own_run() -> None:
    """Choose the first run of the table (for callbacks)."""
    st.session_state.pop(OWN_RUN, None)


def cluster_key(name: str) -> str:
    """Key of the widget of an option of the cluster."""
    return f"slurm_{name}"


def field_key(name: str) -> str:
    """Key of the widget of a recipe's field."""
    return f"field {name}"


def field(key: str) -> object:
    """What the widget of a field says (for its callback)."""
    return st.session_state[key]


def show_field(key: str, value: object) -> None:
    """Let the widget of a field show a value (before it is drawn)."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def watch_job(identity: str) -> None:
    """Show that job, on the tab of jobs; the name that its run was given is not asked for again (for callbacks)."""
    choose_job(identity)
    st.session_state.update({TRAIN: JOBS_TAB, NAME: ""})


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
