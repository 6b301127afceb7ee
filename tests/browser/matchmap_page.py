"""A page with one matchmap player: a real item of the world, and maps whose every frame is known."""

from dataclasses import replace

import numpy as np
import streamlit as st
from jaxtyping import Float

from xmodal.data import encode, load
from xmodal.data.loudness import evened
from xmodal.data.media import Rendered
from xmodal.data.sample import LabelMap, Waveform, Word
from xmodal.data.world.catalog import DEFAULT, live_sample, scene_of, with_words
from xmodal.figures.score_map import Cover, ScoreMap, score_map
from xmodal.modality import Modality
from xmodal.seeding import stream
from xmodal.ui.matchmap_player import PlayerView, matchmap_player
from xmodal.ui.played_clip import PlayedClip, Things, text_words
from xmodal.ui.views import videos
from xmodal.ui.views.spectrogram import spectrogram

ITEM = 3
STEP_S = 0.02
CELLS = 14
WIDTH = 0.12  # of the bump, as a fraction of the picture; a string here would be shown on the page


def bumps(places: Float[np.ndarray, "frames 2"], heights: Float[np.ndarray, "frames"]) -> Float[np.ndarray, "f r c"]:
    """One round bump per frame, centred at (x, y) as fractions of the picture."""
    grid = (np.arange(CELLS) + 0.5) / CELLS
    across = np.exp(-(((grid - places[:, :1]) / WIDTH) ** 2))
    down = np.exp(-(((grid - places[:, 1:]) / WIDTH) ** 2))
    return 300.0 * heights[:, None, None] * down[:, :, None] * across[:, None, :]


def moving(duration_s: float) -> ScoreMap:
    """From left to right at constant speed: at time t the bump is at x = t / duration."""
    times_s = np.arange(STEP_S / 2, duration_s, STEP_S)
    places = np.stack([times_s / duration_s, np.full_like(times_s, 0.5)], axis=1)
    return score_map("Matchmap", bumps(places, np.ones_like(times_s)), first_s=STEP_S / 2, step_s=STEP_S)


def pointing(words: tuple[Word, ...], things: Things, duration_s: float) -> ScoreMap:
    """Each word that names something lights it up."""
    times_s = np.arange(STEP_S / 2, duration_s, STEP_S)
    found = np.zeros((times_s.size, CELLS, CELLS)) + stream(0, "hum").uniform(0, 20, (times_s.size, CELLS, CELLS))
    rows, cols = things.labels.shape
    for word, numbers in zip(words, things.named, strict=True):
        rise = np.exp(-((np.maximum(0, np.abs(times_s - (word.start_s + word.end_s) / 2) - 0.15) / 0.12) ** 2))
        for number in numbers:
            down, across = np.nonzero(things.labels == number)
            centre = np.array([[across.mean() / cols, down.mean() / rows]]).repeat(times_s.size, axis=0)
            found = np.maximum(found, bumps(centre, rise))
    return score_map("Matchmap", found, first_s=STEP_S / 2, step_s=STEP_S)


def controls(shown: ScoreMap) -> tuple[ScoreMap, ...]:
    """The mean map, the map of another sound, and noise."""
    scores = shown.low + shown.levels / 255.0 * (shown.high - shown.low)
    noise = stream(0, "untrained").uniform(-3.0, 3.0, (40, CELLS, CELLS))
    return (
        score_map("Mean map", scores.mean(axis=0, keepdims=True), first_s=1.0, step_s=1.0),
        score_map("Shuffled pair", scores[::-1].copy(), first_s=shown.first_s, step_s=shown.step_s),
        score_map("Untrained", noise, first_s=0.05, step_s=0.1),
    )


def things_of(truth: LabelMap, words: tuple[Word, ...]) -> Things:
    names = truth.instance_names
    numbers = {name: tuple(at for at, each in enumerate(names, start=1) if each == name) for name in names}
    return Things(truth.instances.astype(np.uint8), names, tuple(numbers.get(word.text, ()) for word in words))


@st.cache_data
def clip_of(kind: str) -> PlayedClip:
    sample = live_sample(DEFAULT, ITEM)
    picture = encode.jpeg(load.picture(sample, Modality.IMAGE))
    if kind == "video":
        duration_s = load.clip(sample).frames.shape[0] / 8.0
        sounds = spectrogram(sample, Modality.SOUND).content
        return PlayedClip(
            "video", "video", duration_s, (moving(duration_s),), Modality.SOUND,
            video=videos.video(sample, Modality.VIDEO).content, spectrogram=sounds, spectrogram_s=5.0,
        )  # fmt: skip
    if kind == "text":
        words = text_words(tuple("a brown dog beside the old red boat".split()))
        places = np.stack([(np.arange(8) + 0.5) / 8, np.full(8, 0.5)], axis=1)
        shown = score_map("Matchmap", bumps(places, np.ones(8)), first_s=0.5, step_s=1.0)
        return PlayedClip("text", "text", 8.0, (shown,), Modality.TEXT, picture=picture, words=words)
    entry = sample.media[Modality.IMAGE]
    assert isinstance(entry, Rendered)
    sample, sound = with_words(sample, *scene_of(entry.arguments()))
    truth = load.label_map(sample)
    assert truth is not None
    things = things_of(truth, sample.truth.words)
    shown = moving(sound.duration_s) if kind == "picture" else pointing(sample.truth.words, things, sound.duration_s)
    if kind == "cropped":
        shown = ScoreMap("Matchmap", shown.levels, 0.0, 300.0, STEP_S / 2, STEP_S, Cover(0.125, 0.1, 0.75, 0.8))
    return PlayedClip(
        kind, "picture", sound.duration_s, (shown, *controls(shown)), Modality.SPEECH,
        picture=picture, sound=encode.wav(Waveform(evened(sound.samples), sound.rate_hz)),
        spectrogram=spectrogram(sample, Modality.SPEECH).content, words=sample.truth.words, things=things,
        description="A made-up scene",
    )  # fmt: skip


st.set_page_config(layout="wide")
st.title("What lights up when?")
asked = st.query_params
opening = PlayerView(time_s=1.0, mode="heat", place=(0.5, 0.5, 0.1, 0.1)) if "opening" in asked else None
view = PlayerView()
clip = clip_of(asked.get("clip", "picture"))
if st.toggle("Other maps"):
    clip = replace(clip, maps=clip.maps[2:0:-1])
if st.toggle("Shown", value=True):
    view = matchmap_player(clip, key="player", opening=opening)
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.code(view.model_dump_json(), language=None)
st.caption(f"runs: {st.session_state['runs']}")
