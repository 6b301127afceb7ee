"""Log magnitude spectrogram of about five seconds of sound, mean subtracted: 257 bands x 500 frames.

See, Hear and Read, section 3.5: "a 500 x 257 signal, which can be interpreted as 257 channels over 500 time steps", and
section 2: "the only pre-processing we do on the sound is to extract the spectrogram [...] and subtract the mean".
257 bands are an FFT of 512; 500 steps of about five seconds are a hop of 10 ms. What the paper leaves open is ours:

- 16 kHz, so that the hop is 160 samples; a periodic Hann window as long as the FFT (32 ms).
- Logarithm to the base of 10, so that a value of 1 is 20 dB and spectrograms vary about as much as normalised pictures.
- A floor 80 dB below the largest magnitude, not an absolute one: what is heard does not depend on the recording level.
- A clip that is too short is followed by silence, and what is subtracted is the mean of all of that: a recording that
  somebody padded with zeros is the same as the recording without them.
- A clip that is too long is heard in its middle, as the readers of videos take the part around theirs.
- One mean for each clip. A mean of each band over the training set is all but the same to the first convolution, whose
  bias can hold it, but would have to be kept beside every run: it is the option `mean="training"`.

`torch.stft` is as fast on one thread as the fastest blocks of `scipy.fft`: benchmarks/front_ends.py.
"""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
import scipy.signal
import torch
from jaxtyping import Float
from pydantic import BaseModel, Field, model_validator
from torch import Tensor

from xmodal.data.decode import resampled
from xmodal.data.sample import Waveform
from xmodal.features.framing import audible, mean_of, stretch

DECIBELS = 20.0
"""Of one unit of a spectrogram: a factor of ten in magnitude."""


class Spectrogram(BaseModel, frozen=True, extra="forbid"):
    """What a spectrogram is made with."""

    rate_hz: int = Field(default=16_000, gt=0)
    """Sample rate that sound is brought to."""
    window: Literal["hann", "hamming"] = "hann"
    """Shape of the window (periodic)."""
    window_samples: int = Field(default=512, gt=1)
    """Its length, 32 ms: it is centred in the transform."""
    hop_samples: int = Field(default=160, gt=0)
    """From one frame to the next: 10 ms. Beyond the window's length, sound between the windows is not heard."""
    fft_samples: int = Field(default=512, gt=1, multiple_of=2)
    """Length of the transform; it has half as many bands and one more."""
    frames: int = Field(default=500, gt=0)
    """Frames of every spectrogram; the first is centred on the first sample."""
    top_db: float = Field(default=80.0, gt=0.0, le=200.0)
    """What is more than this below the largest magnitude is as silence."""
    mean: Literal["clip", "bands", "training"] = "clip"
    """What is subtracted: the clip's mean, the mean of each band in the clip (which takes the colour of a steady sound
    away), or the mean of each band over the training set."""
    cut: Literal["middle", "start"] = "middle"
    """Which part of a longer clip is heard."""

    @model_validator(mode="after")
    def _fits(self) -> "Spectrogram":
        if self.window_samples > self.fft_samples:
            raise ValueError(f"window of {self.window_samples} samples does not fit an FFT of {self.fft_samples}")
        return self

    @property
    def bands(self) -> int:
        """From 0 Hz to half the rate, equally spaced."""
        return self.fft_samples // 2 + 1

    @property
    def silence(self) -> float:
        """Lowest value before the mean is subtracted; the highest is 0."""
        return -self.top_db / DECIBELS

    @property
    def duration_s(self) -> float:
        """Time from the first frame to the one after the last."""
        return self.frames * self.hop_samples / self.rate_hz


DEFAULT = Spectrogram()


def spectrogram_of(
    waveform: Waveform, options: Spectrogram = DEFAULT, band_means: Float[np.ndarray, "bands"] | None = None
) -> Float[np.ndarray, "bands frames"]:
    """Log magnitude of a sound of any rate and length, mean subtracted (See, Hear and Read, section 3.5).

    Args:
        waveform: What is heard; an empty one is silence.
        options: How.
        band_means: Of the training set (`band_means_of`), if they are what `options.mean` subtracts.

    Returns:
        float32, 1 is 20 dB, in [-top_db / 20, top_db / 20]. Silence is 0 everywhere if the clip's mean is subtracted.

    Raises:
        ValueError: samples that are not finite numbers or too large to be squared; training means asked for and not
            given, or of another number of bands.
    """
    found = log_magnitude(waveform, options)
    if options.mean == "training":
        if band_means is None or band_means.shape != (options.bands,):
            raise ValueError(f"a mean of the training set for each of the {options.bands} bands is needed")
        found -= band_means.astype(np.float32)[:, None]
    else:
        found -= found.mean() if options.mean == "clip" else found.mean(axis=1, keepdims=True)
    return found


