"""Sounds made to be heard: horns, sirens, bells, beeps, ringers and the kettle's whistle."""

import numpy as np
from jaxtyping import Float

from xmodal.data.world.sounds.control import bump, contour, drift
from xmodal.data.world.sounds.spectra import curve, formants, noise, shaped
from xmodal.data.world.sounds.synthesis import (
    beats,
    log_uniform,
    modes,
    normalised,
    oscillator,
    place,
    repeated,
    sample_count,
    struck,
    tilt,
)


def truck_horn(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A lorry's air horn: two or three low, rich reeds a third or fourth apart, in long blasts."""
    roots_hz = log_uniform(generator, 150.0, 310.0) * np.array([1.0, generator.choice([1.19, 1.26, 1.335]), 1.5])
    reeds = roots_hz[: int(generator.integers(2, 4))]
    bell = formants((log_uniform(generator, 500.0, 900.0), 500.0, 0.0), (1900.0, 1200.0, -4.0), floor_db=-30.0)
    slope_db = generator.uniform(-4.0, -1.0)

    def blast() -> np.ndarray:
        count = sample_count(generator.uniform(0.4, 1.8), rate_hz)
        onset = contour(count, (0.0, 0.93), (0.06, 1.0), (0.95, 1.0), (1.0, 0.96))
        sound = np.zeros(count, dtype=np.float32)
        for reed_hz in reeds:
            sound += oscillator(
                reed_hz * onset, tilt(30, slope_db), rate_hz=rate_hz, phases=generator.random(30) * 6.28
            )
        return shaped(sound, rate_hz, bell) * bump(count, rise=0.05, fall=0.08)

    times = beats(generator, duration_s, period_s=generator.uniform(1.2, 2.6), jitter=0.3)
    return repeated(times, blast, duration_s=duration_s, rate_hz=rate_hz)


def siren(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """An ambulance: a wail, a yelp or two tones, between 400 and 1600 Hz."""
    count = sample_count(duration_s, rate_hz)
    low_hz = log_uniform(generator, 400.0, 700.0)
    at_s = np.arange(count, dtype=np.float32) / rate_hz + generator.uniform(0.0, 5.0)
    style = generator.integers(3)
    if style == 0:
        sweep = 0.5 - 0.5 * np.cos(2.0 * np.pi * at_s / generator.uniform(2.5, 5.0))
        ratio = generator.uniform(1.9, 2.6)
    elif style == 1:
        sweep = np.abs((at_s * generator.uniform(2.5, 4.0)) % 1.0 * 2.0 - 1.0)
        ratio = generator.uniform(1.7, 2.4)
    else:
        sweep = ((at_s / generator.uniform(0.9, 1.4)) % 1.0 > 0.5).astype(np.float32)
        ratio = generator.uniform(1.2, 1.36)
    pitch = (low_hz * ratio**sweep).astype(np.float32)
    horn = formants((1100.0, 900.0, 0.0), (2600.0, 1000.0, -5.0), floor_db=-18.0)
    return normalised(shaped(oscillator(pitch, tilt(16, -3.0), rate_hz=rate_hz), rate_hz, horn))


def reverse_beep(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A digger backing up: hard equal beeps near 1 to 1.5 kHz over its diesel."""
    count = sample_count(duration_s, rate_hz)
    pitch_hz, period_s = log_uniform(generator, 950.0, 1500.0), generator.uniform(0.7, 1.3)
    duty = generator.uniform(0.4, 0.6)
    beep_count = sample_count(duty * period_s, rate_hz)
    beep = oscillator(
        np.full(beep_count, pitch_hz, dtype=np.float32), np.array([1.0, 0.1, 0.35, 0.05, 0.15]), rate_hz=rate_hz
    )
    beep = beep * bump(beep_count, rise=0.02, fall=0.03)
    signal = np.zeros(count, dtype=np.float32)
    for at_s in np.arange(0.0, duration_s, period_s):
        place(signal, beep, float(at_s), rate_hz)
    diesel = noise(
        generator, count, rate_hz, formants((90.0, 70.0, 0.0), (350.0, 300.0, -10.0), (1500.0, 1500.0, -22.0))
    )
    return normalised(signal + generator.uniform(0.05, 0.2) * diesel)


def church_bell(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A church bell: hum, prime, tierce, quint, nominal and above, each ringing shorter than the one below."""
    nominal_hz = log_uniform(generator, 420.0, 1250.0)
    ratios = np.array([0.25, 0.5, 0.6, 0.75, 1.0, 1.25, 1.33, 1.5, 2.0, 2.62, 3.3])
    ratios = np.concatenate([ratios, ratios * 1.003]) * (1.0 + 0.006 * generator.standard_normal(22))
    gains = np.array([0.5, 0.7, 0.8, 0.35, 1.0, 0.3, 0.25, 0.4, 0.6, 0.4, 0.3])
    gains = np.tile(gains, 2) * generator.uniform(0.3, 1.0, 22)
    ring_s = generator.uniform(1.0, 2.5)
    count = sample_count(duration_s, rate_hz)
    bell = modes(count, rate_hz, frequency_hz=nominal_hz * ratios, decay_s=ring_s / (0.4 + ratios), gain=gains)
    times = beats(generator, duration_s, period_s=generator.uniform(0.9, 2.2), jitter=0.03)
    return normalised(struck(count, rate_hz, times_s=times, weights=generator.uniform(0.7, 1.0, len(times)), blow=bell))


def foghorn(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A lighthouse: one very low, long blast with a grunt at its end."""
    pitch_hz = log_uniform(generator, 75.0, 150.0)
    length_s = min(generator.uniform(1.6, 3.2), max(duration_s, 0.1))
    bell = formants((generator.uniform(220.0, 380.0), 200.0, 0.0), (900.0, 500.0, -14.0), floor_db=-45.0)

    def blast() -> np.ndarray:
        count = sample_count(length_s, rate_hz)
        pitch = pitch_hz * contour(count, (0.0, 0.97), (0.1, 1.0), (0.88, 1.0), (0.9, 0.72), (1.0, 0.65))
        pitch = pitch * (1.0 + drift(generator, count, rate_hz, knots_hz=20.0, depth=0.004))
        sound = oscillator(pitch, tilt(40, -3.0), rate_hz=rate_hz, phases=generator.random(40) * 6.28)
        return shaped(sound, rate_hz, bell) * bump(count, rise=0.08, fall=0.1)

    times = beats(generator, duration_s, period_s=length_s + generator.uniform(0.8, 2.5), jitter=0.1)
    return repeated(times, blast, duration_s=duration_s, rate_hz=rate_hz)


def phone_ring(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A telephone: two small gongs under a clapper, or an electronic warble; rings of 1 to 2 s with pauses."""
    count = sample_count(duration_s, rate_hz)
    on_s, off_s = generator.uniform(0.5, 1.6), generator.uniform(0.3, 1.4)
    strokes_hz = generator.uniform(17.0, 28.0)
    if generator.random() < 0.55:
        gongs_hz = log_uniform(generator, 1000.0, 2000.0) * np.array([1.0, 1.25, 2.7, 3.4, 5.1])
        length = sample_count(0.6, rate_hz)
        decay_s = generator.uniform(0.08, 0.3) / np.array([1.0, 1.0, 2.0, 2.0, 3.0])
        gong = modes(length, rate_hz, frequency_hz=gongs_hz, decay_s=decay_s, gain=generator.uniform(0.3, 1.0, 5))
        at_s = np.arange(0.0, duration_s, 1.0 / strokes_hz)
        at_s = at_s[(at_s % (on_s + off_s)) < on_s]
        return normalised(
            struck(count, rate_hz, times_s=at_s, weights=generator.uniform(0.7, 1.0, len(at_s)), blow=gong)
        )
    time_s = np.arange(count, dtype=np.float32) / rate_hz
    high = (time_s * strokes_hz * 0.6) % 1.0 > 0.5
    pitch = log_uniform(generator, 750.0, 1500.0) * np.where(high, generator.uniform(1.15, 1.4), 1.0)
    ringing_now = ((time_s % (on_s + off_s)) < on_s).astype(np.float32)
    return normalised(oscillator(pitch.astype(np.float32), tilt(6, -7.0), rate_hz=rate_hz) * ringing_now)


def kettle(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A kettle: a whistle of 1.8 to 3.6 kHz that wavers, with steam hissing round it and a rumble of boiling."""
    count = sample_count(duration_s, rate_hz)
    whistle_hz = log_uniform(generator, 1800.0, 3600.0) * contour(
        count, (0.0, generator.uniform(0.8, 1.0)), (0.3, 1.0), (1, 1)
    )
    whistle_hz = whistle_hz * (1.0 + drift(generator, count, rate_hz, knots_hz=18.0, depth=0.006))
    second = generator.uniform(0.0, 0.5)
    tone = oscillator(whistle_hz, np.array([1.0, 0.12, 0.05]), rate_hz=rate_hz)
    tone = tone + second * oscillator(whistle_hz * 1.19, np.array([1.0]), rate_hz=rate_hz)
    flutter = 1.0 + drift(generator, count, rate_hz, knots_hz=30.0, depth=0.12)
    steam = noise(generator, count, rate_hz, curve((200.0, -14.0), (2500.0, -3.0), (6000.0, 0.0), (11000.0, -6.0)))
    return normalised(tone * flutter + generator.uniform(0.05, 0.3) * steam)
