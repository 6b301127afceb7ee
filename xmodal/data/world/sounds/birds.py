"""The voices of birds: crows, quacks, whistles, cries and hoots, each phrase from an individual repertoire."""

import numpy as np
from jaxtyping import Float

from xmodal.data.world.sounds.control import bump, contour, drift, swing
from xmodal.data.world.sounds.spectra import formants, noise
from xmodal.data.world.sounds.synthesis import (
    beats,
    log_uniform,
    oscillator,
    repeated,
    sample_count,
    voice,
)


def crow(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A rooster: three short syllables and a long one, loudest where its second or third harmonic meets the tract."""
    pitch_hz = log_uniform(generator, 480.0, 900.0)
    tract_hz = log_uniform(generator, 1350.0, 2100.0)
    rough, breath = generator.uniform(0.0, 0.05), log_uniform(generator, 0.02, 0.25)
    last_s, width_hz = generator.uniform(0.6, 1.3), log_uniform(generator, 150.0, 500.0)
    slope_db = generator.uniform(-7.0, -3.0)
    upper_db = generator.uniform(-34.0, -10.0)

    def syllable(length_s: float, *shape: tuple[float, float]) -> np.ndarray:
        count = sample_count(length_s, rate_hz)
        pitch = pitch_hz * contour(count, *shape)
        pitch = pitch * (1.0 + drift(generator, count, rate_hz, knots_hz=150.0, depth=rough))
        response = formants(
            (0.55 * tract_hz, 300.0, -8.0), (tract_hz, width_hz, 0.0), (2.2 * tract_hz, 900.0, upper_db)
        )
        sound = voice(generator, pitch, rate_hz, response=response, slope_db=slope_db, breath=breath)
        return sound * bump(count, rise=0.15, fall=0.3)

    def call() -> np.ndarray:
        silence = np.zeros(sample_count(generator.uniform(0.02, 0.09), rate_hz), dtype=np.float32)
        parts = [
            0.5 * syllable(generator.uniform(0.12, 0.3), (0.0, 0.6), (0.5, 0.8), (1.0, 0.7)),
            silence,
            0.7 * syllable(generator.uniform(0.08, 0.2), (0.0, 0.8), (0.6, 1.0), (1.0, 0.9)),
            silence,
            0.9 * syllable(generator.uniform(0.2, 0.45), (0.0, 0.85), (0.4, 1.1), (1.0, 1.05)),
            silence[::2],
            syllable(last_s, (0.0, 0.9), (0.15, 1.12), (0.55, 1.02), (1.0, generator.uniform(0.55, 0.8))),
        ]
        return np.concatenate(parts)

    times = beats(generator, duration_s, period_s=generator.uniform(2.6, 6.0), jitter=0.15)
    return repeated(times, call, duration_s=duration_s, rate_hz=rate_hz)


def quack(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A duck: rows of nasal, buzzing calls that fall in pitch and loudness."""
    pitch_hz = log_uniform(generator, 150.0, 300.0)
    bill_hz = log_uniform(generator, 1100.0, 1900.0)
    length_s = generator.uniform(0.12, 0.24)

    def call() -> np.ndarray:
        count = sample_count(length_s * generator.uniform(0.85, 1.2), rate_hz)
        pitch = pitch_hz * contour(count, (0.0, 1.0), (0.3, 1.1), (1.0, 0.75)) * generator.uniform(0.92, 1.08)
        pitch = pitch * (1.0 + drift(generator, count, rate_hz, knots_hz=200.0, depth=0.02))
        response = formants((bill_hz, 350.0, 0.0), (1.9 * bill_hz, 500.0, -4.0), (3.1 * bill_hz, 700.0, -12.0))
        sound = voice(generator, pitch, rate_hz, response=response, slope_db=-1.0, breath=0.15)
        return generator.uniform(0.5, 1.0) * sound * bump(count, rise=0.12, fall=0.4)

    times = beats(generator, duration_s, period_s=length_s + log_uniform(generator, 0.06, 0.4), jitter=0.2)
    return repeated(times, call, duration_s=duration_s, rate_hz=rate_hz)


def chirp(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A songbird: phrases of whistled sweeps between 2 and 7 kHz, from a repertoire of its own."""
    base_hz = log_uniform(generator, 2300.0, 5200.0)
    repertoire = [
        (generator.uniform(0.04, 0.22), *generator.uniform(0.7, 1.35, 3)) for _ in range(generator.integers(1, 5))
    ]
    trill_hz = log_uniform(generator, 15.0, 60.0)
    trill = generator.uniform(0.0, 0.06)

    def call() -> np.ndarray:
        length_s, start, middle, end = repertoire[generator.integers(len(repertoire))]
        count = sample_count(length_s, rate_hz)
        wobble = swing(count, rate_hz, trill_hz)
        pitch = base_hz * contour(count, (0.0, start), (0.5, middle), (1.0, end)) * (1.0 + trill * wobble)
        sound = oscillator(pitch.astype(np.float32), np.array([1.0, 0.08]), rate_hz=rate_hz)
        return generator.uniform(0.5, 1.0) * sound * bump(count, rise=0.25, fall=0.4)

    mean_s = float(np.mean([length_s for length_s, *_ in repertoire]))
    note_s = mean_s + log_uniform(generator, 0.02, 0.15)
    notes = int(generator.integers(2, 9))
    phrases = beats(generator, duration_s, period_s=notes * note_s + generator.uniform(0.2, 0.9), jitter=0.2)
    times = (phrases[:, None] + note_s * np.arange(notes)[None, :]).ravel()
    return repeated(times[times < duration_s - 0.05], call, duration_s=duration_s, rate_hz=rate_hz)


def gull(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A seagull: strident falling cries, long ones first, then a quickening row."""
    pitch_hz = log_uniform(generator, 650.0, 1150.0)
    length_s = generator.uniform(0.2, 0.6)
    strain = generator.uniform(0.0, 0.04)

    def call() -> np.ndarray:
        count = sample_count(length_s * generator.uniform(0.7, 1.3), rate_hz)
        pitch = pitch_hz * contour(count, (0.0, 0.75), (0.18, 1.3), (0.5, 1.1), (1.0, 0.72))
        pitch = pitch * (1.0 + drift(generator, count, rate_hz, knots_hz=150.0, depth=strain))
        response = formants((1500.0, 500.0, -3.0), (2700.0, 700.0, 0.0), (4500.0, 1000.0, -6.0))
        sound = voice(generator, pitch, rate_hz, response=response, slope_db=-1.5, breath=0.06)
        return generator.uniform(0.6, 1.0) * sound * bump(count, rise=0.12, fall=0.35)

    times = beats(generator, duration_s, period_s=length_s + log_uniform(generator, 0.08, 0.6), jitter=0.25)
    return repeated(times, call, duration_s=duration_s, rate_hz=rate_hz)


def hoot(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """An owl: soft, nearly pure tones of 250 to 550 Hz in a rhythm of its species."""
    pitch_hz = log_uniform(generator, 250.0, 550.0)
    pattern = [
        (float(generator.uniform(0.0, 0.35)), float(generator.uniform(0.15, 0.7)))
        for _ in range(generator.integers(1, 5))
    ]
    breath, vibrato = generator.uniform(0.02, 0.08), generator.uniform(0.0, 0.02)

    def call() -> np.ndarray:
        parts = []
        for rest_s, length_s in pattern:
            count = sample_count(length_s, rate_hz)
            wobble = swing(count, rate_hz, 9.0)
            pitch = pitch_hz * contour(count, (0.0, 0.94), (0.25, 1.0), (1.0, 0.93)) * (1.0 + vibrato * wobble)
            tone = oscillator(pitch.astype(np.float32), np.array([1.0, 0.05, 0.03]), rate_hz=rate_hz)
            air = breath * noise(generator, count, rate_hz, formants((pitch_hz, 120.0, 0.0)))
            parts += [
                np.zeros(sample_count(rest_s, rate_hz), dtype=np.float32),
                (tone + air) * bump(count, rise=0.3, fall=0.4),
            ]
        return np.concatenate(parts[1:])

    phrase_s = sum(rest_s + length_s for rest_s, length_s in pattern)
    times = beats(generator, duration_s, period_s=phrase_s + generator.uniform(0.5, 1.5), jitter=0.1)
    return repeated(times, call, duration_s=duration_s, rate_hz=rate_hz)
