"""Building blocks of every synthetic sound: oscillators, voices, resonators, impacts, rhythms and envelopes.

All signals are float32 vectors of samples. Nothing loops over samples in Python: voices read a one-period table, and
struck or plucked things are sums of damped modes, which two small matrix products evaluate at any length.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from jaxtyping import Float, Int32

from xmodal.data.world.sounds.spectra import Response, inverse, ringing, root_mean_square, shaped

TABLE_SIZE = 2048
"""Entries of one period in the oscillator's table: reading the nearest one leaves an error below -60 dB."""


class SoundMaker(Protocol):
    """A pure function from a generator to one individual's sound."""

    def __call__(
        self, generator: np.random.Generator, *, duration_s: float, rate_hz: int
    ) -> Float[np.ndarray, "samples"]:
        """`round(duration_s * rate_hz)` samples with a peak of 1 and no offset; every draw is another individual."""
        ...


def sample_count(duration_s: float, rate_hz: int) -> int:
    """Samples in that time, at least one."""
    return max(1, round(duration_s * rate_hz))


def log_uniform(generator: np.random.Generator, low: float, high: float) -> float:
    """A positive number whose logarithm is uniform: for pitches, rates and decays, whose scale is a ratio."""
    return float(low * (high / low) ** generator.random())


def normalised(signal: Float[np.ndarray, "samples"]) -> Float[np.ndarray, "samples"]:
    """Without offset and with a peak of 1; silence stays silence."""
    centred = np.asarray(signal, dtype=np.float32)
    centred = centred - centred.mean()
    peak = max(float(centred.max()), -float(centred.min()))
    return centred / np.float32(peak) if peak > 0.0 else centred


