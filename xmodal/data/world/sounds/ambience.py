"""What a place sounds like when nothing in particular happens there."""

import numpy as np
from jaxtyping import Float

from xmodal.data.world.sounds.birds import chirp
from xmodal.data.world.sounds.control import contour, strike, swelling, swing
from xmodal.data.world.sounds.people import female_babble, male_babble
from xmodal.data.world.sounds.spectra import curve, formants, noise, root_mean_square, shaped
from xmodal.data.world.sounds.synthesis import (
    beats,
    log_uniform,
    normalised,
    oscillator,
    place,
    sample_count,
    struck,
    tilt,
)

FAR = curve((100.0, -6.0), (400.0, 0.0), (1500.0, -4.0), (4000.0, -16.0), (9000.0, -40.0))
"""What distance, air and walls leave of a voice."""


def wind(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """Wind: gusts of low noise, and a whistling band that rises with them."""
    count = sample_count(duration_s, rate_hz)
    gusts = swelling(generator, count, rate_hz, knots_hz=1.3, depth=0.5)
    low = noise(generator, count, rate_hz, curve((30.0, 0.0), (150.0, -3.0), (700.0, -18.0), (4000.0, -40.0)))
    whistle = noise(generator, count, rate_hz, formants((log_uniform(generator, 400.0, 1100.0), 160.0, 0.0)))
    return normalised(low * gusts + generator.uniform(0.05, 0.3) * whistle * gusts**2)


def room_tone(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A quiet room: air and far pipes, falling with frequency, and a trace of mains hum."""
    count = sample_count(duration_s, rate_hz)
    air = noise(generator, count, rate_hz, curve((40.0, 0.0), (250.0, -8.0), (2000.0, -24.0), (9000.0, -38.0)))
    hum = oscillator(np.full(count, generator.choice([50.0, 60.0]), dtype=np.float32), tilt(6, -3.0), rate_hz=rate_hz)
    return normalised(air + generator.uniform(0.0, 0.4) * hum)


def kitchen_hum(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """Appliances at work: hum of twice the mains and the blower of an extractor."""
    count = sample_count(duration_s, rate_hz)
    mains = np.full(count, 2.0 * generator.choice([50.0, 60.0]), dtype=np.float32)
    hum = oscillator(mains, tilt(6, -5.0), rate_hz=rate_hz, phases=generator.random(6) * 6.28)
    blower = noise(generator, count, rate_hz, curve((60.0, -6.0), (250.0, 0.0), (1500.0, -12.0), (8000.0, -32.0)))
    return normalised(blower + generator.uniform(0.2, 0.8) * hum)


def street_hum(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A city far off: low rumble and tyres passing slowly."""
    count = sample_count(duration_s, rate_hz)
    rumble = noise(generator, count, rate_hz, curve((40.0, 0.0), (120.0, 0.0), (600.0, -14.0), (3000.0, -30.0)))
    tyres = noise(generator, count, rate_hz, formants((900.0, 900.0, 0.0), floor_db=-40.0))
    passing = swelling(generator, count, rate_hz, knots_hz=0.7, depth=0.6)
    return normalised(rumble + generator.uniform(0.15, 0.4) * tyres * passing)


def crickets(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A summer night: several crickets, each a rhythm of pulses at its own 3.5 to 6 kHz."""
    count = sample_count(duration_s, rate_hz)
    signal = 0.05 * noise(generator, count, rate_hz, curve((500.0, -20.0), (4500.0, 0.0), (9000.0, -10.0)))
    for _ in range(int(generator.integers(2, 4))):
        pulse_s, pulses = 1.0 / generator.uniform(22.0, 45.0), int(generator.integers(3, 14))
        length = sample_count(pulses * pulse_s, rate_hz)
        tone_hz = np.full(length, log_uniform(generator, 3500.0, 6000.0), dtype=np.float32)
        wings = 0.5 - 0.5 * swing(length, rate_hz, 1.0 / pulse_s, 0.5 * np.pi)
        song = oscillator(tone_hz, np.ones(1), rate_hz=rate_hz) * wings
        rest_s = generator.uniform(0.1, 0.5)
        times = beats(generator, duration_s, period_s=pulses * pulse_s + rest_s, jitter=0.03, start_s=0.5 * rest_s)
        weights = np.full(len(times), log_uniform(generator, 0.2, 1.0))
        signal += struck(count, rate_hz, times_s=times, weights=weights, blow=song)
    return normalised(signal)


def birdsong_far(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """Open country by day: a songbird at a distance over a breath of wind."""
    count = sample_count(duration_s, rate_hz)
    air = noise(generator, count, rate_hz, curve((50.0, 0.0), (400.0, -10.0), (3000.0, -18.0), (9000.0, -30.0)))
    signal = 0.3 * air
    return normalised(
        signal + log_uniform(generator, 0.15, 0.9) * chirp(generator, duration_s=duration_s, rate_hz=rate_hz)
    )


def murmur(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """People some way off: a bed of speech-shaped noise that breathes with syllables, one voice apart from it."""
    count = sample_count(duration_s, rate_hz)
    bed = noise(generator, count, rate_hz, formants((480.0, 400.0, 0.0), (1400.0, 900.0, -9.0), floor_db=-40.0))
    signal = bed * swelling(generator, count, rate_hz, knots_hz=7.0, depth=0.3)
    talker = male_babble if generator.random() < 0.5 else female_babble
    voice_s = 0.35 * duration_s
    talk = shaped(talker(generator, duration_s=voice_s, rate_hz=rate_hz), rate_hz, FAR)
    place(signal, 4.0 * talk, float(generator.uniform(0.0, duration_s - voice_s)), rate_hz)
    return normalised(signal)


def hall(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A large hushed room: its air, and a few small knocks and rustles smeared by a long decay."""
    count = sample_count(duration_s, rate_hz)
    air = noise(generator, count, rate_hz, curve((40.0, 0.0), (200.0, -6.0), (1500.0, -20.0), (8000.0, -40.0)))
    length = sample_count(1.0, rate_hz)
    echo = noise(generator, length, rate_hz, curve((100.0, -6.0), (600.0, 0.0), (3000.0, -10.0), (9000.0, -26.0)))
    echo = echo * strike(length, rate_hz, attack_s=0.003, decay_s=0.25)
    times = beats(generator, duration_s, period_s=0.9, jitter=0.6, start_s=0.2)
    return normalised(
        air
        + struck(
            count,
            rate_hz,
            times_s=times,
            weights=log_uniform(generator, 0.3, 1.2) * generator.uniform(0.1, 1.0, len(times)),
            blow=echo,
        )
    )


def applause(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """Stands full of clapping people and their roar, swelling and sinking."""
    count = sample_count(duration_s, rate_hz)
    length = sample_count(0.015, rate_hz)
    times = generator.uniform(0.0, duration_s, int(250.0 * duration_s) + 1)
    palm = noise(generator, length, rate_hz, formants((log_uniform(generator, 900.0, 1900.0), 1200.0, 0.0)))
    palm = palm * strike(length, rate_hz, attack_s=2e-4, decay_s=0.004)
    claps = struck(count, rate_hz, times_s=times, weights=generator.uniform(0.1, 1.0, len(times)), blow=palm)
    roar = noise(generator, count, rate_hz, formants((700.0, 700.0, 0.0), (2300.0, 1300.0, -10.0)))
    swell = contour(count, (0.0, generator.uniform(0.5, 1.0)), (0.5, 1.0), (1.0, generator.uniform(0.5, 1.0)))
    return normalised((claps / np.float32(root_mean_square(claps) + 1e-9) + generator.uniform(0.3, 1.0) * roar) * swell)
