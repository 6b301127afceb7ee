"""The statistics of a catalog, as a grid of figures."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import streamlit as st

from xmodal.data.statistics import Statistics
from xmodal.figures import catalog_statistics as figures
from xmodal.modality import Modality
from xmodal.ui.palette import TONES, Theme


class Chart(NamedTuple):
    """A figure under its heading."""

    key: str
    title: str
    figure: Any


def theme() -> Theme:
    """The theme that the visitor sees."""
    return "dark" if st.context.theme.type == "dark" else "light"


def show(found: Statistics) -> None:
    """Every distribution that the catalog has."""
    with st.container(horizontal=True):
        for name, count in {"items": found.items, **found.splits}.items():
            st.metric(name.capitalize(), f"{count:,}", width=120)
    charts = list(_charts(found))
    for first in range(0, len(charts), 2):
        for column, chart in zip(st.columns(2, gap="medium"), charts[first : first + 2], strict=False):
            with column:
                st.markdown(f"**{chart.title}**")
                st.plotly_chart(chart.figure, key=f"chart_{chart.key}", config={"displaylogo": False})


def _charts(found: Statistics) -> Iterator[Chart]:
    tones = TONES[theme()]
    speech, text = tones[Modality.SPEECH].mark, tones[Modality.TEXT].mark
    image, other = tones[Modality.IMAGE].mark, tones[Modality.VIDEO].mark
    seconds = found.caption_durations_s
    if seconds.size:
        yield Chart("durations", "How long are the spoken captions?", figures.durations(seconds, colour=speech))
    if found.words_per_caption.size:
        counts = found.words_per_caption
        yield Chart("lengths", "How many words does a caption have?", figures.lengths(counts, colour=text))
        yield Chart("words", "How often is each word used?", figures.frequencies(found.words, colour=text))
    if found.groups.names and found.groups.counts[0] > 1:
        heading = "How many items does each speaker, video or user have?"
        yield Chart("groups", heading, figures.per_group(found.groups, colour=other))
    if found.scenes.names:
        bars = figures.per_name(found.scenes, colour=image, what="Scene")
        yield Chart("scenes", "How many items does each scene have?", bars)
    if found.objects.names:
        bars = figures.per_name(found.objects, colour=image, what="Object")
        yield Chart("objects", "In how many items is each object?", bars)
