"""Sound in the frequency domain: responses, noise of any colour, filtering and convolution, all on float32 vectors."""

from collections.abc import Callable

import numpy as np
import scipy.fft
from jaxtyping import Float

RESPONSE_POINTS = 1024
"""About how many frequencies a response is evaluated at before it is interpolated onto a spectrum."""

Response = Callable[[np.ndarray], np.ndarray]
"""Frequencies (Hz) -> magnitudes, both of one shape."""


_NEPERS = np.log(10.0) / 20.0
"""Natural logarithm of the ratio that one decibel is."""

ROWS = 4
"""Long signals are transformed in that many rows at once: pocketfft computes four in the time of one."""
LONG = 8192
"""Samples from which that is worth its seams."""
_SEAM = 512
_SEAM_RISE = np.sin(np.linspace(0.0, 0.5 * np.pi, _SEAM)).astype(np.float32)
_MARGIN = 1024
"""Samples by which the rows of a filtered signal overlap: responses have died away there (40 Hz wide: by 50 dB)."""


def curve(*points: tuple[float, float]) -> Response:
    """A response through (Hz, dB) points: straight lines in decibels over the logarithm of frequency."""
    knots = np.log2([hz for hz, _ in points])
    levels = np.array([db for _, db in points])

    def response(frequency_hz: np.ndarray) -> np.ndarray:
        return np.exp(np.interp(np.log2(np.maximum(frequency_hz, 1.0)), knots, levels) * _NEPERS)

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


def magnitudes(bins: int, rate_hz: int, *responses: Response) -> Float[np.ndarray, "bins"]:
    """The product of the responses on `bins` frequencies from 0 to half the rate; 0 Hz is silenced."""
    stride = -(-bins // RESPONSE_POINTS)
    grid = np.arange(-(-bins // stride) + 1) * (stride * 0.5 * rate_hz / max(bins - 1, 1))
    total = np.ones(len(grid))
    for response in responses:
        total = total * response(grid)
    knots = total.astype(np.float32)
    # Straight lines between the knots, all at once.
    between = np.arange(stride, dtype=np.float32) / np.float32(stride)
    filled = (knots[:-1, None] + (knots[1:] - knots[:-1])[:, None] * between).reshape(-1)[:bins]
    filled[0] = 0.0
    return filled


def forward(signal: np.ndarray, size: int) -> np.ndarray:
    """Spectrum (complex64) of the signal, or of each row of signals, padded to that size."""
    return np.asarray(scipy.fft.rfft(signal.astype(np.float32, copy=False), size))


def inverse(spectrum: np.ndarray, size: int) -> np.ndarray:
    """The signal (float32) of that size, or the rows of signals."""
    return np.asarray(scipy.fft.irfft(spectrum, size))


def fast_size(count: int) -> int:
    """The next length whose transform is fast."""
    return int(scipy.fft.next_fast_len(count, real=True) or count)


def shaped(signal: Float[np.ndarray, "samples"], rate_hz: int, *responses: Response) -> Float[np.ndarray, "samples"]:
    """The signal through the responses (zero phase, circular if short: signals that fade at both ends)."""
    if len(signal) < 2 * LONG:
        size = fast_size(len(signal))
        spectrum = forward(signal, size)
        spectrum *= magnitudes(len(spectrum), rate_hz, *responses)
        return inverse(spectrum, size)[: len(signal)]
    step = -(-len(signal) // ROWS)
    size = fast_size(step + 2 * _MARGIN)
    padded = np.zeros((ROWS - 1) * step + size, dtype=np.float32)
    padded[_MARGIN : _MARGIN + len(signal)] = signal
    spectra = forward(np.lib.stride_tricks.sliding_window_view(padded, size)[::step], size)
    spectra *= magnitudes(spectra.shape[1], rate_hz, *responses)
    return inverse(spectra, size)[:, _MARGIN : _MARGIN + step].reshape(-1)[: len(signal)]


_CIRCLE = np.exp(2j * np.pi * np.arange(256) / 256.0).astype(np.complex64)


def noise(
    generator: np.random.Generator, count: int, rate_hz: int, *responses: Response
) -> Float[np.ndarray, "samples"]:
    """Stationary noise with that spectrum and unit root mean square: even magnitudes, random phases.

    Many such components within any short frame make it Gaussian there, at a third of the cost of filtering samples.
    Long noise is made of rows that are independent of each other and keep their power where they cross.
    """
    rows = ROWS if count >= LONG else 1
    step = -(-count // rows)
    size = fast_size(max(step + (_SEAM if rows > 1 else 0), 16))
    phases = generator.integers(0, 256, (rows, size // 2 + 1), dtype=np.uint8)
    spectra = _CIRCLE.take(phases)
    spectra *= magnitudes(size // 2 + 1, rate_hz, *responses)
    pieces = inverse(spectra, size)
    if rows > 1:
        beyond = pieces[:-1, step : step + _SEAM] * _SEAM_RISE[::-1]
        pieces[1:, :_SEAM] = pieces[1:, :_SEAM] * _SEAM_RISE + beyond
    signal = pieces[:, :step].reshape(-1)[:count]
    return signal / np.float32(root_mean_square(signal) + 1e-12)


def root_mean_square(signal: np.ndarray) -> float:
    """Root mean square."""
    return float(np.sqrt(np.dot(signal, signal) / len(signal)))


def ringing(
    excitation: Float[np.ndarray, "samples"], kernel: Float[np.ndarray, "kernel"]
) -> Float[np.ndarray, "samples"]:
    """The excitation convolved with a kernel, cut to the excitation's length."""
    count, tail = len(excitation), len(kernel) - 1
    rows = ROWS if count >= max(LONG, ROWS * tail) else 1
    step = -(-count // rows)
    size = fast_size(step + tail)
    blocks = np.zeros((rows, step), dtype=np.float32)
    blocks.reshape(-1)[:count] = excitation
    heard = inverse(forward(blocks, size) * forward(kernel, size), size)
    heard[1:, :tail] += heard[:-1, step : step + tail]
    return heard[:, :step].reshape(-1)[:count]
