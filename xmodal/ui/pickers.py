"""Widgets that return domain values; all are bound to the address."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from xmodal.analysis.co_segmentation import Threshold
from xmodal.data.catalog import Filter
from xmodal.data.sample import Split
from xmodal.modality import AUDIBLE, Modality
from xmodal.ui import state
from xmodal.ui.catalogs import Summary

if TYPE_CHECKING:
    from xmodal.ui.networks.trained import RunKey

ALL = "all"
PICTURES, VIDEOS = "Pictures", "Videos"
ITEM_PICTURE, UPLOAD, CAMERA, MICROPHONE = "This item", "Upload", "Camera", "Microphone"
BOUND: dict[str, Any] = {"bind": "query-params"}
CUT_UNITS = ("percentile", "score")
CUT_HELP = "Of each map its own share of highest scores, or one score for all. The paper cut at scores of 100 to 400."
PER_PAGE = 48
"""Cards on a page of the gallery."""


def catalog(summaries: Sequence[Summary]) -> Summary:
    """One of the catalogs."""
    named = {summary.name: summary for summary in summaries}
    help_text = "Imported and built data in the workspace"
    name = st.selectbox(
        "Catalog", list(named), key=state.CATALOG, on_change=state.other_catalog, help=help_text, **BOUND
    )
    return named[name or next(iter(named))]


def words() -> str:
    """Words that an item must hold."""
    text = st.text_input(
        "Words", key=state.WORDS, placeholder="dog barking", on_change=state.first_page, type="search",
        help="Items whose text, objects, sounds, scene or id hold every one of these words", **BOUND
    )  # fmt: skip
    return text or ""


def wanted(summary: Summary, scenes: Sequence[str]) -> Filter:
    """Which of its items to show."""
    text = words()
    split, scene = split_and_scene(summary, scenes)
    by_name = {modality.display: modality for modality in summary.counts}
    has = _choice("Has", list(by_name), state.HAS)
    return Filter(
        split=split,
        scene=scene,
        modality=by_name[has] if has else None,
        words=text,
    )


def split_and_scene(summary: Summary, scenes: Sequence[str]) -> tuple[Split | None, str | None]:
    """Items of which split and of which scene; None: of all."""
    splits = [split.value for split in Split if summary.splits.get(split.value)]
    split = _choice("Split", splits, state.SPLIT)
    return (Split(split) if split else None), _choice("Scene", scenes, state.SCENE)


def _choice(label: str, options: Sequence[str], key: str) -> str | None:
    chosen = st.selectbox(label, [ALL, *options], key=key, on_change=state.first_page, disabled=not options, **BOUND)
    return None if chosen in (None, ALL) else chosen


def shown(summary: Summary) -> Modality | None:
    """Which entry stands for an item in the gallery; None: the best that each item has."""
    by_name = {modality.display: modality for modality in summary.counts}
    chosen = st.segmented_control(
        "Show", list(by_name), key=state.SHOW, label_visibility="collapsed", help="What each card shows", **BOUND
    )
    return by_name.get(chosen or "")


def masks() -> bool:
    """Whether pictures are covered by their masks."""
    return st.toggle("Masks", key=state.MASKS, help="Classes of the label map over each image", **BOUND)


def run(keys: "Sequence[RunKey]") -> "RunKey":
    """One of the trained runs."""
    named = {key.run: key for key in keys}
    chosen = st.selectbox("Trained run", list(named), key=state.RUN, help="Networks to look through", **BOUND)
    key = named[chosen or next(iter(named))]
    return key if len(key.epochs) < 2 else _epoch(key)


def _epoch(key: "RunKey") -> "RunKey":
    """The run after one of the epochs whose weights are kept."""
    from xmodal.ui.networks import trained

    epochs = [str(epoch) for epoch in key.epochs]
    help_text = "How the network came to be: its weights after so many passes over the data"
    chosen = st.select_slider("After epoch", epochs, key=state.EPOCH, value=epochs[-1], help=help_text, **BOUND)
    return key if chosen == epochs[-1] else trained.after_epoch(key, int(chosen))


def word(spoken: Sequence[str]) -> str:
    """One of the words."""
    chosen = st.selectbox(
        "Word", spoken, key=state.WORD, help="Spoken words that name things, commonest first", **BOUND
    )
    return chosen or spoken[0]


def compared(keys: "Sequence[RunKey]") -> "tuple[RunKey, ...]":
    """At most two other runs to stand beside the chosen one."""
    if not keys:
        return ()
    named = {key.run: key for key in keys}
    help_text = "The same pictures as other networks see them"
    chosen = st.multiselect("Beside it", list(named), key=state.COMPARE, max_selections=2, help=help_text, **BOUND)
    return tuple(named[name] for name in chosen if name in named)


def cut() -> Threshold | None:
    """Where matchmaps are cut into segments; None: by score, but no score is given yet."""
    unit = st.segmented_control(
        "Cut at", CUT_UNITS, default=CUT_UNITS[0], key=state.CUT, required=True, help=CUT_HELP, **BOUND
    )
    if unit != CUT_UNITS[1]:
        value = st.slider("Percentile", 50.0, 99.5, 95.0, 0.5, key=state.CUT_PERCENT, **BOUND)
        return Threshold(kind="percentile", value=value)
    score = st.number_input("Score", value=None, key=state.CUT_SCORE, format="%.4g", placeholder="0.5", **BOUND)
    return None if score is None else Threshold(kind="score", value=float(score))


def filmed(summary: Summary, run: "RunKey") -> bool:
    """Whether to play the videos of a catalog, not its pictures; asked only where there is a choice."""
    films = summary.counts.get(Modality.VIDEO, 0) if run.caption in AUDIBLE else 0
    stills = summary.counts.get(run.caption, 0)
    if not films or not stills:
        return bool(films)
    help_text = "Videos play with their own soundtrack, whatever the network was trained on"
    chosen = st.segmented_control(
        "Source", [PICTURES, VIDEOS], key=state.SOURCE, default=PICTURES, required=True, help=help_text, **BOUND
    )
    return chosen == VIDEOS


def own_picture() -> str:
    """Where a visitor's picture comes from."""
    options = [ITEM_PICTURE, UPLOAD, CAMERA]
    chosen = st.segmented_control(
        "Picture", options, key=state.OWN_PICTURE, default=ITEM_PICTURE, required=True, **BOUND
    )
    return chosen or ITEM_PICTURE


def own_sound() -> str:
    """Where a visitor's recording comes from."""
    chosen = st.segmented_control(
        "Sound", [MICROPHONE, UPLOAD], key=state.OWN_SOUND, default=MICROPHONE, required=True, **BOUND
    )
    return chosen or MICROPHONE


def own_words() -> str:
    """A visitor's text."""
    help_text = "The network reads them one by one"
    text = st.text_area(
        "Words", key=state.OWN_WORDS, placeholder="a dog beside an old boat", max_chars=2000, help=help_text, **BOUND
    )
    return (text or "").strip()


def page_of(items: int) -> range:
    """The positions on the chosen page of the gallery."""
    pages = max(1, -(-items // PER_PAGE))
    number = st.pagination(pages, key=state.PAGE, **BOUND) if pages > 1 else 1
    first = (min(number, pages) - 1) * PER_PAGE
    return range(first, min(first + PER_PAGE, items))
