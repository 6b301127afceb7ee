"""Sound in the frequency domain: responses, noise of any colour, filtering and convolution, all on float32 vectors."""

from collections.abc import Callable, Sequence

import numpy as np
import scipy.fft
from jaxtyping import Float

RESPONSE_POINTS = 1024
"""About how many frequencies a response is evaluated at before it is interpolated onto a spectrum."""

Response = Callable[[np.ndarray], np.ndarray]
"""Frequencies (Hz) -> magnitudes, both of one shape."""


def curve(*points: tuple[float, float]) -> Response:
    """A response through (Hz, dB) points: straight lines in decibels over the logarithm of frequency."""
    knots = np.log2([hz for hz, _ in points])
    levels = np.array([db for _, db in points])

    def response(frequency_hz: np.ndarray) -> np.ndarray:
        return 10.0 ** (np.interp(np.log2(np.maximum(frequency_hz, 1.0)), knots, levels) / 20.0)

    return response


def formants(*peaks: tuple[float, float, float], floor_db: float = -50.0) -> Response:
    """A response with resonances (centre Hz, width Hz at -3 dB, height dB) over a flat floor."""

    def response(frequency_hz: np.ndarray) -> np.ndarray:
        total = np.full(frequency_hz.shape, 10.0 ** (floor_db / 20.0))
        for centre_hz, width_hz, height_db in peaks:
            offset = (frequency_hz - centre_hz) / (0.5 * width_hz)
            total += 10.0 ** (height_db / 20.0) / np.sqrt(1.0 + offset**2)
        return total

    return response


def _magnitudes(bins: int, rate_hz: int, responses: Sequence[Response]) -> np.ndarray:
    """The product of the responses on `bins` frequencies from 0 to half the rate; 0 Hz is silenced."""
    stride = -(-bins // RESPONSE_POINTS)
    grid = np.arange(-(-bins // stride) + 1) * (stride * 0.5 * rate_hz / max(bins - 1, 1))
    total = np.ones(len(grid))
    for response in responses:
        total = total * response(grid)
    knots = total.astype(np.float32)
    # Straight lines between the knots, all at once.
    between = np.arange(stride, dtype=np.float32) / np.float32(stride)
    magnitudes = (knots[:-1, None] + np.diff(knots)[:, None] * between[None, :]).reshape(-1)[:bins]
    magnitudes[0] = 0.0
    return magnitudes


def forward(signal: np.ndarray, size: int) -> np.ndarray:
    """Spectrum (complex64) of the signal padded to that size."""
    return np.asarray(scipy.fft.rfft(signal.astype(np.float32), size))


def inverse(spectrum: np.ndarray, size: int) -> np.ndarray:
    """The signal (float32) of that size."""
    return np.asarray(scipy.fft.irfft(spectrum, size))


def fast_size(count: int) -> int:
    """The next length whose transform is fast."""
    return int(scipy.fft.next_fast_len(count, real=True) or count)


def shaped(signal: Float[np.ndarray, "samples"], rate_hz: int, *responses: Response) -> Float[np.ndarray, "samples"]:
    """The signal through the responses (zero phase, circular: signals that fade at both ends)."""
    size = fast_size(len(signal))
    spectrum = forward(signal, size)
    spectrum *= _magnitudes(len(spectrum), rate_hz, responses)
    return inverse(spectrum, size)[: len(signal)]


_CIRCLE = np.exp(2j * np.pi * np.arange(256) / 256.0).astype(np.complex64)


def noise(
    generator: np.random.Generator, count: int, rate_hz: int, *responses: Response
) -> Float[np.ndarray, "samples"]:
    """Stationary noise with that spectrum and unit root mean square: even magnitudes, random phases.

    Many such components within any short frame make it Gaussian there, at a third of the cost of filtering samples.
    """
    size = fast_size(max(count, 16))
    phases = generator.integers(0, 256, size // 2 + 1, dtype=np.uint8)
    spectrum = _CIRCLE[phases] * _magnitudes(size // 2 + 1, rate_hz, responses)
    signal = inverse(spectrum, size)[:count]
    return signal / np.float32(root_mean_square(signal) + 1e-12)


def root_mean_square(signal: np.ndarray) -> float:
    """Root mean square."""
    return float(np.sqrt(np.dot(signal, signal) / len(signal)))


def ringing(
    excitation: Float[np.ndarray, "samples"], kernel: Float[np.ndarray, "kernel"]
) -> Float[np.ndarray, "samples"]:
    """The excitation convolved with a kernel, cut to the excitation's length."""
    size = fast_size(len(excitation) + len(kernel) - 1)
    return inverse(forward(excitation, size) * forward(kernel, size), size)[: len(excitation)]
