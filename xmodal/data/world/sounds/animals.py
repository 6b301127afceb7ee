"""The voices of mammals and frogs: source-filter calls whose pitch, tract and rhythm belong to one individual."""

import numpy as np
from jaxtyping import Float

from xmodal.data.world.sounds.control import bump, contour, drift, strike, swing
from xmodal.data.world.sounds.spectra import formants, noise, ringing
from xmodal.data.world.sounds.synthesis import (
    beats,
    clicks,
    log_uniform,
    normalised,
    oscillator,
    repeated,
    sample_count,
    tilt,
    voice,
)


def bark(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A dog: short, rough, arched barks between 80 and 300 ms, alone or in bouts; small dogs higher and faster."""
    smallness = generator.random()
    pitch_hz = log_uniform(generator, 220.0, 380.0) * 2.6**smallness
    tract = 1.0 + 0.9 * smallness
    length_s = log_uniform(generator, 0.12, 0.3) / (1.0 + 0.6 * smallness)
    rough, breath = generator.uniform(0.01, 0.10), log_uniform(generator, 0.03, 0.5)
    slope_db = generator.uniform(-10.0, -3.0)
    width_hz = log_uniform(generator, 120.0, 500.0)

    def call() -> np.ndarray:
        count = sample_count(length_s * generator.uniform(0.8, 1.25), rate_hz)
        arch = contour(count, (0.0, 0.65), (0.25, 1.0), (0.55, 0.95), (1.0, generator.uniform(0.45, 0.7)))
        pitch = pitch_hz * arch * generator.uniform(0.93, 1.07)
        pitch = pitch * (1.0 + drift(generator, count, rate_hz, knots_hz=400.0, depth=rough))
        response = formants(
            (620.0 * tract, width_hz, 0.0), (1150.0 * tract, 1.3 * width_hz, -3.0), (2600.0 * tract, 700.0, -18.0)
        )
        sound = voice(generator, pitch, rate_hz, response=response, slope_db=slope_db, breath=breath)
        return generator.uniform(0.6, 1.0) * sound * bump(count, rise=0.08, fall=0.6)

    gap_s = log_uniform(generator, 0.35, 1.8)
    times = beats(generator, duration_s, period_s=gap_s + length_s, jitter=generator.uniform(0.05, 0.4))
    if generator.random() < 0.4:
        second = times + length_s * generator.uniform(1.15, 1.6)
        times = np.sort(np.concatenate([times, second[second < duration_s - length_s]]))
    barks = repeated(times, call, duration_s=duration_s, rate_hz=rate_hz)
    if generator.random() < 0.5:
        return barks
    # Half of all dogs bark between walls.
    echo_s, echo = log_uniform(generator, 0.03, 0.25), log_uniform(generator, 0.03, 0.4)
    tail = sample_count(4.0 * echo_s, rate_hz)
    reflections = noise(generator, tail, rate_hz) * strike(tail, rate_hz, attack_s=0.005, decay_s=echo_s)
    kernel = echo * reflections / np.sqrt(np.sum(reflections**2))
    kernel[0] += 1.0
    return normalised(ringing(barks, kernel))


def meow(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A cat: mi-a-ow, an arch of pitch under a mouth that opens and closes."""
    pitch_hz = log_uniform(generator, 380.0, 850.0)
    length_s = generator.uniform(0.45, 1.1)
    peak_at = generator.uniform(0.25, 0.5)
    breath = generator.uniform(0.02, 0.12)

    def call() -> np.ndarray:
        count = sample_count(length_s * generator.uniform(0.8, 1.2), rate_hz)
        pitch = pitch_hz * contour(count, (0.0, 0.82), (peak_at, 1.12), (0.75, 0.95), (1.0, 0.7))
        pitch = pitch * (1.0 + drift(generator, count, rate_hz, knots_hz=25.0, depth=0.012))
        narrow = formants((700.0, 200.0, 0.0), (2900.0, 400.0, -6.0), (4200.0, 600.0, -14.0))
        wide = formants((1350.0, 300.0, 0.0), (2100.0, 350.0, -3.0), (4100.0, 600.0, -15.0))
        opening = contour(count, (0.0, 0.0), (peak_at, 1.0), (0.65, 0.9), (1.0, 0.1))
        closed = voice(generator, pitch, rate_hz, response=narrow, slope_db=-7.0, breath=breath)
        opened = voice(generator, pitch, rate_hz, response=wide, slope_db=-6.0, breath=breath)
        return (closed * (1.0 - opening) * 0.6 + opened * opening) * bump(count, rise=0.2, fall=0.35)

    times = beats(generator, duration_s, period_s=length_s + log_uniform(generator, 0.4, 1.5), jitter=0.2)
    return repeated(times, call, duration_s=duration_s, rate_hz=rate_hz)


def moo(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A cow: 1 to 2.2 s of low, rich voice that opens from a hum."""
    pitch_hz = log_uniform(generator, 75.0, 170.0)
    length_s = min(generator.uniform(1.0, 2.2), duration_s)
    rise = generator.uniform(1.05, 1.5)

    def call() -> np.ndarray:
        count = sample_count(length_s, rate_hz)
        pitch = pitch_hz * contour(count, (0.0, 0.85), (0.35, 1.0), (0.7, rise), (1.0, 0.8))
        pitch = pitch * (1.0 + drift(generator, count, rate_hz, knots_hz=40.0, depth=0.02))
        hum = formants((240.0, 100.0, 0.0), (900.0, 250.0, -22.0), floor_db=-45.0)
        mouth = formants((480.0, 140.0, 0.0), (900.0, 200.0, -6.0), (2300.0, 400.0, -20.0))
        opening = contour(count, (0.0, 0.0), (0.3, 0.2), (0.55, 1.0), (0.85, 0.8), (1.0, 0.3))
        closed = voice(generator, pitch, rate_hz, response=hum, slope_db=-6.0, breath=0.02)
        opened = voice(generator, pitch, rate_hz, response=mouth, slope_db=-5.0, breath=0.08)
        return (closed * (1.0 - opening) * 0.5 + opened * opening) * bump(count, rise=0.15, fall=0.25)

    times = beats(generator, duration_s, period_s=length_s + generator.uniform(0.4, 1.8), jitter=0.2)
    return repeated(times, call, duration_s=duration_s, rate_hz=rate_hz)


def baa(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A sheep or lamb: a nasal vowel shaken at 6 to 11 Hz in pitch and loudness."""
    pitch_hz = log_uniform(generator, 150.0, 420.0)
    tract = (pitch_hz / 250.0) ** 0.35
    length_s = generator.uniform(0.5, 1.3)
    shake_hz, shake = generator.uniform(6.0, 11.0), generator.uniform(0.35, 0.8)

    def call() -> np.ndarray:
        count = sample_count(length_s * generator.uniform(0.8, 1.2), rate_hz)
        wobble = swing(count, rate_hz, shake_hz, generator.uniform(0.0, 6.28))
        pitch = pitch_hz * contour(count, (0.0, 1.05), (0.3, 1.0), (1.0, 0.85)) * (1.0 + 0.05 * wobble)
        response = formants((720.0 * tract, 180.0, 0.0), (1750.0 * tract, 250.0, -3.0), (3000.0 * tract, 400.0, -9.0))
        sound = voice(generator, pitch, rate_hz, response=response, slope_db=-4.0, breath=0.12)
        return sound * (1.0 - shake * 0.5 * (1.0 + wobble)) * bump(count, rise=0.1, fall=0.3)

    times = beats(generator, duration_s, period_s=length_s + log_uniform(generator, 0.3, 1.6), jitter=0.25)
    return repeated(times, call, duration_s=duration_s, rate_hz=rate_hz)


def neigh(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A horse: a whinny that starts high, falls an octave and shakes ever more, ending in breath."""
    pitch_hz = log_uniform(generator, 650.0, 1300.0)
    length_s = min(generator.uniform(1.1, 2.2), duration_s)
    shake_hz = generator.uniform(7.0, 12.0)

    def call() -> np.ndarray:
        count = sample_count(length_s * generator.uniform(0.85, 1.0), rate_hz)
        wobble = swing(count, rate_hz, shake_hz)
        growth = contour(count, (0.0, 0.05), (0.25, 0.3), (1.0, 1.0))
        fall = contour(count, (0.0, 0.8), (0.15, 1.0), (0.5, 0.8), (1.0, generator.uniform(0.4, 0.55)))
        pitch = pitch_hz * fall * (1.0 + 0.16 * growth * wobble)
        response = formants((950.0, 300.0, -2.0), (1800.0, 500.0, 0.0), (3300.0, 800.0, -4.0), (5200.0, 900.0, -10.0))
        sound = voice(generator, pitch, rate_hz, response=response, slope_db=-4.0, breath=0.15)
        snort = noise(generator, count, rate_hz, formants((500.0, 500.0, 0.0), (1900.0, 1500.0, -6.0)))
        loud = (1.0 - 0.4 * growth * (1.0 + wobble)) * bump(count, rise=0.12, fall=0.35)
        return sound * loud + 0.35 * snort * np.clip(growth * 3.0 - 2.0, 0.0, 1.0) * np.abs(wobble)

    times = beats(generator, duration_s, period_s=length_s + generator.uniform(0.5, 1.6), jitter=0.2)
    return repeated(times, call, duration_s=duration_s, rate_hz=rate_hz)


def oink(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A pig: rows of short grunts, pulsed at 40 to 90 Hz through a snout, with snorted breath."""
    pitch_hz = log_uniform(generator, 40.0, 95.0)
    length_s = generator.uniform(0.12, 0.35)
    snout_hz = log_uniform(generator, 350.0, 700.0)
    breath = log_uniform(generator, 0.3, 1.2)

    def call() -> np.ndarray:
        count = sample_count(length_s * generator.uniform(0.6, 1.3), rate_hz)
        pitch = pitch_hz * contour(count, (0.0, 0.9), (0.4, 1.25), (1.0, 0.8))
        pitch = pitch * (1.0 + drift(generator, count, rate_hz, knots_hz=120.0, depth=0.15))
        response = formants((snout_hz, 160.0, 0.0), (2.6 * snout_hz, 300.0, -5.0), (2600.0, 600.0, -14.0))
        sound = voice(generator, pitch, rate_hz, response=response, slope_db=-2.0, breath=breath)
        return generator.uniform(0.4, 1.0) * sound * bump(count, rise=0.25, fall=0.45)

    times = beats(generator, duration_s, period_s=length_s + log_uniform(generator, 0.1, 0.5), jitter=0.35)
    return repeated(times, call, duration_s=duration_s, rate_hz=rate_hz)


def croak(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A frog: bursts of pulses at 25 to 90 a second, each ringing a throat resonance of 500 to 2200 Hz."""
    throat_hz = log_uniform(generator, 500.0, 2200.0)
    pulse_hz = log_uniform(generator, 25.0, 90.0)
    length_s = log_uniform(generator, 0.15, 0.7)
    kernel_count = sample_count(0.03, rate_hz)
    harmonics = tilt(3, -8.0)
    tone = oscillator(np.full(kernel_count, throat_hz, dtype=np.float32), harmonics, rate_hz=rate_hz)
    kernel = tone * strike(kernel_count, rate_hz, attack_s=0.0008, decay_s=generator.uniform(0.003, 0.009))

    def call() -> np.ndarray:
        count = sample_count(length_s * generator.uniform(0.85, 1.15), rate_hz)
        times = beats(generator, count / rate_hz, period_s=1.0 / pulse_hz, jitter=0.06)
        pulses = clicks(count, rate_hz, times, generator.uniform(0.7, 1.0, len(times)))
        return ringing(pulses, kernel) * bump(count, rise=0.4, fall=0.2)

    times = beats(generator, duration_s, period_s=length_s + log_uniform(generator, 0.15, 0.9), jitter=0.15)
    return normalised(repeated(times, call, duration_s=duration_s, rate_hz=rate_hz))
