"""A recording as a picture: time to the right, mel-spaced frequency upwards, level in decibels as magma colours."""

from functools import cache

import numpy as np
from jaxtyping import Float, UInt8

from xmodal.data.sample import Waveform

BANDS = 96
WINDOW_S = 0.025
HOP_S = 0.010
"""Window and hop of the papers' spectrograms (matchmaps section 4.2); long clips hop further."""
MAX_COLUMNS = 1200
RANGE_DB = 75.0
"""From the loudest band down to black."""
TOP_HZ = 11_025.0


def drawn(sound: Waveform) -> UInt8[np.ndarray, "bands columns 3"]:
    """`BANDS` rows, high frequencies on top, one column per hop, no axes."""
    return _magma()[np.round(mel_levels(sound)[::-1] * 255).astype(np.uint8)]


def mel_levels(sound: Waveform) -> Float[np.ndarray, "bands columns"]:
    """Levels from 0 (`RANGE_DB` below the loudest, or less) to 1 (the loudest), low bands first; all 0 if silent."""
    size = max(16, round(WINDOW_S * sound.rate_hz))
    hop = max(1, round(HOP_S * sound.rate_hz), -(-sound.samples.size // MAX_COLUMNS))
    padded = np.pad(sound.samples, (size // 2, size))
    columns = 1 + sound.samples.size // hop
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop][:columns]
    length = 2 ** int(np.ceil(np.log2(size)))
    power = np.square(np.abs(np.fft.rfft(frames * np.hanning(size), n=length, axis=1)))
    bands = power @ _filters(sound.rate_hz, length).T
    peak = float(bands.max(initial=0.0))
    if peak <= 1e-12:
        return np.zeros((BANDS, columns))
    decibels = 10.0 * np.log10(np.maximum(bands / peak, 1e-12))
    return np.clip(1.0 + decibels / RANGE_DB, 0.0, 1.0).T


@cache
def _filters(rate_hz: int, length: int) -> Float[np.ndarray, "bands bins"]:
    """Triangles, equally spaced in mel (O'Shaughnessy: 2595 log10(1 + f / 700)), each at least one bin wide."""
    top_hz = min(TOP_HZ, rate_hz / 2)
    mels = np.linspace(0.0, 2595.0 * np.log10(1.0 + top_hz / 700.0), BANDS + 2)
    edges_hz = 700.0 * (10.0 ** (mels / 2595.0) - 1.0)
    bins_hz = np.fft.rfftfreq(length, 1.0 / rate_hz)
    width_hz = bins_hz[1]
    left, centre, right = edges_hz[:-2, None], edges_hz[1:-1, None], edges_hz[2:, None]
    rising = (bins_hz - left) / np.maximum(centre - left, width_hz)
    falling = (right - bins_hz) / np.maximum(right - centre, width_hz)
    weights = np.clip(np.minimum(rising, falling), 0.0, None)
    empty = weights.sum(axis=1) == 0.0
    weights[empty, np.argmin(np.abs(bins_hz - centre[empty]), axis=1)] = 1.0
    return weights / weights.sum(axis=1, keepdims=True)


@cache
def _magma() -> UInt8[np.ndarray, "256 3"]:
    from matplotlib import colormaps

    return (colormaps["magma"](np.arange(256))[:, :3] * 255).round().astype(np.uint8)
