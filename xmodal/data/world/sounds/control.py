"""Slow curves that shape a sound: loudness, pitch and their wandering.

They are computed at every 16th sample (0.7 ms at 22.05 kHz) and drawn straight between: no ear and no spectrogram tells
them from curves computed at every sample, and they cost a tenth.
"""

import numpy as np
from jaxtyping import Float

STRIDE = 16
"""Samples from one computed value of a slow curve to the next."""

_BETWEEN = np.arange(STRIDE, dtype=np.float32) / np.float32(STRIDE)


def slow_times(count: int) -> Float[np.ndarray, "values"]:
    """The sample numbers at which a slow curve of `count` samples is computed; the last lies at or beyond its end."""
    return np.arange(0.0, count + STRIDE, STRIDE)


def stretched(values: Float[np.ndarray, "values"], count: int) -> Float[np.ndarray, "samples"]:
    """The slow curve through those values at `slow_times(count)`, straight between them."""
    knots = values.astype(np.float32)
    return (knots[:-1, None] + (knots[1:] - knots[:-1])[:, None] * _BETWEEN).reshape(-1)[:count]


def contour(count: int, *points: tuple[float, float]) -> Float[np.ndarray, "samples"]:
    """A path through (fraction of the length, value) points, straight between them."""
    where, values = zip(*points, strict=True)
    return stretched(np.interp(slow_times(count) / max(count - 1, 1), where, values), count)


def _wandering(
    generator: np.random.Generator, count: int, rate_hz: int, knots_hz: float, depth: float
) -> Float[np.ndarray, "values"]:
    knots = max(2, int(count / rate_hz * knots_hz) + 2)
    values = generator.standard_normal(knots) * depth
    return np.interp(slow_times(count) * ((knots - 1.0) / max(count - 1, 1)), np.arange(knots), values)


def drift(
    generator: np.random.Generator, count: int, rate_hz: int, *, knots_hz: float, depth: float
) -> Float[np.ndarray, "samples"]:
    """A wandering control signal: normal knots of that standard deviation, `knots_hz` of them a second."""
    return stretched(_wandering(generator, count, rate_hz, knots_hz, depth), count)


def swelling(
    generator: np.random.Generator, count: int, rate_hz: int, *, knots_hz: float, depth: float
) -> Float[np.ndarray, "samples"]:
    """A wandering loudness about 1: the exponential of a `drift`."""
    return stretched(np.exp(_wandering(generator, count, rate_hz, knots_hz, depth)), count)


def swing(count: int, rate_hz: int, frequency_hz: float, phase: float = 0.0) -> Float[np.ndarray, "samples"]:
    """A sine of at most some 100 Hz, for vibrato and tremolo, from that phase (radians) on."""
    return stretched(np.sin(slow_times(count) * (2.0 * np.pi * frequency_hz / rate_hz) + phase), count)


def decay(count: int, rate_hz: int, decay_s: float) -> Float[np.ndarray, "samples"]:
    """An exponential fall from 1 with that time constant, exact at every sample."""
    rate = -1.0 / (rate_hz * decay_s)
    coarse = np.exp(rate * STRIDE * np.arange(-(-count // STRIDE))).astype(np.float32)
    fine = np.exp(rate * np.arange(STRIDE)).astype(np.float32)
    return np.multiply.outer(coarse, fine).reshape(-1)[:count]


def strike(count: int, rate_hz: int, *, attack_s: float, decay_s: float) -> Float[np.ndarray, "samples"]:
    """A rise with that time constant and an exponential fall, peak near 1."""
    # What the rise lacks falls with the rate of both.
    return decay(count, rate_hz, decay_s) - decay(count, rate_hz, 1.0 / (1.0 / attack_s + 1.0 / decay_s))


def _smooth_rise(count: int, length: float) -> Float[np.ndarray, "rise"]:
    """The cubic from 0 to 1 over `length` samples, as far as it goes within `count`."""
    at = np.arange(min(count, int(length) + 1), dtype=np.float32) / np.float32(max(length, 1e-6))
    return at * at * (3.0 - 2.0 * at)


def bump(count: int, *, rise: float = 0.2, fall: float = 0.3) -> Float[np.ndarray, "samples"]:
    """One utterance's loudness: a smooth rise and fall (cubic) over those fractions, 1 between."""
    up, down = _smooth_rise(count, rise * (count - 1)), _smooth_rise(count, fall * (count - 1))
    signal = np.ones(count, dtype=np.float32)
    signal[: len(up)] = up
    signal[count - len(down) :] *= down[::-1]
    return signal
