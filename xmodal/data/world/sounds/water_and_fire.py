"""Water that falls, runs, boils and breaks, and wood that burns: noise with grains in it."""

import numpy as np
from jaxtyping import Float

from xmodal.data.world.sounds.control import slow_times, stretched, strike, swelling, swing
from xmodal.data.world.sounds.spectra import curve, formants, noise, root_mean_square
from xmodal.data.world.sounds.synthesis import (
    log_uniform,
    modes,
    normalised,
    place,
    sample_count,
    struck,
)


def _bubbles(
    generator: np.random.Generator, count: int, rate_hz: int, *, rate: float, low_hz: float, high_hz: float
) -> Float[np.ndarray, "samples"]:
    """`rate` bubbles a second: each a short damped tone, as an air bubble in water rings (Minnaert 1933)."""
    signal = np.zeros(count, dtype=np.float32)
    length = sample_count(0.05, rate_hz)
    for _ in range(8):
        pitch_hz = log_uniform(generator, low_hz, high_hz)
        kernel = modes(
            length, rate_hz,
            frequency_hz=np.array([pitch_hz, 1.02 * pitch_hz]),
            decay_s=np.full(2, 6.0 / pitch_hz),
            gain=np.ones(2),
        )  # fmt: skip
        times = generator.uniform(0.0, count / rate_hz, int(rate * count / rate_hz / 8.0) + 1)
        weights = generator.uniform(0.1, 1.0, len(times))
        signal += struck(count, rate_hz, times_s=times, weights=weights, blow=kernel)
    return signal / np.float32(root_mean_square(signal) + 1e-9)


def _crackle(
    generator: np.random.Generator, count: int, rate_hz: int, *, rate: float, spread: float
) -> Float[np.ndarray, "samples"]:
    """`rate` snaps a second of log-normal strength (`spread` its deviation), each a click through a few splinters."""
    signal = np.zeros(count, dtype=np.float32)
    length = sample_count(0.025, rate_hz)
    for _ in range(4):
        splinter_hz = log_uniform(generator, 1200.0, 7500.0)
        response = formants((splinter_hz, splinter_hz, 0.0), (0.35 * splinter_hz, 600.0, -10.0), floor_db=-18.0)
        decay_s = log_uniform(generator, 0.0008, 0.006)
        snap = noise(generator, length, rate_hz, response) * strike(length, rate_hz, attack_s=1e-4, decay_s=decay_s)
        times = generator.uniform(0.0, count / rate_hz, max(1, generator.poisson(rate * count / rate_hz / 4.0)))
        weights = np.exp(spread * generator.standard_normal(len(times)))
        signal += struck(count, rate_hz, times_s=times, weights=weights, blow=snap)
    return signal