def log_magnitude(waveform: Waveform, options: Spectrogram = DEFAULT) -> Float[np.ndarray, "bands frames"]:
    """The same before the mean is subtracted: float32 in [-top_db / 20, 0], 0 is the largest magnitude in the frames.

    An offset of the samples is a sound of 0 Hz, in the lowest two bands, and not taken away.

    Raises:
        ValueError: samples that are not finite numbers or too large to be squared.
    """
    samples, centre = _heard(waveform, options)
    start = centre - options.fft_samples // 2
    last = start + (options.frames - 1) * options.hop_samples + options.fft_samples
    power = _power(stretch(samples, np.float32(0.0), start, last), options)
    loudest = float(power.numpy().max())  # many times faster than torch's
    if not audible(loudest):
        return np.full((options.bands, options.frames), options.silence, np.float32)
    decades = power.div_(loudest).log_().mul_(0.5 / math.log(10.0))  # torch's log is faster than its log10
    return decades.clamp_(options.silence, 0.0).numpy()


def heard_s(waveform: Waveform, options: Spectrogram = DEFAULT) -> tuple[float, float]:
    """Which part of a sound its spectrogram shows: centre of the first frame, and of the one that would come after
    the last (beyond the sound's end if it is short)."""
    start_s = _first_frame(waveform, options) * options.hop_samples / options.rate_hz
    return start_s, start_s + options.duration_s


def band_means_of(waveforms: Iterable[Waveform], options: Spectrogram = DEFAULT) -> Float[np.ndarray, "bands"]:
    """Mean of each band over the frames of a training set, float32, for `mean="training"`.

    Raises:
        ValueError: no sound, or one that has no spectrogram.
    """
    total, count = np.zeros(options.bands, np.float64), 0
    for waveform in waveforms:
        total += log_magnitude(waveform, options).mean(axis=1, dtype=np.float64)
        count += 1
    if not count:
        raise ValueError("the mean of a training set needs at least one sound")
    return (total / count).astype(np.float32)


def batch(spectrograms: Sequence[Float[np.ndarray, "bands frames"]]) -> Float[Tensor, "items bands frames"]:
    """Spectrograms of the same options as one tensor, float32.

    Raises:
        ValueError: no spectrogram.
    """
    if not spectrograms:
        raise ValueError("a batch needs at least one spectrogram")
    together = np.empty((len(spectrograms), *spectrograms[0].shape), np.float32)
    for place, spectrogram in enumerate(spectrograms):
        together[place] = spectrogram
    return torch.from_numpy(together)


def _heard(waveform: Waveform, options: Spectrogram) -> tuple[Float[np.ndarray, "samples"], int]:
    """Samples at the rate of the options, and on which of them the first frame is centred.

    Only the part under the frames is resampled, with as much around it as the filter reaches, so that an hour costs
    no more than five seconds.

    Raises:
        ValueError: samples that are not finite numbers, also where they are not heard.
    """
    mean_of(waveform.samples)  # whose check is wanted
    up, down = _ratio(waveform, options)
    centre = _first_frame(waveform, options) * options.hop_samples
    reach = 2 + 10 * max(up, down) // up  # of scipy's resample_poly: ten periods of the slower rate
    before = (centre - options.fft_samples // 2) * down // up - reach
    after = (centre + options.frames * options.hop_samples + options.fft_samples) * down // up + reach
    first = max(0, before // down * down)  # a multiple, so that the part has the samples that the whole would have
    part = Waveform(waveform.samples[first : max(after, first)], waveform.rate_hz)
    return resampled(part, options.rate_hz).samples, centre - first // down * up


def _first_frame(waveform: Waveform, options: Spectrogram) -> int:
    """Which frame of the whole sound is the first of its spectrogram."""
    if options.cut == "start":
        return 0
    up, down = _ratio(waveform, options)
    frames = 1 + -(-waveform.samples.size * up // down) // options.hop_samples
    return max(0, frames - options.frames) // 2


def _ratio(waveform: Waveform, options: Spectrogram) -> tuple[int, int]:
    """By how much a sound's rate is multiplied and then divided."""
    common = math.gcd(waveform.rate_hz, options.rate_hz)
    return options.rate_hz // common, waveform.rate_hz // common


def _power(samples: Float[np.ndarray, "stretch_samples"], options: Spectrogram) -> Float[Tensor, "bands frames"]:
    """Squared magnitude of each frame of exactly the samples under the frames."""
    spectrum = torch.stft(
        torch.from_numpy(samples),
        options.fft_samples,
        options.hop_samples,
        window=_window(options),
        center=False,
        return_complex=True,
    )
    real, imaginary = torch.view_as_real(spectrum).unbind(-1)
    return torch.addcmul(real * real, imaginary, imaginary)


@lru_cache(maxsize=32)
def _window(options: Spectrogram) -> Float[Tensor, "fft_samples"]:
    """The window, centred in zeros."""
    window = np.zeros(options.fft_samples, np.float32)
    start = (options.fft_samples - options.window_samples) // 2
    window[start : start + options.window_samples] = scipy.signal.get_window(options.window, options.window_samples)
    return torch.from_numpy(window)
