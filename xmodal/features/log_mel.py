"""Log-mel spectrogram of speech: 40 bands, 25 ms windows every 10 ms, in dB below the clip's own maximum.

matchmaps section 4.2 gives the bands, window, hop, mean removal and pre-emphasis; what it leaves open (FFT length,
symmetric window, mel scale and its limits, reference and range of the decibels) is as in the authors' released code.
Power of one clip equals `librosa.feature.melspectrogram` of the emphasised samples at the same options.

One clip is one thread's work: blocks of frames stay in its cache, so batches of clips run in parallel, not together.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
import scipy.fft
import torch
from jaxtyping import Float, Int
from pydantic import BaseModel, Field, model_validator
from torch import Tensor

from xmodal.data.decode import resampled
from xmodal.data.sample import Waveform
from xmodal.features.framing import SMALLEST_POWER, audible, mean_of, stretch

_BLOCK_FRAMES = 256
"""Frames at once: about 1 MB of windowed samples and spectrum, the size of a core's own cache."""


class LogMel(BaseModel, frozen=True, extra="forbid"):
    """What a spectrogram is made with; the defaults are matchmaps section 4.2 and the released code."""

    rate_hz: int = Field(default=16_000, gt=0)
    """Sample rate of the sound it is given."""
    window_samples: int = Field(default=400, gt=1)
    """Length of the symmetric Hamming window: 25 ms."""
    hop_samples: int = Field(default=160, gt=0)
    """From one frame to the next: 10 ms."""
    fft_samples: int = Field(default=400, gt=1, multiple_of=2)
    """Length of the transform; the window is centred in it."""
    bands: int = Field(default=40, gt=0)
    """Mel bands (Slaney's scale, each band of unit area)."""
    low_hz: float = Field(default=20.0, ge=0.0)
    """Lower edge of the lowest band."""
    high_hz: float = 8000.0
    """Upper edge of the highest band."""
    pre_emphasis: float = Field(default=0.97, ge=0.0, le=1.0)
    """Each sample has this much of the one before it taken away."""
    top_db: float = Field(default=80.0, gt=0.0)
    """Range: values are in [-top_db, 0]."""
    pad_db: float = Field(default=-80.0, le=0.0)
    """What `batch` writes after the end of a clip. The released code writes 0, which is its loudest value."""
    silence: Literal["floor", "released"] = "floor"
    """A clip with nothing to hear: all at -top_db, or all 0 dB, the loudest value, as the released code has it."""

    @model_validator(mode="after")
    def _fits(self) -> "LogMel":
        if self.window_samples > self.fft_samples:
            raise ValueError(f"window of {self.window_samples} samples does not fit an FFT of {self.fft_samples}")
        if not self.low_hz < self.high_hz <= self.rate_hz / 2:
            raise ValueError(f"bands from {self.low_hz} to {self.high_hz} Hz do not fit a rate of {self.rate_hz} Hz")
        return self


DEFAULT = LogMel()
RELEASED = LogMel(pad_db=0.0, silence="released")
"""As the authors' checkpoints were trained: padding and silence are 0 dB."""


def frames_of(samples_count: int, options: LogMel = DEFAULT) -> int:
    """Frames of a clip: one at each hop, the first centred on the first sample; 10 s have 1001."""
    return 1 + samples_count // options.hop_samples


def frame_centre_s(frame: int, options: LogMel = DEFAULT) -> float:
    """Time in the clip that `frame` is centred on."""
    return frame * options.hop_samples / options.rate_hz


def frame_at(time_s: float, options: LogMel = DEFAULT) -> int:
    """The frame whose centre is nearest to a time (at or after 0 s; it may lie beyond the clip's end)."""
    return max(0, round(time_s * options.rate_hz / options.hop_samples))


