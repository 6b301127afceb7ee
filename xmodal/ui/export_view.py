"""Below the player: what is on screen as a film, a still or numbers; made when asked for."""

import io
import re
from functools import partial

import streamlit as st

from xmodal.data import decode
from xmodal.data.sample import Waveform
from xmodal.figures.matchmap_arrays import npz
from xmodal.figures.matchmap_film import still
from xmodal.figures.matchmap_frame import Scene
from xmodal.figures.matchmap_look import Look
from xmodal.progress import describe
from xmodal.storage import digest
from xmodal.ui import page, run_cache
from xmodal.ui.film_maker import Filming
from xmodal.ui.matchmap_player import PlayerView
from xmodal.ui.played_clip import PlayedClip, ScoreMap

MOST_MAPS = 4
"""Side by side, as in the player."""
VIDEO_PX, VIDEO_HZ = 512, 12.5
"""Moving pictures in a film of a video."""
WAITING = "Other films come first"


def buttons(clip: PlayedClip, view: PlayerView, *, title: str, key: str) -> None:
    """Film, still and numbers of what is on screen.

    Args:
        clip: what the player shows.
        view: as its viewer left it.
        title: which network and item, written into the picture.
        key: of the widgets.
    """
    shown = shown_maps(clip, view)
    name = file_name(f"{title} {shown[0].name if len(shown) == 1 else 'side by side'}")
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}_export"):
        _film(clip, view, title=title, name=name, key=key)
        st.download_button(
            "Still (PNG)", partial(_still, clip, view, title), f"{name}.png", "image/png", key=f"{key}_png",
            icon=":material/image:", on_click="ignore", help="The moment at which the player stands",
        )  # fmt: skip
        st.download_button(
            "Numbers (NPZ)", partial(npz, shown[0], clip.words, title=title), f"{name}.npz", "application/octet-stream",
            key=f"{key}_npz", icon=":material/data_array:", on_click="ignore",
            help="Scores of the chosen map (frames x rows x columns), times, centres of cells, and words",
        )  # fmt: skip


def scene_of(clip: PlayedClip, view: PlayerView, title: str) -> Scene:
    """What the player shows, for drawing.

    Raises:
        MediaError: a file of the clip is unreadable.
    """
    names = ("mode", "unit", "percentile", "score", "opacity")
    moving = decode.clip(io.BytesIO(clip.video), size_px=VIDEO_PX, rate_hz=VIDEO_HZ) if clip.video else None
    pictures = moving.frames if moving else decode.picture(io.BytesIO(clip.picture or b""))[None]
    return Scene(
        pictures=pictures,
        maps=shown_maps(clip, view),
        duration=clip.duration_s,
        look=Look.model_validate(view.model_dump(include=set(names))),
        pictures_hz=moving.frame_rate_hz if moving else 1.0,
        words=clip.words,
        spectrogram=decode.picture(io.BytesIO(clip.spectrogram)) if clip.spectrogram else None,
        spectrogram_s=clip.spectrogram_s,
        stepwise=clip.kind == "text",
        stretch=view.stretch,
        title=title,
    )


def sound_of(clip: PlayedClip) -> Waveform | None:
    """What is heard; None of a text."""
    content = clip.video if clip.kind == "video" else clip.sound
    return decode.waveform(io.BytesIO(content)) if content else None


def shown_maps(clip: PlayedClip, view: PlayerView) -> tuple[ScoreMap, ...]:
    """The chosen map, or the first ones side by side; the last of them gives way to a chosen one that is not there."""
    chosen = next((each for each in clip.maps if each.name == view.map), clip.maps[0])
    if not view.compare:
        return (chosen,)
    first = clip.maps[:MOST_MAPS]
    return first if any(each is chosen for each in first) else (*first[:-1], chosen)


def file_name(text: str) -> str:
    """A plain file name without a suffix."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:100] or "matchmap"


def _still(clip: PlayedClip, view: PlayerView, title: str) -> bytes:
    return still(scene_of(clip, view, title), view.time_s)


def _film(clip: PlayedClip, view: PlayerView, *, title: str, name: str, key: str) -> None:
    """A button that makes the film, how far it is, then the film itself."""
    asked = _film_key(clip, view, title)
    made = run_cache.film_maker().state(asked)
    if made is not None and made.running:
        _progress(asked)
    elif made is not None and made.content is not None:
        st.download_button(
            "Save the film (MP4)", made.content, f"{name}.mp4", "video/mp4", key=f"{key}_mp4", type="primary",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    else:
        st.button(
            "Make a film (MP4)", key=f"{key}_film", icon=":material/movie:", on_click=_start,
            args=(clip, view, title, asked), help="With sound, as it looks now; speed 1, without the delay of speakers",
        )  # fmt: skip
        if made is not None:
            st.caption(page.plain(f"The last attempt failed: {made.fault}"))


def _start(clip: PlayedClip, view: PlayerView, title: str, asked: str) -> None:
    run_cache.film_maker().start(asked, scene_of(clip, view, title), sound_of(clip))


@st.fragment(run_every=1.0)
def _progress(asked: str) -> None:
    made = run_cache.film_maker().state(asked)
    if made is None or not made.running:
        st.rerun()
    st.progress(min(1.0, made.done / made.total), text=_said(made))


def _said(made: Filming) -> str:
    return WAITING if made.begun_s is None else describe("Drawing", made.done, made.total, made.elapsed_s)


def _film_key(clip: PlayedClip, view: PlayerView, title: str) -> str:
    """Changes with anything that the film shows; the moment at which the player stands is not among it."""
    names = {"mode", "unit", "percentile", "score", "opacity", "stretch"}
    maps = [(each.name, each.levels.tobytes()) for each in shown_maps(clip, view)]
    parts = [part for name, content in maps for part in (name, content)]
    media = (clip.picture or clip.video or b"", clip.sound or b"")
    return digest(clip.id, title, view.model_dump_json(include=names), *parts, *media)
