"""One item with everything it has, side by side."""

import streamlit as st

from xmodal.data.sample import Sample
from xmodal.modality import AUDIBLE, Modality
from xmodal.ui import cards, players
from xmodal.ui.catalogs import Where

DRAWN = (Modality.SKETCH, Modality.CLIP_ART, Modality.SPATIAL_TEXT, Modality.VIDEO)


def full(sample: Sample, where: Where, *, key: str) -> None:
    """The picture large (512 px and more on a desktop), beside it what is heard and read, below it the rest."""
    beside = st.container()
    if Modality.IMAGE in sample.media:
        left = beside
        if len(sample.media) > 1:
            left, beside = st.columns([2, 1], gap="medium")
        with left:
            players.picture(sample, where, key=f"{key}_image", size_px=760)
    with beside:
        _heard(sample, where, key=key, strip_px=88)
        if Modality.TEXT in sample.media:
            players.text(sample, key=f"{key}_text")
        else:  # the column has room
            _drawn(sample, where, key=key, size_px=160)
    if Modality.TEXT in sample.media:
        _drawn(sample, where, key=key, size_px=160)


def compact(sample: Sample, where: Where, *, key: str) -> None:
    """The same on one screen of 1280 x 800."""
    beside = st.container()
    if Modality.IMAGE in sample.media:
        left, beside = st.columns([5, 6], gap="medium")
        with left:
            players.picture(sample, where, key=f"{key}_image", size_px=400)
    with beside:
        _heard(sample, where, key=key, strip_px=64)
    words, below = st.columns([3, 5], gap="medium")
    with words:
        if Modality.TEXT in sample.media:
            players.text(sample, key=f"{key}_text", most=1)
    with below:
        _drawn(sample, where, key=key, size_px=108)


def _heard(sample: Sample, where: Where, *, key: str, strip_px: int) -> None:
    for modality in reversed(AUDIBLE):
        if modality in sample.media:
            players.sound(sample, where, modality, key=f"{key}_{modality}", strip_px=strip_px)


def _drawn(sample: Sample, where: Where, *, key: str, size_px: int) -> None:
    """Cards of the other pictures."""
    shown = [cards.single(sample, where, modality) for modality in DRAWN if modality in sample.media]
    if shown:
        label = "Other pictures of this item"
        players.gallery(shown, key=f"{key}_drawn", label=label, size_px=size_px, on_open=None)
