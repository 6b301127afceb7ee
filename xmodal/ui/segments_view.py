"""The parts of "segments": what belongs together in picture and sound, by up to three runs side by side."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import streamlit as st

from xmodal.analysis.co_segmentation import Segmentation, Threshold
from xmodal.data.catalog import Catalog
from xmodal.data.decode import MediaError
from xmodal.errors import InputError
from xmodal.figures.segments import Segment, Segments, segments
from xmodal.ui import matchmap_view, page, pickers, run_cache
from xmodal.ui.catalogs import Where
from xmodal.ui.components.assets import register
from xmodal.ui.palette import CLASS_COLOURS
from xmodal.ui.played_clip import PlayedClip

if TYPE_CHECKING:
    from xmodal.ui.networks.trained import RunKey

PATTERNS = 6
"""Hatchings of the component, so that neighbours in the list differ without colour."""
_segments = register("segments")


def show(key: Where, chosen: Catalog, run: "RunKey", runs: "Sequence[RunKey]") -> None:
    """Where to cut, which runs, and the segments of one item."""
    if not len(chosen):
        matchmap_view.nothing_to_play(run)
        return
    place = matchmap_view.place_of(chosen)
    matchmap_view.steps(chosen, place)
    others = [each for each in runs if each.caption is run.caption and each.run != run.run]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        threshold = pickers.cut()
        shown = (run, *pickers.compared(others))
    if threshold is None:
        page.empty("No score yet.", "Give the score above which picture and sound belong together.")
        return
    item, other = chosen[place].id, chosen[(place + 1) % len(chosen)].id
    for number, (column, each) in enumerate(zip(st.columns(len(shown), gap="medium"), shown, strict=True)):
        with column:
            if len(shown) > 1:
                st.markdown(f"**{page.plain(each.run)}**")
            _of_run(key, each, (item, other), threshold, number)
    st.caption(
        "Scores above the cut that touch in space and time make one segment: its region of the picture and its stretch "
        "of sound. Click a row, a region or a stretch, or press its letter, to hear it alone."
    )


def _of_run(key: Where, run: "RunKey", items: tuple[str, str], threshold: Threshold, number: int) -> None:
    try:
        clip = run_cache.played(key, run, *items)
    except (MediaError, InputError) as error:
        page.empty("This item cannot be shown.", page.plain(str(error)))
        return
    found = clip.maps[0].found
    if found is None:
        page.empty("This item has no matchmap.", "Choose another one.")
        return
    parts = segments(found, Segmentation(threshold=threshold), words=clip.words, duration_s=clip.duration_s)
    st.caption(_counted(parts))
    if not parts.shown:
        page.empty("Nothing is above the cut.", "Lower the cut.")
        return
    _segments(key=f"segments_{number}", data=payload(clip, parts))


def _counted(parts: Segments) -> str:
    most = f", the strongest {len(parts.shown)} shown" if parts.total > len(parts.shown) else ""
    return f"{page.counted(parts.total, 'segment')} above score {parts.cut:.3g}{most}"


def payload(clip: PlayedClip, parts: Segments) -> dict[str, Any]:
    """A clip and its segments for the component: plain values, and one Arrow row with the files."""
    files = {"picture": clip.picture, "sound": clip.sound, "spectrogram": clip.spectrogram}
    kept = {name: content for name, content in files.items() if content}
    listed = [_entry(number, each, clip.kind == "text") for number, each in enumerate(parts.shown)]
    facts = {
        "heard": clip.heard.value,
        "heard_label": clip.heard.display.lower(),
        "alt": clip.description,
        "duration_s": clip.duration_s,
        "picture_type": clip.picture_type,
        "sound_type": clip.sound_type if clip.sound else "",
        "spectrogram_type": "image/png" if clip.spectrogram else "",
        "segments": listed,
    }
    digest = hashlib.blake2b(repr(facts).encode(), digest_size=12)
    for content in kept.values():
        digest.update(content)
    columns = {name: pa.array([content], pa.large_binary()) for name, content in kept.items()}
    return facts | {"shown_key": digest.hexdigest(), "bytes": pa.table(columns)}


def _entry(number: int, segment: Segment, text: bool) -> dict[str, Any]:
    span = f"{segment.start_s:.2f}–{segment.end_s:.2f} s"
    if text:
        span = f"words {segment.start_s + 1:.0f}–{segment.end_s:.0f}"
    return {
        "letter": segment.letter,
        "colour": CLASS_COLOURS[number % len(CLASS_COLOURS)],
        "pattern": number % PATTERNS,
        "start_s": segment.start_s,
        "end_s": segment.end_s,
        "when": span,
        "share": f"{100 * segment.share:.0f} %" if segment.share >= 0.01 else "< 1 %",
        "area": segment.share,
        "words": " ".join(segment.words),
        "at": segment.at,
        "outlines": [line.round(4).tolist() for line in segment.outlines],
    }
