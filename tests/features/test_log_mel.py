"""The spectrogram is what a loop over its definition gives, what librosa gives, and defined for every sound."""

import cmath
import math
import tracemalloc
import warnings
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from jaxtyping import Float
from pydantic import ValidationError
from scipy.signal import windows

from xmodal.data.sample import Waveform
from xmodal.data.world import catalog
from xmodal.data.world.compose import compose
from xmodal.features import log_mel as front_end
from xmodal.features.log_mel import (
    RELEASED,
    LogMel,
    at_rate,
    band_centres_hz,
    batch,
    frame_at,
    frame_centre_s,
    frames_of,
    log_mel,
    log_mel_of,
    mel_weights,
)
from xmodal.modality import Modality

SMALL = LogMel(rate_hz=4000, window_samples=25, hop_samples=10, fft_samples=32, bands=5, high_hz=2000.0, top_db=60.0)
OTHERS = (
    LogMel(),
    LogMel(pre_emphasis=0.0, bands=64, fft_samples=512, window_samples=480, hop_samples=128),
    LogMel(low_hz=0.0, high_hz=4000.0, bands=20, top_db=50.0),
)


def noise(samples: int, *, seed: int = 0, scale: float = 0.1) -> Float[np.ndarray, "samples"]:
    return (np.random.default_rng(seed).standard_normal(samples) * scale).astype(np.float32)


def slaney_mel(hz: float) -> float:
    return 3.0 * hz / 200.0 if hz < 1000.0 else 15.0 + 27.0 * math.log(hz / 1000.0) / math.log(6.4)


def slaney_hz(mel: float) -> float:
    return 200.0 * mel / 3.0 if mel < 15.0 else 1000.0 * 6.4 ** ((mel - 15.0) / 27.0)


