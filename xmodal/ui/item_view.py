"""One item with everything it has, side by side."""

import streamlit as st

from xmodal.data.sample import Sample
from xmodal.modality import AUDIBLE, Modality
from xmodal.ui import cards, players
from xmodal.ui.catalogs import Where

DRAWN = (Modality.SKETCH, Modality.CLIP_ART, Modality.SPATIAL_TEXT, Modality.VIDEO)


def senses(sample: Sample, where: Where, *, key: str, compact: bool = False) -> None:
    """All entries: what is seen on the left, what is heard and read on the right. `compact` fits one screen."""
    drawn = [modality for modality in DRAWN if modality in sample.media]
    seen = Modality.IMAGE in sample.media
    left, right = st.columns([5, 6] if compact else [1, 1], gap="medium") if seen else (None, st.container())
    if left is not None:
        with left:
            players.picture(sample, where, Modality.IMAGE, key=f"{key}_image", size_px=400 if compact else 640)
    with right:
        for modality in reversed(AUDIBLE):
            if modality in sample.media:
                strip_px = 64 if compact else 88
                players.sound(sample, where, modality, key=f"{key}_{modality}", strip_px=strip_px)
        if Modality.TEXT in sample.media and not compact:
            players.text(sample, key=f"{key}_text")
        if drawn:
            shown = [cards.single(sample, where, modality) for modality in drawn]
            players.gallery(shown, key=f"{key}_drawn", label="Other pictures of this item", size_px=128, on_open=None)
