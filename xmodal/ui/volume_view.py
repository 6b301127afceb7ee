"""The parts of "3-D": the matchmap as a density in space and time."""

import io
from typing import TYPE_CHECKING

import streamlit as st

from xmodal.data import decode
from xmodal.data.catalog import Catalog
from xmodal.data.decode import MediaError
from xmodal.errors import InputError
from xmodal.figures.matchmap_volume import density
from xmodal.ui import matchmap_view, page, pickers, run_cache, statistics_view
from xmodal.ui.catalogs import Where

if TYPE_CHECKING:
    from xmodal.ui.networks.trained import RunKey


def show(key: Where, chosen: Catalog, run: "RunKey") -> None:
    """Where to cut, and the density of one item."""
    if not len(chosen):
        matchmap_view.nothing_to_play(run)
        return
    place = matchmap_view.place_of(chosen)
    matchmap_view.steps(chosen, place)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        threshold = pickers.cut()
    if threshold is None:
        page.empty("No score yet.", "Give the score of the outermost shell.")
        return
    try:
        clip = run_cache.played(key, run, chosen[place].id, chosen[(place + 1) % len(chosen)].id)
    except (MediaError, InputError) as error:
        page.empty("This item cannot be shown.", page.plain(str(error)))
        return
    found = clip.maps[0].found
    if found is None or clip.picture is None:
        page.empty("This item has no matchmap of a still picture.", "Choose another one.")
        return
    cut = threshold.score(found.scores)
    if cut >= found.scores.max():
        page.empty("Nothing is above the cut.", f"The highest score is {found.scores.max():.3g}: lower the cut.")
        return
    picture = decode.picture(io.BytesIO(clip.picture))
    dark = statistics_view.theme() == "dark"
    figure = density(found, picture, cut=cut, dark=dark, words=clip.words, end_s=clip.duration_s)
    st.plotly_chart(figure, key="density", config={"displaylogo": False})
    st.caption(
        f"Shells of equal score from {cut:.3g} up, over the picture's width and height and over time; the picture "
        "stands where the sound begins. Drag to turn, scroll to come closer. The same cut as in “Segments”."
    )