def at_rate(waveform: Waveform, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """The samples of a sound at another rate (polyphase filter, linear phase)."""
    return resampled(waveform, rate_hz).samples


def log_mel_of(waveform: Waveform, options: LogMel = DEFAULT) -> Float[np.ndarray, "bands frames"]:
    """`log_mel` of a sound of any rate."""
    return log_mel(at_rate(waveform, options.rate_hz), options)


def log_mel(samples: Float[np.ndarray, "samples"], options: LogMel = DEFAULT) -> Float[np.ndarray, "bands frames"]:
    """Log-mel spectrogram of mono sound at `options.rate_hz` (matchmaps section 4.2).

    Mean removed, pre-emphasis, centred frames with zeros beyond the clip, power, mel bands, 10 log10 against the
    clip's own maximum. A clip shorter than a window has its frames too; an empty one is one frame of silence.

    Returns:
        float32 dB in [-top_db, 0]. Against float64, power is right to 1e-4 of itself down to -60 dB and to 1e-3
        below, where single precision of the transform ends.

    Raises:
        ValueError: samples that are not finite numbers, or too large to be squared.
    """
    frames = frames_of(samples.size, options)
    power = np.empty((options.bands, frames), np.float32)
    mean = mean_of(samples)
    with np.errstate(over="ignore", invalid="ignore"):  # the check below speaks for what overflows
        for first in range(0, frames, _BLOCK_FRAMES):
            last = min(first + _BLOCK_FRAMES, frames)
            _band_power(_emphasised(samples, mean, (first, last), options), options, power[:, first:last])
        loudest = float(power.max())
    if not audible(loudest):
        power.fill(0.0 if options.silence == "released" else -options.top_db)
        return power
    return _decibels(power, loudest, options.top_db)


def batch(
    spectrograms: Sequence[Float[np.ndarray, "bands _"]],
    options: LogMel = DEFAULT,
    most_frames: int = 2048,
    *,
    fewest_frames: int = 1,
) -> tuple[Float[Tensor, "items bands frames"], Int[Tensor, "items"]]:
    """Spectrograms of several lengths as one tensor, and how many frames of each are its own.

    Each is padded on the right with `options.pad_db` to the longest of them, or to `fewest_frames` if that is more,
    and cut to `most_frames`. The released code has 2048 for both, whatever the lengths.

    Raises:
        ValueError: no spectrogram.
    """
    if not spectrograms:
        raise ValueError("a batch needs at least one spectrogram")
    lengths = [min(spectrogram.shape[1], most_frames) for spectrogram in spectrograms]
    shape = (len(spectrograms), spectrograms[0].shape[0], min(max(*lengths, fewest_frames), most_frames))
    padded = np.full(shape, options.pad_db, np.float32)
    for row, spectrogram, length in zip(padded, spectrograms, lengths, strict=True):
        row[:, :length] = spectrogram[:, :length]
    return torch.from_numpy(padded), torch.tensor(lengths, dtype=torch.int64)


def _emphasised(
    samples: Float[np.ndarray, "samples"], mean: np.float32, frames: tuple[int, int], options: LogMel
) -> Float[np.ndarray, "block_samples"]:
    """The samples under frames [first, last), less the clip's mean, after pre-emphasis; zeros beyond the clip."""
    first = frames[0] * options.hop_samples - options.fft_samples // 2
    last = (frames[1] - 1) * options.hop_samples + options.fft_samples // 2
    centred = stretch(samples, mean, first - 1, last)
    emphasised = centred[:-1] * np.float32(-options.pre_emphasis)
    emphasised += centred[1:]
    emphasised[max(0, samples.size - first) :] = 0.0
    return emphasised


def _band_power(
    samples: Float[np.ndarray, "block_samples"], options: LogMel, out: Float[np.ndarray, "bands block_frames"]
) -> None:
    """Mel power of each frame of a block of samples, written to `out`."""
    window, bins, weights = _tables(options)
    step = samples.itemsize
    overlapping = np.ndarray(
        (out.shape[1], options.fft_samples), np.float32, samples, strides=(options.hop_samples * step, step)
    )
    # real and imaginary parts side by side, squared in place: numpy's own |.|^2 takes a square root first
    parts = np.asarray(scipy.fft.rfft(overlapping * window, overwrite_x=True)).view(np.float32)
    parts *= parts
    np.matmul(weights, (parts[:, ::2] + parts[:, 1::2])[:, bins].T, out=out)


def _decibels(
    power: Float[np.ndarray, "bands frames"], loudest: float, top_db: float
) -> Float[np.ndarray, "bands frames"]:
    """10 log10(power / loudest), at least -top_db, in place."""
    np.maximum(power, SMALLEST_POWER, out=power)
    np.log(power, out=power)
    power -= np.float32(np.log(loudest))
    power *= np.float32(10.0 / np.log(10.0))
    return np.clip(power, -top_db, 0.0, out=power)


@lru_cache(maxsize=32)
def _tables(
    options: LogMel,
) -> tuple[Float[np.ndarray, "fft_samples"], slice, Float[np.ndarray, "bands used_bins"]]:
    """The window, the bins that any band has weight in, and the weights of those."""
    window = np.zeros(options.fft_samples, np.float32)
    start = (options.fft_samples - options.window_samples) // 2
    window[start : start + options.window_samples] = np.hamming(options.window_samples)
    weights = mel_weights(options)
    used = np.flatnonzero(weights.any(axis=0))
    bins = slice(int(used[0]), int(used[-1]) + 1) if used.size else slice(0, 1)
    return window, bins, np.ascontiguousarray(weights[:, bins])


def mel_weights(options: LogMel = DEFAULT) -> Float[np.ndarray, "bands bins"]:
    """Triangular bands over the bins of the transform, each of unit area over hertz; float32.

    A band narrower than the bins are apart may have no weight: its power is 0.
    """
    edges_hz = _band_edges_hz(options)
    bins_hz = np.arange(options.fft_samples // 2 + 1) * (options.rate_hz / options.fft_samples)
    low, centre, high = (edges_hz[start : start + options.bands, None] for start in range(3))
    rising, falling = (bins_hz - low) / (centre - low), (high - bins_hz) / (high - centre)
    return (np.maximum(0.0, np.minimum(rising, falling)) * (2.0 / (high - low))).astype(np.float32)


def band_centres_hz(options: LogMel = DEFAULT) -> Float[np.ndarray, "bands"]:
    """Where each band has its peak."""
    return _band_edges_hz(options)[1:-1]


def _band_edges_hz(options: LogMel) -> Float[np.ndarray, "edges"]:
    """Edges and peaks of the triangles: equally spaced in mel, bands + 2 of them."""
    low_mel, high_mel = _mel(options.low_hz), _mel(options.high_hz)
    mels = np.linspace(low_mel, high_mel, options.bands + 2)
    linear_hz = mels * _HZ_PER_MEL
    return np.where(mels < _KNEE_MEL, linear_hz, _KNEE_HZ * np.exp((mels - _KNEE_MEL) * _LOG_STEP))


# Slaney, Auditory Toolbox (1998): three mels in 200 Hz up to 1 kHz, then 27 mels in a factor of 6.4
_HZ_PER_MEL = 200.0 / 3.0
_KNEE_HZ = 1000.0
_KNEE_MEL = _KNEE_HZ / _HZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27.0


def _mel(hz: float) -> float:
    """Slaney's mel scale."""
    return hz / _HZ_PER_MEL if hz < _KNEE_HZ else _KNEE_MEL + float(np.log(hz / _KNEE_HZ)) / _LOG_STEP