def oscillator(
    frequency_hz: Float[np.ndarray, "samples"],
    amplitudes: Float[np.ndarray, "harmonics"],
    *,
    rate_hz: int,
    phases: Float[np.ndarray, "harmonics"] | None = None,
) -> Float[np.ndarray, "samples"]:
    """Harmonics of a moving pitch, read from a table of one period; those that would pass half the rate are dropped."""
    highest = int(0.5 * rate_hz / max(float(frequency_hz.max()), 1.0))
    kept = min(len(amplitudes), highest, TABLE_SIZE // 2 - 1)
    spectrum = np.zeros(TABLE_SIZE // 2 + 1, dtype=np.complex64)
    spectrum[1 : kept + 1] = amplitudes[:kept] * (1.0 if phases is None else np.exp(1j * phases[:kept]))
    table = inverse(spectrum, TABLE_SIZE) * np.float32(TABLE_SIZE / 2)
    return table.take(_entries(frequency_hz * np.float32(TABLE_SIZE / rate_hz)))


_STEPS = np.arange(1, 9, dtype=np.float32)
# The integral of a pitch that is straight from one eighth sample to the next.
_INTEGRAL = np.stack([np.ones_like(_STEPS), _STEPS, _STEPS**2 / np.float32(2 * len(_STEPS))])


def _entries(speed: Float[np.ndarray, "samples"]) -> Int32[np.ndarray, "samples"]:
    """The table's entry at each sample, given its speed (entries a sample), of which every eighth value is used."""
    every = speed[:: len(_STEPS)]
    # Columns: the turns before each eighth sample, the speed there and its change until the next.
    state = np.zeros((len(every), 3), dtype=np.float32)
    state[:, 1] = every
    state[:-1, 2] = every[1:] - every[:-1]
    gone = np.cumsum(len(_STEPS) * (state[:-1, 1] + 0.5 * state[:-1, 2]), dtype=np.float64)
    state[1:, 0] = gone % TABLE_SIZE
    turns = (state @ _INTEGRAL).reshape(-1)[: len(speed)].astype(np.int32)
    turns &= TABLE_SIZE - 1
    return turns


def voice(
    generator: np.random.Generator,
    pitch_hz: Float[np.ndarray, "samples"],
    rate_hz: int,
    *,
    response: Response,
    slope_db: float = -9.0,
    breath: float = 0.05,
) -> Float[np.ndarray, "samples"]:
    """A source with that pitch and spectral slope (dB an octave) plus breath noise, through a vocal tract.

    `breath` is the noise's level over the source's. The result is as long as the pitch and has unit power.
    """
    source = oscillator(pitch_hz, tilt(80, slope_db), rate_hz=rate_hz, phases=generator.random(80) * 2.0 * np.pi)
    # Uniform numbers within +-sqrt(3) times that level have that level.
    air = (2.0 * generator.random(len(source), dtype=np.float32) - 1.0) * np.float32(
        1.732 * breath * root_mean_square(source)
    )
    spoken = shaped(source + air, rate_hz, response)
    return spoken / np.float32(root_mean_square(spoken) + 1e-9)


def tilt(harmonics: int, slope_db: float) -> Float[np.ndarray, "harmonics"]:
    """Amplitudes of the first harmonics, falling (negative slope) by that many decibels an octave."""
    return np.arange(1, harmonics + 1, dtype=np.float64) ** (slope_db / 6.02)


def _powers(base: np.ndarray, count: int) -> np.ndarray:
    """Powers 0 to count - 1 of each base, bases x powers, by repeated products: far cheaper than exponentials."""
    steps = np.repeat(base[:, None], count, axis=1)
    steps[:, 0] = 1.0
    return np.cumprod(steps, axis=1)


def modes(
    count: int,
    rate_hz: int,
    *,
    frequency_hz: Float[np.ndarray, "modes"],
    decay_s: Float[np.ndarray, "modes"],
    gain: Float[np.ndarray, "modes"],
) -> Float[np.ndarray, "samples"]:
    """A sum of damped sines: what a struck bell, bar or plate does. Decay is the time constant of the amplitude.

    Sample b + B a of a mode is z^(B a) z^b, so all modes and samples are one product of two thin matrices.
    """
    audible = frequency_hz < 0.5 * rate_hz
    pole = -1.0 / (decay_s[audible] * rate_hz) + 2j * np.pi * frequency_hz[audible] / rate_hz
    block = int(np.ceil(np.sqrt(count)))
    coarse = gain[audible] * _powers(np.exp(block * pole), -(-count // block)).T
    fine = _powers(np.exp(pole), block)
    left = np.concatenate([np.real(coarse), np.imag(coarse)], axis=1).astype(np.float32)
    right = np.concatenate([np.imag(fine), np.real(fine)], axis=0).astype(np.float32)
    return (left @ right).reshape(-1)[:count]


def pluck(
    generator: np.random.Generator, count: int, rate_hz: int, *, pitch_hz: float, brightness: float, ring_s: float
) -> Float[np.ndarray, "samples"]:
    """A plucked or struck string as the modal sum of a Karplus-Strong loop (Karplus and Strong 1983, section 4).

    Every harmonic decays as the loop's averaging filter would damp it (with the square of its number); the plucking
    point notches some. `brightness` in (0, 1] is the level kept from one octave of harmonics to the next.
    """
    number = np.arange(1, max(2, min(24, int(0.45 * rate_hz / pitch_hz))) + 1, dtype=np.float64)
    point = generator.uniform(0.08, 0.4)
    gain = np.sin(np.pi * number * point) * number ** (np.log2(brightness) - 0.3)
    stiffness = np.sqrt(1.0 + generator.uniform(0.5e-4, 4e-4) * number**2)
    decay_s = ring_s / (1.0 + 0.012 * number**2 / brightness)
    return modes(count, rate_hz, frequency_hz=pitch_hz * number * stiffness, decay_s=decay_s, gain=gain)


def beats(
    generator: np.random.Generator, duration_s: float, *, period_s: float, jitter: float, start_s: float = 0.0
) -> Float[np.ndarray, "events"]:
    """Times (s) of a pulse: intervals of that mean and relative deviation, none below a fifth of it; at least one."""
    expected = int(duration_s / period_s * 1.5) + 4
    steps = period_s * np.maximum(1.0 + jitter * generator.standard_normal(expected), 0.2)
    times = start_s + np.concatenate([[0.0], np.cumsum(steps)])
    inside = times[times < duration_s - 0.02]
    return inside if len(inside) else np.zeros(1)


def place(target: Float[np.ndarray, "samples"], grain: Float[np.ndarray, "grain"], at_s: float, rate_hz: int) -> None:
    """Add a grain into the target in place from that time on; what does not fit is cut.

    A time before the start counts as the start.
    """
    start = max(0, round(at_s * rate_hz))
    room = len(target) - start
    if room > 0:
        target[start : start + len(grain)] += grain[:room]


def repeated(
    times_s: Float[np.ndarray, "events"], call: Callable[[], np.ndarray], *, duration_s: float, rate_hz: int
) -> Float[np.ndarray, "samples"]:
    """One fresh call at each of those times, added up and normalised."""
    signal = np.zeros(sample_count(duration_s, rate_hz), dtype=np.float32)
    for at_s in times_s:
        place(signal, call(), float(at_s), rate_hz)
    return normalised(signal)


def clicks(
    count: int, rate_hz: int, times_s: Float[np.ndarray, "events"], weights: Float[np.ndarray, "events"]
) -> Float[np.ndarray, "samples"]:
    """Single-sample impulses of those weights: the excitation of an engine, a motor or a crackle."""
    signal = np.zeros(count, dtype=np.float32)
    index = np.round(times_s * rate_hz).astype(np.int64)
    inside = (index >= 0) & (index < count)
    np.add.at(signal, index[inside], weights[inside].astype(np.float32))
    return signal


def pulse_times(frequency_hz: Float[np.ndarray, "samples"], rate_hz: int) -> Float[np.ndarray, "events"]:
    """Times (s) at which a moving frequency begins its turns, the first at 0."""
    turns = np.cumsum(frequency_hz, dtype=np.float64) / rate_hz
    whole = np.arange(int(turns[-1]) + 1)
    return np.searchsorted(turns, whole) / rate_hz


def struck(
    count: int,
    rate_hz: int,
    *,
    times_s: Float[np.ndarray, "events"],
    weights: Float[np.ndarray, "events"],
    blow: Float[np.ndarray, "kernel"],
) -> Float[np.ndarray, "samples"]:
    """The same blow at each of those times with those weights; the cheaper of adding slices and convolving."""
    # In nanoseconds: a slice costs 2000 and 0.5 a sample, a convolution 10 a sample.
    if len(times_s) * (0.5 * len(blow) + 2000) > 10 * count:
        return ringing(clicks(count, rate_hz, times_s, weights), blow)
    signal = np.zeros(count + len(blow), dtype=np.float32)
    grain = blow.astype(np.float32)
    starts = np.clip(np.round(times_s * rate_hz), 0, count).astype(np.int64).tolist()
    for start, weight in zip(starts, weights.astype(np.float32), strict=True):
        signal[start : start + len(grain)] += weight * grain
    return signal[:count]
