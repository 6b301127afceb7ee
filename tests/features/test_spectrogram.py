"""The spectrogram is what scipy and librosa have at the same options, and defined for every sound."""

import tracemalloc
import warnings
from pathlib import Path

import librosa
import numpy as np
import pytest
import scipy.signal
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from jaxtyping import Float
from pydantic import ValidationError

from xmodal.data.sample import Waveform
from xmodal.features.log_mel import at_rate
from xmodal.features.spectrogram import (
    Spectrogram,
    band_means_of,
    batch,
    heard_s,
    log_magnitude,
    spectrogram_of,
)

RATE_HZ = 16_000
COMPACT = Spectrogram(fft_samples=256, window_samples=256, hop_samples=320, frames=250)
OTHERS = (
    Spectrogram(),
    COMPACT,
    Spectrogram(window="hamming", window_samples=400, top_db=60.0, frames=120),
    Spectrogram(rate_hz=8000, fft_samples=256, window_samples=256, frames=40, top_db=100.0),
)


def noise(samples: int, *, seed: int = 0, scale: float = 0.1, rate_hz: int = RATE_HZ) -> Waveform:
    made = np.random.default_rng(seed).standard_normal(samples) * scale
    return Waveform(made.astype(np.float32), rate_hz)


def by_librosa(
    samples: Float[np.ndarray, "samples"], options: Spectrogram, first: int = 0
) -> Float[np.ndarray, "bands frames"]:
    """Frames from `first` on of the clip and the silence after it, in float64."""
    whole = np.append(samples.astype(np.float64), np.zeros(options.frames * options.hop_samples + options.fft_samples))
    magnitude = np.abs(
        librosa.stft(
            whole,
            n_fft=options.fft_samples,
            hop_length=options.hop_samples,
            win_length=options.window_samples,
            window=options.window,
            pad_mode="constant",
        )
    )[:, first : first + options.frames]
    decibels = librosa.amplitude_to_db(magnitude, ref=np.max, amin=1e-12, top_db=options.top_db)
    return decibels / 20.0


def apart(one: np.ndarray, other: np.ndarray) -> float:
    assert one.shape == other.shape
    return float(np.abs(one - other).max())


def check_as_librosa(samples: Float[np.ndarray, "samples"], options: Spectrogram) -> None:
    """Within 0.001 dB down to -60 dB, within 0.05 dB below, where the transform's single precision ends."""
    expected = by_librosa(samples, options)
    found = log_magnitude(Waveform(samples, options.rate_hz), options)
    assert found.dtype == np.float32
    assert found.shape == expected.shape == (options.bands, options.frames)
    off_db = 20.0 * np.abs(found - expected)
    assert off_db.max() < 0.05
    assert off_db[expected > -3.0].max() < 0.001