def fire(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A wood fire: snaps from rare to dense over the low flutter of flames and a soft hiss."""
    count = sample_count(duration_s, rate_hz)
    snaps = _crackle(
        generator, count, rate_hz, rate=log_uniform(generator, 8.0, 150.0), spread=generator.uniform(0.7, 1.5)
    )
    snaps = snaps / np.float32(np.abs(snaps).max() + 1e-9)
    flame = noise(generator, count, rate_hz, curve((15.0, 0.0), (60.0, 0.0), (200.0, -12.0), (1500.0, -30.0)))
    flutter = swelling(generator, count, rate_hz, knots_hz=9.0, depth=0.4)
    hiss = noise(generator, count, rate_hz, curve((200.0, -10.0), (2500.0, 0.0), (9000.0, -6.0)))
    low, high = log_uniform(generator, 0.006, 0.2), log_uniform(generator, 0.001, 0.02)
    return normalised(snaps + low * flame * flutter + high * hiss)


def rain(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """Rain: the steady wash of far drops and the patter of near ones on leaves, stone or a roof."""
    count = sample_count(duration_s, rate_hz)
    peak_hz = log_uniform(generator, 1200.0, 5500.0)
    low_db, top_db = generator.uniform(-26.0, -6.0), generator.uniform(-14.0, 2.0)
    wash = noise(
        generator, count, rate_hz, curve((60.0, low_db), (peak_hz / 5.0, -7.0), (peak_hz, 0.0), (10000.0, top_db))
    )
    length = sample_count(0.02, rate_hz)
    drops = log_uniform(generator, 20.0, 400.0)
    surface = formants((log_uniform(generator, 700.0, 5000.0), 2000.0, 0.0), floor_db=-14.0)
    drop = noise(generator, length, rate_hz, surface) * strike(
        length, rate_hz, attack_s=1e-4, decay_s=log_uniform(generator, 0.0008, 0.004)
    )
    times = generator.uniform(0.0, duration_s, int(drops * duration_s) + 1)
    patter = struck(
        count, rate_hz, times_s=times, weights=np.exp(0.7 * generator.standard_normal(len(times))), blow=drop
    )
    share = log_uniform(generator, 0.15, 2.0)
    return normalised(wash + share * patter / np.float32(root_mean_square(patter) + 1e-9))


def waves(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """The sea: a low surge that swells over 3 to 9 s and a brighter wash when the wave breaks and runs back."""
    count = sample_count(duration_s, rate_hz)
    body_hz = log_uniform(generator, 180.0, 700.0)
    period_s = log_uniform(generator, 3.0, 9.0)
    swell = 0.5 - 0.5 * swing(count, rate_hz, 1.0 / period_s, 2.0 * np.pi * generator.random())
    depth = generator.uniform(0.3, 0.95)
    low_db = generator.uniform(-16.0, 2.0)
    surge = noise(
        generator, count, rate_hz, curve((50.0, low_db), (body_hz, 0.0), (4.0 * body_hz, -12.0), (8000.0, -34.0))
    )
    wash = noise(generator, count, rate_hz, curve((100.0, -20.0), (900.0, 0.0), (3000.0, -5.0), (9000.0, -16.0)))
    broken = np.clip(swell - 0.4, 0.0, 1.0)
    broken = broken * np.sqrt(broken)
    wander = swelling(
        generator, count, rate_hz, knots_hz=log_uniform(generator, 1.5, 9.0), depth=generator.uniform(0.1, 0.35)
    )
    share = log_uniform(generator, 0.1, 0.8)
    return normalised(
        (surge * (1.0 - depth + depth * swell) + share * wash * (1.0 - depth + depth * 2.0 * broken)) * wander
    )


def stream(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A waterfall: a broad rush without gaps, deep near the plunge, with bubbling in it."""
    count = sample_count(duration_s, rate_hz)
    rush = noise(
        generator,
        count,
        rate_hz,
        curve((60.0, generator.uniform(-8.0, 0.0)), (500.0, 0.0), (3000.0, -5.0), (9000.0, -15.0)),
    )
    return normalised(rush + 0.25 * _bubbles(generator, count, rate_hz, rate=50.0, low_hz=400.0, high_hz=1600.0))


def fountain(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A fountain: jets falling into a basin, bubbles of 600 to 3500 Hz ringing over a light splash."""
    count = sample_count(duration_s, rate_hz)
    splash = noise(
        generator, count, rate_hz, curve((150.0, -20.0), (log_uniform(generator, 1200.0, 2500.0), 0.0), (9000.0, -9.0))
    )
    gusts = swelling(generator, count, rate_hz, knots_hz=12.0, depth=0.25)
    bubbles = _bubbles(
        generator, count, rate_hz, rate=log_uniform(generator, 60.0, 160.0), low_hz=600.0, high_hz=3500.0
    )
    return normalised(splash * gusts + generator.uniform(0.7, 1.6) * bubbles)


def running_water(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A tap into a sink: a hissing jet, the basin's hollow resonances, gurgling below."""
    count = sample_count(duration_s, rate_hz)
    jet = noise(
        generator, count, rate_hz, curve((200.0, -18.0), (log_uniform(generator, 2500.0, 5500.0), 0.0), (11000.0, -6.0))
    )
    basin_hz = log_uniform(generator, 280.0, 600.0)
    basin = noise(
        generator, count, rate_hz, formants((basin_hz, 60.0, 0.0), (2.2 * basin_hz, 120.0, -4.0), floor_db=-30.0)
    )
    gurgle = _bubbles(generator, count, rate_hz, rate=30.0, low_hz=250.0, high_hz=900.0)
    return normalised(jet + generator.uniform(0.2, 0.6) * basin + generator.uniform(0.1, 0.4) * gurgle)


def flush(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A toilet: a clunk, a rush that swells and drains within 2 to 4 s, a swallow, then the cistern filling."""
    count = sample_count(duration_s, rate_hz)
    at = slow_times(count) / rate_hz
    drained_s, fall_db = generator.uniform(1.6, 3.6), generator.uniform(-16.0, -5.0)
    rush = noise(
        generator,
        count,
        rate_hz,
        curve((80.0, -6.0), (log_uniform(generator, 300.0, 1000.0), 0.0), (3000.0, fall_db), (9e3, 2.5 * fall_db)),
    )
    body = stretched(np.clip(at / 0.4, 0.0, 1.0) * np.clip((drained_s + 0.6 - at) / 0.8, 0.0, 1.0), count)
    filling = noise(generator, count, rate_hz, curve((300.0, -20.0), (3500.0, 0.0), (10000.0, -4.0)))
    signal = rush * body + log_uniform(generator, 0.05, 0.4) * filling * stretched(np.clip(at / 1.5, 0.0, 1.0), count)
    swallow = _bubbles(generator, count, rate_hz, rate=25.0, low_hz=130.0, high_hz=420.0)
    signal = signal + 0.7 * swallow * stretched(np.exp(-(((at - drained_s) / 0.35) ** 2)), count)
    length = sample_count(0.1, rate_hz)
    clunk = noise(generator, length, rate_hz, formants((420.0, 200.0, 0.0), (1700.0, 900.0, -6.0)))
    place(signal, 3.0 * clunk * strike(length, rate_hz, attack_s=5e-4, decay_s=0.012), 0.0, rate_hz)
    return normalised(signal)


def sizzle(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """Frying: a bright hiss over 3 kHz, dense tiny spits, a louder spit now and then, swelling and sinking."""
    count = sample_count(duration_s, rate_hz)
    bright_hz = log_uniform(generator, 4500.0, 8500.0)
    hiss = noise(generator, count, rate_hz, curve((300.0, -34.0), (1500.0, -16.0), (bright_hz, 0.0), (11000.0, -3.0)))
    length = sample_count(0.008, rate_hz)
    spit = noise(generator, length, rate_hz, formants((bright_hz, 4000.0, 0.0)))
    spit = spit * strike(length, rate_hz, attack_s=1e-4, decay_s=0.0012)
    times = generator.uniform(0.0, duration_s, int(log_uniform(generator, 80.0, 400.0) * duration_s) + 1)
    spits = struck(
        count, rate_hz, times_s=times, weights=np.exp(0.9 * generator.standard_normal(len(times))), blow=spit
    )
    swell = swelling(generator, count, rate_hz, knots_hz=2.0, depth=0.2)
    return normalised(hiss * swell + generator.uniform(0.3, 1.0) * spits / np.float32(root_mean_square(spits) + 1e-9))