def by_definition(samples: list[float], options: LogMel) -> list[list[float]]:
    """Bands x frames in dB, one number at a time in float64."""
    mean = sum(samples) / len(samples)
    centred = [value - mean for value in samples]
    spoken = [value - options.pre_emphasis * (centred[t - 1] if t else 0.0) for t, value in enumerate(centred)]
    size, offset = options.fft_samples, (options.fft_samples - options.window_samples) // 2
    window = [0.0] * size
    for n in range(options.window_samples):
        window[offset + n] = 0.54 - 0.46 * math.cos(2.0 * math.pi * n / (options.window_samples - 1))
    low, high = slaney_mel(options.low_hz), slaney_mel(options.high_hz)
    edges = [slaney_hz(low + (high - low) * k / (options.bands + 1)) for k in range(options.bands + 2)]
    table = [[0.0] * (1 + len(samples) // options.hop_samples) for _ in range(options.bands)]
    for frame in range(len(table[0])):
        start = frame * options.hop_samples - size // 2
        inside = [spoken[start + n] * window[n] if 0 <= start + n < len(spoken) else 0.0 for n in range(size)]
        for k in range(size // 2 + 1):
            power = abs(sum(x * cmath.exp(-2j * math.pi * k * n / size) for n, x in enumerate(inside))) ** 2
            hz = k * options.rate_hz / size
            for band in range(options.bands):
                left, peak, right = edges[band : band + 3]
                height = max(0.0, min((hz - left) / (peak - left), (right - hz) / (right - peak)))
                table[band][frame] += power * height * 2.0 / (right - left)
    top = max(max(row) for row in table)
    return [[max(10.0 * math.log10(max(x, 1e-10) / top), -options.top_db) for x in row] for row in table]


def by_librosa(samples: Float[np.ndarray, "samples"], options: LogMel) -> Float[np.ndarray, "bands frames"]:
    """Mel power (not yet in dB) as the released code computes it."""
    centred = samples - samples.mean(dtype=np.float64)
    emphasised = np.append(centred[:1], centred[1:] - options.pre_emphasis * centred[:-1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of clips shorter than a window
        return librosa.feature.melspectrogram(
            y=emphasised,
            sr=options.rate_hz,
            n_fft=options.fft_samples,
            hop_length=options.hop_samples,
            win_length=options.window_samples,
            window=windows.hamming,
            n_mels=options.bands,
            fmin=options.low_hz,
            fmax=options.high_hz,
        )


def check_as_librosa(samples: Float[np.ndarray, "samples"], options: LogMel) -> None:
    """Power within 1e-4 of itself down to -60 dB; within 1e-3 (0.004 dB) below, the end of single precision."""
    power = np.maximum(by_librosa(samples, options), 1e-10)
    expected = librosa.power_to_db(power, ref=np.max, top_db=options.top_db)
    found = log_mel(samples, options)
    assert found.dtype == np.float32
    assert found.shape == expected.shape
    off = np.abs(10.0 ** ((found - expected) / 10.0) - 1.0)
    assert off.max() < 1e-3
    assert off[expected > -60.0].max() < 1e-4


@pytest.mark.parametrize("samples", [2, 7, 25, 61])
def test_it_is_its_definition(samples: int) -> None:
    clip = noise(samples, seed=samples) + np.float32(0.05)
    expected = np.array(by_definition(clip.astype(np.float64).tolist(), SMALL))
    assert log_mel(clip, SMALL) == pytest.approx(expected, abs=2e-3)
    assert np.ptp(expected) > 5.0


def test_the_definition_holds_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    clip = noise(230, seed=3)
    expected = np.array(by_definition(clip.astype(np.float64).tolist(), SMALL))
    for frames in (1, 3, 23, 24):
        monkeypatch.setattr(front_end, "_BLOCK_FRAMES", frames)
        assert log_mel(clip, SMALL) == pytest.approx(expected, abs=2e-3)


@pytest.mark.parametrize("seconds", [0.02, 0.33, None])
def test_a_recording_is_as_librosa_has_it(realdata: Path, seconds: float | None) -> None:
    captions = sorted((realdata / "flickr8k" / "tts_audio").rglob("*.wav"))[:2]
    spoken = sorted((realdata / "speech_commands").rglob("*.wav"))[:4]
    assert captions and spoken
    for path in captions + spoken:
        samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        clip = at_rate(Waveform(samples.mean(axis=1), rate_hz), 16_000)
        middle = clip.size // 2
        check_as_librosa(clip if seconds is None else clip[middle : middle + int(seconds * 16_000)], LogMel())


@pytest.mark.parametrize("options", OTHERS)
def test_the_world_s_speech_is_as_librosa_has_it(options: LogMel) -> None:
    spec = catalog.DEFAULT
    speech = catalog.content(spec, compose(spec, 5), Modality.SPEECH, 64)
    assert isinstance(speech, Waveform)
    clip = at_rate(speech, options.rate_hz)
    check_as_librosa(clip, options)
    assert log_mel_of(speech, options) == pytest.approx(log_mel(clip, options))


@settings(max_examples=25, deadline=None)
@given(samples=st.integers(2, 90_000), offset=st.floats(-0.5, 0.5), seed=st.integers(0, 9))
def test_any_length_is_as_librosa_has_it(samples: int, offset: float, seed: int) -> None:
    clip = noise(samples, seed=seed) + np.float32(offset)
    assert log_mel(clip).shape[1] == frames_of(samples)
    check_as_librosa(clip, LogMel())


@settings(max_examples=40, deadline=None)
@given(samples=st.integers(0, 3000), scale=st.sampled_from([0.0, 1e-12, 1e-6, 1e-4, 1.0, 1000.0]))
def test_every_clip_has_finite_frames_in_range(samples: int, scale: float) -> None:
    for options in (LogMel(), RELEASED, SMALL):
        found = log_mel(noise(samples, scale=scale), options)
        assert found.shape == (options.bands, frames_of(samples, options))
        assert found.min() >= -options.top_db
        assert found.max() <= 0.0


@pytest.mark.parametrize("bands", [1, 40])
@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_any_kind_of_number_is_taken(kind: type, bands: int) -> None:
    clip = noise(4000).astype(kind)
    options = LogMel(bands=bands)
    assert log_mel(clip, options) == pytest.approx(log_mel(clip.astype(np.float32), options), abs=1e-3)
    assert log_mel(np.repeat(clip, 2)[::2], options) == pytest.approx(log_mel(clip, options))


def test_its_input_is_left_as_it_was() -> None:
    clip = noise(5000)
    before = clip.copy()
    log_mel(clip)
    assert np.array_equal(clip, before)


@pytest.mark.parametrize("clip", [np.zeros(0), np.zeros(1), np.ones(1), np.zeros(9000), np.full(9000, 0.3)])
def test_silence_is_the_lowest_value_or_as_released(clip: Float[np.ndarray, "samples"]) -> None:
    quiet = clip.astype(np.float32)
    assert set(np.unique(log_mel(quiet))) == {-80.0}
    assert set(np.unique(log_mel(quiet, LogMel(top_db=50.0)))) == {-50.0}
    released = log_mel(quiet, RELEASED)
    assert set(np.unique(released)) == {0.0}
    assert released.shape == (40, frames_of(clip.size))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_samples_that_are_not_finite_are_refused(bad: float) -> None:
    clip = noise(2000)
    clip[[7, 1999]] = bad
    with pytest.raises(ValueError, match=r"^sound holds 2 samples that are not finite numbers$"):
        log_mel(clip)


@pytest.mark.parametrize("scale", [1e25, 1e37])
def test_samples_too_large_to_square_are_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="too loud to be measured"):
        log_mel(noise(2000, scale=scale))


def test_ten_minutes_take_no_more_than_their_output_and_a_block() -> None:
    clip = noise(600 * 16_000)
    log_mel(clip[:100])
    tracemalloc.start()
    found = log_mel(clip)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.shape == (40, 60_001)
    assert peak_bytes < 1.5 * found.nbytes
    part = log_mel(clip[4_000_000:4_016_000])
    assert np.ptp(found[9:, 25_002:25_098] - part[9:, 2:98]) < 0.02


def test_bands_are_those_of_librosa() -> None:
    for options in OTHERS:
        expected = librosa.filters.mel(
            sr=options.rate_hz,
            n_fft=options.fft_samples,
            n_mels=options.bands,
            fmin=options.low_hz,
            fmax=options.high_hz,
        )
        assert mel_weights(options) == pytest.approx(expected, abs=1e-7)
    centres = librosa.mel_frequencies(42, fmin=20.0, fmax=8000.0)[1:-1]
    assert band_centres_hz() == pytest.approx(centres)


def test_a_tone_is_in_its_band_and_its_frame() -> None:
    time_s = np.arange(32_000) / 16_000
    band = 25
    clip = np.where(np.abs(time_s - 1.2) < 0.05, np.sin(2 * np.pi * band_centres_hz()[band] * time_s), 0.0)
    found = log_mel(clip.astype(np.float32))
    loudest = found[band].argmax()
    assert found.max(axis=1).argmax() == band
    assert frame_centre_s(int(loudest)) == pytest.approx(1.2, abs=0.05)
    assert found[:, frame_at(1.0)].max() < -70.0 < found[band, frame_at(1.2)]


def test_frames_and_times_are_each_other_s_inverse() -> None:
    assert frames_of(160_000) == 1001
    assert [frames_of(samples) for samples in (0, 159, 160, 319, 320)] == [1, 1, 2, 2, 3]
    assert frame_centre_s(100) == 1.0
    assert all(frame_at(frame_centre_s(frame, SMALL), SMALL) == frame for frame in range(3000))
    assert frame_at(-3.0) == 0


def test_other_rates_become_the_rate_asked_for() -> None:
    time_s = np.arange(44_100) / 44_100
    sound = Waveform(np.sin(2 * np.pi * 440.0 * time_s).astype(np.float32), 44_100)
    found = at_rate(sound, 16_000)
    assert found.dtype == np.float32
    assert found.size == 16_000
    expected = np.sin(2 * np.pi * 440.0 * np.arange(16_000) / 16_000)
    assert found[200:-200] == pytest.approx(expected[200:-200], abs=2e-3)
    assert np.array_equal(at_rate(sound, 44_100), sound.samples)
    assert log_mel_of(sound).shape == (40, 101)


def test_a_batch_pads_with_silence_and_cuts() -> None:
    clips = [log_mel(noise(samples)) for samples in (160, 1600, 4800)]
    padded, lengths = batch(clips, LogMel(), most_frames=20)
    assert lengths.tolist() == [2, 11, 20]
    assert tuple(padded.shape) == (3, 40, 20)
    for row, clip, length in zip(padded.numpy(), clips, lengths.tolist(), strict=True):
        assert np.array_equal(row[:, :length], clip[:, :length])
        assert (row[:, length:] == -80.0).all()
    assert batch(clips)[0].shape[2] == 31
    assert batch(clips[:1], fewest_frames=16)[0].shape[2] == 16


def test_a_batch_as_released_has_2048_frames_and_zeros() -> None:
    clip = log_mel(noise(1600), RELEASED)
    padded, lengths = batch([clip, clip], RELEASED, fewest_frames=2048)
    assert tuple(padded.shape) == (2, 40, 2048)
    assert lengths.tolist() == [11, 11]
    assert (padded[:, :, 11:] == 0.0).all()
    with pytest.raises(ValueError, match="at least one"):
        batch([])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"window_samples": 512}, "does not fit an FFT"),
        ({"high_hz": 9000.0}, "do not fit a rate"),
        ({"low_hz": 8000.0}, "do not fit a rate"),
        ({"fft_samples": 401}, "multiple of 2"),
        ({"hop": 3}, "Extra inputs"),
    ],
)
def test_options_that_make_no_sense_are_refused(wrong: dict[str, float], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        LogMel.model_validate(wrong)


def test_options_survive_json() -> None:
    for options in (*OTHERS, RELEASED, SMALL):
        assert LogMel.model_validate_json(options.model_dump_json()) == options
