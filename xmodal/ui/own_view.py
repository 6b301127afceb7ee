"""The parts of "yours": a visitor's own picture and recording, or a voice that speaks about the item's picture."""

from typing import TYPE_CHECKING

import streamlit as st

from xmodal.data.catalog import Catalog
from xmodal.data.decode import MediaError
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.ui import export_view, given, matchmap_view, page, pickers, run_cache
from xmodal.ui.catalogs import Where
from xmodal.ui.given import Given
from xmodal.ui.matchmap_player import matchmap_player
from xmodal.ui.progress_bar import Bar
from xmodal.ui.views import pictures

if TYPE_CHECKING:
    from xmodal.data.sample import Sample
    from xmodal.ui.networks.trained import RunKey

PICTURE_TYPES = ("png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff")
SOUND_TYPES = ("wav", "flac", "ogg", "oga", "opus", "mp3", "m4a", "aac", "mp4", "mov", "webm", "mkv")
"""For the file dialog; what a file really is shows when it is decoded."""
PICTURE_MB = 100
PREVIEW_PX = 360


def show(key: Where, chosen: Catalog, run: "RunKey") -> None:
    """Widgets for a picture and what is matched with it, then the player."""
    if not len(chosen):
        page.empty("No item to begin with.", "Choose another catalog or other words: an item's picture comes first.")
        return
    place = matchmap_view.place_of(chosen)
    sample, other = chosen[place], chosen[(place + 1) % len(chosen)]
    left, right = st.columns(2, gap="medium")
    with left:
        picture = picture_of(key, sample)
    with right:
        caption = _words() if run.caption is Modality.TEXT else _sound()
    if picture is None or caption is None:
        with left:
            _preview(picture)
        return
    _played(run, picture, caption, other)


def _played(run: "RunKey", picture: Given, caption: Given, other: "Sample") -> None:
    bar = Bar()
    try:
        clip = run_cache.own(run, picture, caption, other, bar)
    except (MediaError, InputError) as error:
        page.empty("This cannot be played.", page.plain(str(error)))
        return
    finally:
        bar.close()
    matchmap_view.remarks(clip)
    view = matchmap_player(clip, key="own_player")
    export_view.buttons(clip, view, title=run.run, key="own_player")
    matchmap_view.scores(clip)
    st.caption(
        "Files and recordings stay in this server's memory; nothing of them is kept on disk. "
        "The shuffled pair takes its caption from an item of the catalog."
    )


def picture_of(key: Where, sample: "Sample") -> Given | None:
    """The item's picture, or one of the visitor's own; None while there is none yet."""
    source = pickers.own_picture()
    if source == pickers.ITEM_PICTURE:
        return Given(f"{key.digest}/{sample.id}", sample)
    if source == pickers.CAMERA:
        taken = st.camera_input("Take a photo", key="own_camera")
    else:
        taken = st.file_uploader(
            "A picture of at most 64 megapixels", PICTURE_TYPES, key="own_picture_file", max_upload_size=PICTURE_MB
        )
    return None if taken is None else given.given(taken.getvalue())


def _sound() -> Given | None:
    if pickers.own_sound() == pickers.MICROPHONE:
        taken = st.audio_input("Say what you see", key="own_microphone")
    else:
        taken = st.file_uploader("A recording of at most 10 minutes", SOUND_TYPES, key="own_sound_file")
    return None if taken is None else given.given(taken.getvalue())


def _words() -> Given | None:
    text = pickers.own_words()
    return given.given(text) if text else None


def _preview(picture: Given | None) -> None:
    """The picture while nothing is said about it yet."""
    if picture is None:
        return
    try:
        pixels = given.picture_of(picture, Modality.IMAGE)
    except MediaError as error:
        page.empty("This cannot be played.", page.plain(str(error)))
        return
    st.image(pictures.fitted(pixels, 2 * PREVIEW_PX), width=PREVIEW_PX)