@pytest.mark.parametrize("options", OTHERS)
def test_it_is_as_librosa_has_it(options: Spectrogram) -> None:
    clip = noise(options.frames * options.hop_samples * 3 // 4).samples
    steps = np.linspace(1.0, 1e-3, clip.size, dtype=np.float32)  # some of it below, some above the floor
    check_as_librosa(clip * steps + np.float32(0.2), options)


def test_it_is_as_scipy_has_it() -> None:
    clip = noise(5 * RATE_HZ).samples
    transform = scipy.signal.ShortTimeFFT(np.hanning(513)[:-1], 160, RATE_HZ)
    magnitude = np.abs(transform.stft(clip, p0=0, p1=500))
    expected = np.log10(np.maximum(magnitude / magnitude.max(), 1e-4))
    assert np.abs(log_magnitude(Waveform(clip, RATE_HZ)) - expected).max() < 1e-3


def test_the_paper_s_sound_is_500_x_257() -> None:
    found = spectrogram_of(noise(5 * RATE_HZ))
    assert found.shape == (257, 500)
    assert Spectrogram().duration_s == 5.0
    assert spectrogram_of(noise(5 * RATE_HZ), COMPACT).shape == (129, 250)
    assert COMPACT.duration_s == 5.0


def test_recordings_are_as_librosa_has_them(realdata: Path) -> None:
    paths = sorted((realdata / "esc10").rglob("*.ogg"))[::20][:3] + sorted((realdata / "fsdd").rglob("*.wav"))[:2]
    assert len(paths) == 5
    for path in paths:
        samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        clip = at_rate(Waveform(samples.mean(axis=1), rate_hz), RATE_HZ)[: 4 * RATE_HZ]
        check_as_librosa(clip, Spectrogram())


def test_the_mean_that_is_subtracted() -> None:
    clip = noise(40_000)
    plain = log_magnitude(clip)
    assert apart(spectrogram_of(clip), plain - plain.mean()) < 1e-5
    bands = spectrogram_of(clip, Spectrogram(mean="bands"))
    assert apart(bands, plain - plain.mean(axis=1)[:, None]) < 1e-5
    assert np.abs(spectrogram_of(clip).mean()) < 1e-5
    assert np.abs(bands.mean(axis=1)).max() < 1e-5


def test_means_of_a_training_set() -> None:
    options = Spectrogram(mean="training", frames=50)
    clips = [noise(8000, seed=seed, scale=0.1 * (seed + 1)) for seed in range(3)]
    means = band_means_of(iter(clips), options)
    assert means.shape == (257,)
    together = np.concatenate([spectrogram_of(clip, options, means) for clip in clips], axis=1)
    assert np.abs(together.mean(axis=1)).max() < 1e-5
    for wrong in (None, means[:-1]):
        with pytest.raises(ValueError, match="for each of the 257 bands"):
            spectrogram_of(clips[0], options, wrong)
    with pytest.raises(ValueError, match="at least one sound"):
        band_means_of([], options)


def test_how_loud_it_was_recorded_does_not_matter() -> None:
    clip = noise(30_000)
    for factor in (1e-3, 8.0):
        louder = Waveform(clip.samples * np.float32(factor), RATE_HZ)
        assert apart(spectrogram_of(louder), spectrogram_of(clip)) < 2e-3


@pytest.mark.parametrize("samples", [1, 160, 300, 16_000, 79_000])
def test_a_short_clip_is_followed_by_silence(samples: int) -> None:
    clip = noise(samples, seed=samples).samples
    alone = spectrogram_of(Waveform(clip, RATE_HZ))
    padded = Waveform(np.append(clip, np.zeros(5 * RATE_HZ - samples, np.float32)), RATE_HZ)
    assert np.array_equal(alone, spectrogram_of(padded))
    touched = -(-(samples + 256) // 160)
    assert np.ptp(alone[:, touched:]) == 0.0
    assert alone[0, -1] == alone.min()


def test_a_click_is_where_it_is() -> None:
    clip = np.zeros(5 * RATE_HZ, np.float32)
    clip[32_000:32_160] = noise(160).samples
    found = log_magnitude(Waveform(clip, RATE_HZ))
    assert abs(int(found.mean(axis=0).argmax()) - 200) <= 1
    assert set(np.unique(found[:, :198])) == set(np.unique(found[:, 204:])) == {-4.0}
    short = spectrogram_of(noise(160))
    assert np.isfinite(short).all()
    assert short.max() > 3.0


@pytest.mark.parametrize("options", OTHERS)
@pytest.mark.parametrize("rate_hz", [RATE_HZ, 44_100])
def test_a_long_recording_is_heard_in_its_middle_or_from_its_start(options: Spectrogram, rate_hz: int) -> None:
    clip = noise(17 * rate_hz + 77, rate_hz=rate_hz)
    whole = at_rate(clip, options.rate_hz)
    frames = 1 + whole.size // options.hop_samples
    first = (frames - options.frames) // 2
    for cut, begins in (("middle", first), ("start", 0)):
        chosen = options.model_copy(update={"cut": cut})
        found = log_magnitude(clip, chosen)
        assert apart(found, by_librosa(whole, options, begins)) < 3e-3
        start_s, end_s = heard_s(clip, chosen)
        assert start_s == begins * options.hop_samples / options.rate_hz
        assert end_s == pytest.approx(start_s + options.duration_s)


def test_a_long_recording_costs_no_more_than_its_middle() -> None:
    long = Waveform(np.full(600 * 44_100, 0.25, np.float32), 44_100)
    spectrogram_of(noise(44_100, rate_hz=44_100))
    tracemalloc.start()
    found = spectrogram_of(long)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.shape == (257, 500)
    assert peak_bytes < long.samples.nbytes / 10


@settings(max_examples=30, deadline=None)
@given(
    samples=st.integers(0, 30_000),
    rate_hz=st.sampled_from([4000, 8000, 11_025, 16_000, 22_050, 44_100, 48_000, 384_000]),
    scale=st.sampled_from([0.0, 1e-12, 1e-6, 1e-4, 1.0, 1000.0]),
    mean=st.sampled_from(["clip", "bands"]),
)
def test_every_sound_has_finite_values_in_range(samples: int, rate_hz: int, scale: float, mean: str) -> None:
    options = Spectrogram.model_validate({"frames": 40, "mean": mean})
    found = spectrogram_of(noise(samples, scale=scale, rate_hz=rate_hz), options)
    assert found.shape == (257, 40)
    assert np.abs(found).max() <= 4.0
    assert np.isfinite(found.astype(np.float16)).all()


@pytest.mark.parametrize("scale", [0.0, 1e-8])
@pytest.mark.parametrize("samples", [0, 1, 160, 90_000, 1_000_000])
def test_silence_is_zero_everywhere(samples: int, scale: float) -> None:
    silent = noise(samples, scale=scale)
    assert set(np.unique(spectrogram_of(silent))) == {0.0}
    assert set(np.unique(log_magnitude(silent))) == {-4.0}


def test_an_offset_is_in_the_lowest_two_bands() -> None:
    found = log_magnitude(Waveform(np.full(90_000, 0.3, np.float32), RATE_HZ))
    assert np.abs(found[0]).max() < 1e-3
    assert set(np.unique(found[2:])) == {-4.0}


@pytest.mark.parametrize("rate_hz", [RATE_HZ, 44_100])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_samples_that_are_not_finite_are_refused_wherever_they_are(bad: float, rate_hz: int) -> None:
    clip = noise(20 * rate_hz, rate_hz=rate_hz)
    clip.samples[[7, 10 * rate_hz]] = bad
    with pytest.raises(ValueError, match=r"^sound holds 2 samples that are not finite numbers$"):
        spectrogram_of(clip)


@pytest.mark.parametrize("scale", [1e25, 1e37])
def test_samples_too_large_to_square_are_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="too loud to be measured"):
        spectrogram_of(noise(2000, scale=scale))


def test_its_input_is_left_as_it_was() -> None:
    clip = noise(90_000)
    before = clip.samples.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spectrogram_of(clip)
    assert np.array_equal(clip.samples, before)


def test_a_batch() -> None:
    clips = [spectrogram_of(noise(samples)) for samples in (160, 90_000)]
    together = batch(clips)
    assert tuple(together.shape) == (2, 257, 500)
    assert together.is_contiguous()
    assert np.array_equal(together[1].numpy(), clips[1])
    assert np.array_equal(batch([clip.astype(np.float16) for clip in clips])[0].numpy(), clips[0].astype(np.float16))
    with pytest.raises(ValueError, match="at least one"):
        batch([])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"window_samples": 513}, "does not fit an FFT"),
        ({"fft_samples": 511}, "multiple of 2"),
        ({"frames": 0}, "greater than 0"),
        ({"hop": 3}, "Extra inputs"),
    ],
)
def test_options_that_make_no_sense_are_refused(wrong: dict[str, int], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Spectrogram.model_validate(wrong)


def test_options_survive_json() -> None:
    for options in OTHERS:
        assert Spectrogram.model_validate_json(options.model_dump_json()) == options
