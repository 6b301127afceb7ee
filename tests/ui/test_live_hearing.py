"""A few seconds of sound at a time: the frames are those of the whole recording as far as enough sound follows them."""

import math

import numpy as np
import pytest

from xmodal.analysis.matchmaps import matchmap_of, sound_of
from xmodal.analysis.scored import Matchmap
from xmodal.data import load
from xmodal.data.decode import resampled
from xmodal.data.sample import Waveform
from xmodal.data.world.catalog import DEFAULT, live_sample
from xmodal.modality import Modality
from xmodal.ui.live_room import Heard
from xmodal.ui.networks import live
from xmodal.ui.networks.live import LivePicture, look_at, loudest_dbfs, to_grid
from xmodal.ui.networks.trained import RunKey, load_run, runs
from xmodal.workspace import VARIABLE

ITEM = 3
BUFFER_S = 3.0  # what the page sends
STEP_S = 0.25


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> LivePicture:
    """A picture of the world as a shipped network that listens to speech sees it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(tmp_path_factory.mktemp("workspace")))
        keys = [key for key in runs() if isinstance(key, RunKey) and key.caption is Modality.SPEECH]
        picture = load.picture(live_sample(DEFAULT, ITEM), Modality.IMAGE, size_px=512)
        return look_at(load_run(keys[0]), picture, "A scene")


@pytest.fixture(scope="module")
def spoken() -> Waveform:
    """What is said about that picture."""
    return load.waveform(live_sample(DEFAULT, ITEM), Modality.SPEECH)


@pytest.fixture(scope="module")
def whole(shipped: LivePicture, spoken: Waveform) -> Matchmap:
    """The map that the player shows."""
    caption = sound_of(shipped.model, spoken, shipped.options)
    hop_s = shipped.options.hop_samples / shipped.options.rate_hz
    return matchmap_of(shipped.model, shipped.seen, caption, hop_s=hop_s)


def part(sound: Waveform, start_s: float, end_s: float) -> Waveform:
    return Waveform(sound.samples[round(start_s * sound.rate_hz) : round(end_s * sound.rate_hz)], sound.rate_hz)


def inner(found: Heard, whole: Matchmap) -> np.ndarray:
    """Its frames without the cells that were repeated over the rim, which are the first row's and column's or last."""
    rows, cols, _ = whole.scores.shape
    top = round((whole.row_centres[0] - found.cover.top) / (found.cover.height / found.scores.shape[1]) - 0.5)
    left = round((whole.col_centres[0] - found.cover.left) / (found.cover.width / found.scores.shape[2]) - 0.5)
    return found.scores[:, top : top + rows, left : left + cols]


def test_a_buffer_with_the_whole_recording_is_what_the_player_shows(
    shipped: LivePicture, spoken: Waveform, whole: Matchmap
) -> None:
    heard = shipped.hear(spoken, start_s=0.0)
    frames = heard.scores.shape[0]
    times_s = heard.first_s + heard.step_s * np.arange(frames)
    np.testing.assert_allclose(times_s, whole.times_s[-frames:], atol=1e-9)
    assert times_s[0] == pytest.approx(spoken.duration_s - live.SHOWN_S, abs=heard.step_s)
    np.testing.assert_allclose(inner(heard, whole), np.moveaxis(whole.scores[:, :, -frames:], 2, 0), atol=1e-4)
    assert not heard.silent


def test_streamed_in_steps_the_frames_become_those_of_the_player(
    shipped: LivePicture, spoken: Waveform, whole: Matchmap
) -> None:
    alike: dict[bool, list[float]] = {False: [], True: []}
    step_s = float(whole.times_s[1] - whole.times_s[0])
    for end_s in np.arange(1.0, spoken.duration_s, STEP_S):
        start_s = max(0.0, end_s - BUFFER_S)
        heard = shipped.hear(part(spoken, start_s, end_s), start_s=start_s)
        assert heard.first_s >= end_s - live.SHOWN_S - 1e-6
        for frame, scores in enumerate(inner(heard, whole)):
            time_s = heard.first_s + frame * heard.step_s
            number = round(time_s / step_s)
            assert time_s == pytest.approx(number * step_s, abs=1e-4)  # all buffers share one grid of times
            if number < whole.times_s.size:
                likeness = np.corrcoef(scores.ravel(), whole.scores[:, :, number].ravel())[0, 1]
                alike[bool(end_s - time_s >= 0.9)].append(float(likeness))
    assert len(alike[True]) >= 10
    assert np.mean(alike[True]) > 0.6, alike
    assert np.mean(alike[True]) > np.mean(alike[False]) + 0.1, alike


def test_a_microphone_of_another_rate_is_heard_alike(shipped: LivePicture, spoken: Waveform) -> None:
    own = shipped.hear(part(spoken, 0.5, 3.0), start_s=0.5)
    other = shipped.hear(resampled(part(spoken, 0.5, 3.0), 48_000), start_s=0.5)
    assert other.first_s == pytest.approx(own.first_s, abs=1e-3)
    assert np.corrcoef(own.scores.ravel(), other.scores.ravel())[0, 1] > 0.95


def test_silence_and_a_constant_are_silent(shipped: LivePicture) -> None:
    rate_hz = shipped.options.rate_hz
    for samples in (np.zeros(rate_hz), np.full(rate_hz, 0.2), 1e-4 * np.sin(np.arange(rate_hz))):
        heard = shipped.hear(Waveform(samples.astype(np.float32), rate_hz), start_s=0.0)
        assert heard.silent
        assert np.isfinite(heard.scores).all()
    late = np.zeros(3 * rate_hz, np.float32)
    late[:8000] = 0.1 * np.sin(np.arange(8000))
    assert shipped.hear(Waveform(late, rate_hz), start_s=0.0).silent  # what sounded is no longer shown


@pytest.mark.parametrize("seconds", [0.0, 0.05])
def test_next_to_nothing_is_refused(shipped: LivePicture, seconds: float) -> None:
    rate_hz = shipped.options.rate_hz
    with pytest.raises(ValueError, match="at least"):
        shipped.hear(Waveform(np.ones(round(seconds * rate_hz), np.float32), rate_hz), start_s=0.0)


def test_the_next_frame_of_the_grid() -> None:
    assert [to_grid(start_s, 2560, 16_000) for start_s in (0.0, 0.16, 0.25, 100.0)] == [0, 0, 1120, 0]


def test_loudness() -> None:
    wave = np.sqrt(2.0) * 0.1 * np.sin(2 * np.pi * 400 * np.arange(16_000) / 16_000).astype(np.float32)
    assert loudest_dbfs(wave, 16_000) == pytest.approx(-20.0, abs=0.01)
    assert loudest_dbfs(np.zeros(16_000, np.float32), 16_000) == -math.inf
    assert loudest_dbfs(np.zeros(3, np.float32), 16_000) == -math.inf
