"""Instruments, each improvising on a scale and at a tempo of its player's own."""

import numpy as np
from jaxtyping import Float

from xmodal.data.world.sounds.control import bump, contour, drift, slow_times, stretched, strike, swing
from xmodal.data.world.sounds.spectra import curve, formants, noise, root_mean_square, shaped
from xmodal.data.world.sounds.synthesis import (
    beats,
    log_uniform,
    modes,
    normalised,
    oscillator,
    place,
    pluck,
    sample_count,
    struck,
    tilt,
)

SCALES: tuple[tuple[int, ...], ...] = (
    (0, 2, 4, 5, 7, 9, 11),
    (0, 2, 3, 5, 7, 8, 10),
    (0, 2, 4, 7, 9),
    (0, 3, 5, 7, 10),
)
"""Major, natural minor and the two pentatonic scales, in semitones above the root."""


def _melody(generator: np.random.Generator, notes: int, *, root_hz: float, octaves: int) -> Float[np.ndarray, "notes"]:
    """Pitches (Hz) of a wandering line on one scale, mostly by step, within that many octaves above the root."""
    scale = SCALES[generator.integers(len(SCALES))]
    steps = generator.choice([-2, -1, -1, 0, 1, 1, 2, 4, -4], size=notes)
    top = octaves * len(scale)
    degree = generator.integers(top + 1) + np.cumsum(steps)
    degree = np.abs((degree + top) % (2 * top) - top)
    semitones = np.array([scale[number % len(scale)] + 12 * (number // len(scale)) for number in degree])
    return root_hz * 2.0 ** (semitones / 12.0)


def piano(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A piano: melody notes and a bass note on some of them, hammered strings with two-stage decay."""
    count = sample_count(duration_s, rate_hz)
    times = beats(generator, duration_s, period_s=log_uniform(generator, 0.17, 0.5), jitter=0.05)
    pitches = _melody(generator, len(times), root_hz=log_uniform(generator, 190.0, 400.0), octaves=2)
    brightness, ring_s = generator.uniform(0.3, 0.55), generator.uniform(0.4, 1.1)
    signal = np.zeros(count, dtype=np.float32)
    length = sample_count(min(1.2, duration_s), rate_hz)
    for number, (at_s, pitch_hz) in enumerate(zip(times, pitches, strict=True)):
        chord_hz = [pitch_hz] if number % 3 else [pitch_hz, pitch_hz / generator.choice([2.0, 2.67, 4.0])]
        for note_hz in chord_hz:
            string = pluck(generator, length, rate_hz, pitch_hz=float(note_hz), brightness=brightness, ring_s=ring_s)
            place(signal, generator.uniform(0.5, 1.0) * string, at_s, rate_hz)
    knock = sample_count(0.04, rate_hz)
    hammer = noise(generator, knock, rate_hz, formants((180.0, 200.0, 0.0), (700.0, 500.0, -8.0)))
    hammer = hammer * strike(knock, rate_hz, attack_s=0.001, decay_s=0.01)
    return normalised(signal + 0.15 * struck(count, rate_hz, times_s=times, weights=np.ones(len(times)), blow=hammer))


def guitar(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A guitar: strummed chords or picked single notes on steel or nylon, through its wooden body."""
    count = sample_count(duration_s, rate_hz)
    strummed = generator.random() < 0.6
    period_s = log_uniform(generator, 0.3, 0.7) if strummed else log_uniform(generator, 0.16, 0.35)
    times = beats(generator, duration_s, period_s=period_s, jitter=0.06)
    roots = _melody(generator, len(times), root_hz=log_uniform(generator, 82.0, 165.0), octaves=1 if strummed else 2)
    third = generator.choice([3, 4])
    brightness, ring_s = generator.uniform(0.5, 0.85), generator.uniform(0.35, 0.9)
    signal = np.zeros(count, dtype=np.float32)
    length = sample_count(min(1.0, duration_s), rate_hz)
    for at_s, root_hz in zip(times, roots, strict=True):
        semitones = (0, 7, 12, 12 + third) if strummed else (0,)
        strum_s = generator.uniform(0.006, 0.02)
        for number, step in enumerate(semitones):
            note_hz = float(root_hz * 2.0 ** (step / 12.0))
            string = pluck(generator, length, rate_hz, pitch_hz=note_hz, brightness=brightness, ring_s=ring_s)
            place(signal, generator.uniform(0.6, 1.0) * string, at_s + number * strum_s, rate_hz)
    body = formants(
        (generator.uniform(95.0, 125.0), 40.0, 0.0), (220.0, 80.0, 0.0), (500.0, 300.0, -3.0), floor_db=-8.0
    )
    return normalised(shaped(signal, rate_hz, body))


def violin(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A violin: bowed notes that slide into one another with vibrato of 5 to 7 Hz, through the body's resonances."""
    count = sample_count(duration_s, rate_hz)
    times = beats(generator, duration_s, period_s=log_uniform(generator, 0.25, 1.0), jitter=0.25)
    pitches = _melody(generator, len(times), root_hz=log_uniform(generator, 196.0, 450.0), octaves=2)
    at_s = slow_times(count) / rate_hz
    # A slide of 40 ms from each note to the next.
    knots_s = np.concatenate([times, times[1:] - 0.04])
    order = np.argsort(knots_s, kind="stable")
    pitch = stretched(np.interp(at_s, knots_s[order], np.concatenate([pitches, pitches[:-1]])[order]), count)
    vibrato = generator.uniform(0.004, 0.013) * swing(count, rate_hz, generator.uniform(4.8, 7.0))
    string = oscillator(pitch * (1.0 + vibrato), tilt(40, -6.0), rate_hz=rate_hz)
    body = formants(
        (280.0, 60.0, -3.0), (460.0, 70.0, 0.0), (560.0, 80.0, -1.0), (1000.0, 400.0, -4.0),
        (log_uniform(generator, 2100.0, 3100.0), 900.0, 0.0), floor_db=-20.0,
    )  # fmt: skip
    bow = 1.0 + drift(generator, count, rate_hz, knots_hz=6.0, depth=0.15)
    change = 1.0 - 0.6 * np.exp(-np.min(np.abs(at_s[:, None] - times), axis=1) / 0.03)
    rosin = noise(generator, count, rate_hz, curve((300.0, -12.0), (3000.0, 0.0), (8000.0, -8.0)))
    signal = shaped(string, rate_hz, body)
    signal = signal / np.float32(root_mean_square(signal) + 1e-9) + generator.uniform(0.02, 0.08) * rosin
    return normalised(signal * bow * stretched(change, count))


def trumpet(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A trumpet: tongued notes whose high harmonics swell after the low ones, as brass does."""
    count = sample_count(duration_s, rate_hz)
    note_s = log_uniform(generator, 0.18, 0.7)
    times = beats(generator, duration_s, period_s=note_s, jitter=0.3)
    pitches = _melody(generator, len(times), root_hz=log_uniform(generator, 220.0, 400.0), octaves=1)
    lengths_s = np.diff(np.append(times, duration_s)) * generator.uniform(0.75, 0.97)
    vibrato = generator.uniform(0.0, 0.006)
    bell = formants((1200.0, 900.0, 0.0), (2400.0, 1200.0, -4.0), floor_db=-14.0)
    signal = np.zeros(count, dtype=np.float32)
    for at_s, pitch_hz, length_s in zip(times, pitches, lengths_s, strict=True):
        length = sample_count(float(length_s), rate_hz)
        wobble = swing(length, rate_hz, 5.5)
        pitch = pitch_hz * contour(length, (0.0, 0.985), (0.08, 1.0), (1.0, 1.0)) * (1.0 + vibrato * wobble)
        swell = contour(length, (0.0, 0.1), (0.15, 1.0), (0.7, 0.8), (1.0, 0.5))
        soft = oscillator(pitch.astype(np.float32), tilt(12, -9.0), rate_hz=rate_hz)
        brassy = oscillator(pitch.astype(np.float32), tilt(26, -1.5), rate_hz=rate_hz)
        place(signal, (soft + 0.7 * brassy * swell) * bump(length, rise=0.08, fall=0.12), at_s, rate_hz)
    return normalised(shaped(signal, rate_hz, bell))


def drum(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A drum: a repeated pattern on one membrane, with strong and weak blows and sometimes wires under the skin."""
    count = sample_count(duration_s, rate_hz)
    length = sample_count(0.5, rate_hz)
    skin_hz = log_uniform(generator, 65.0, 220.0)
    ratios = np.array([1.0, 1.59, 2.14, 2.3, 2.65, 2.92])  # zeros of Bessel functions: an ideal round membrane
    decay_s = log_uniform(generator, 0.06, 0.25) / ratios
    gains = np.array([1.0, 0.6, 0.4, 0.3, 0.25, 0.2]) * generator.uniform(0.4, 1.0, 6)
    skin = modes(length, rate_hz, frequency_hz=skin_hz * ratios, decay_s=decay_s, gain=gains)
    wires = noise(generator, length, rate_hz, curve((200.0, -14.0), (2500.0, 0.0), (9000.0, -6.0)))
    wires = wires * strike(length, rate_hz, attack_s=5e-4, decay_s=log_uniform(generator, 0.008, 0.12))
    blow = skin + generator.choice([0.08, 0.15, 0.5]) * wires
    pattern = generator.random(8) * (generator.random(8) < generator.uniform(0.4, 0.9))
    pattern[0] = 1.0
    times = beats(generator, duration_s, period_s=generator.uniform(0.11, 0.24), jitter=0.02)
    return normalised(struck(count, rate_hz, times_s=times, weights=np.resize(pattern, len(times)), blow=blow))


def jingle(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A television: an electronic tune with bass, beat and a hat, through a small loudspeaker."""
    count = sample_count(duration_s, rate_hz)
    beat_s = generator.uniform(0.14, 0.3)
    times = np.arange(0.0, duration_s, beat_s)
    pitches = _melody(generator, len(times), root_hz=log_uniform(generator, 260.0, 520.0), octaves=2)
    at_s = np.arange(count, dtype=np.float32) / rate_hz
    number = np.minimum((at_s / beat_s).astype(np.int64), len(times) - 1)
    within_s = at_s - number * np.float32(beat_s)
    odd = np.where(np.arange(1, 25) % 2 == 1, 1.0, generator.uniform(0.0, 1.0)) * tilt(24, -6.0)
    lead = oscillator(pitches[number].astype(np.float32), odd, rate_hz=rate_hz)
    lead = lead * np.exp(-within_s / np.float32(generator.uniform(0.08, 0.4)))
    bass = oscillator((pitches[number // 4 * 4] / 4.0).astype(np.float32), tilt(12, -6.0), rate_hz=rate_hz)
    length = sample_count(0.05, rate_hz)
    hat = noise(generator, length, rate_hz, curve((3000.0, -20.0), (7000.0, 0.0))) * strike(
        length, rate_hz, attack_s=3e-4, decay_s=0.015
    )
    accents = np.resize(np.array([0.2, 0.5, 1.0, 0.5]), len(times))
    tune = (
        lead
        + 0.6 * bass
        + generator.uniform(0.15, 0.4) * struck(count, rate_hz, times_s=times, weights=accents, blow=hat)
    )
    speaker = curve((80.0, -25.0), (250.0, -3.0), (500.0, 0.0), (5000.0, 0.0), (9000.0, -12.0))
    return normalised(shaped(tune, rate_hz, speaker))
