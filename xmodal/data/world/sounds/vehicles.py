"""Engines on wheels, water and air: trains of firing pulses through an exhaust, rotors and jets."""

import numpy as np
from jaxtyping import Float

from xmodal.data.world.sounds.control import contour, drift, strike, swelling
from xmodal.data.world.sounds.spectra import Response, curve, formants, noise, root_mean_square
from xmodal.data.world.sounds.synthesis import (
    beats,
    log_uniform,
    modes,
    normalised,
    oscillator,
    place,
    pulse_times,
    sample_count,
    struck,
    tilt,
)


def engine(
    generator: np.random.Generator,
    firing_hz: Float[np.ndarray, "samples"],
    rate_hz: int,
    *,
    exhaust: Response,
    uneven: float,
    air: float,
) -> Float[np.ndarray, "samples"]:
    """A combustion engine: one pulse a firing through the exhaust, and intake noise at `air` times its level.

    The cylinders differ by the relative deviation `uneven`, which puts tones at fractions of the firing rate.
    """
    count = len(firing_hz)
    times = pulse_times(firing_hz, rate_hz)
    cylinders = int(generator.integers(1, 5))
    pattern = 1.0 + uneven * generator.standard_normal(cylinders)
    weights = np.resize(pattern, len(times)) * (1.0 + 0.5 * uneven * generator.standard_normal(len(times)))
    late = 0.1 * uneven * generator.standard_normal(len(times)) / float(firing_hz.mean())
    length = sample_count(0.06, rate_hz)
    pipe = noise(generator, length, rate_hz, exhaust) * strike(length, rate_hz, attack_s=0.001, decay_s=0.012)
    pulses = struck(count, rate_hz, times_s=times + late, weights=weights, blow=pipe)
    pulses = pulses / np.float32(root_mean_square(pulses) + 1e-9)
    breath = noise(generator, count, rate_hz, exhaust, curve((60.0, -12.0), (600.0, 0.0), (9000.0, 3.0)))
    rough = pulses + np.float32(air) * breath * (0.5 + np.abs(pulses)).clip(0.0, 2.0)
    # Hot gas and microphones both saturate: without it single pulses stand 25 dB over the rest.
    return np.tanh(0.5 * rough)


def _pass_by(generator: np.random.Generator, count: int) -> Float[np.ndarray, "samples"]:
    """Loudness of something that comes closer and leaves, or stays."""
    near = generator.uniform(0.2, 0.8)
    far = generator.uniform(0.3, 1.0)
    return contour(count, (0.0, far), (near, 1.0), (1.0, generator.uniform(0.3, 1.0)))


def car_engine(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A car: 35 to 110 firings a second that rise and fall with the gears, and the hiss of its tyres."""
    count = sample_count(duration_s, rate_hz)
    firing = log_uniform(generator, 35.0, 110.0) * contour(
        count, (0.0, 0.9), (0.6, generator.uniform(0.9, 1.4)), (1, 1)
    )
    firing = firing * (1.0 + drift(generator, count, rate_hz, knots_hz=6.0, depth=0.01))
    exhaust = formants(
        (log_uniform(generator, 90.0, 180.0), 80.0, 0.0), (log_uniform(generator, 300.0, 600.0), 250.0, -8.0)
    )
    motor = engine(generator, firing, rate_hz, exhaust=exhaust, uneven=0.12, air=generator.uniform(0.1, 0.4))
    tyres = noise(generator, count, rate_hz, curve((80.0, -14.0), (900.0, 0.0), (2500.0, -8.0), (9000.0, -26.0)))
    return normalised((motor + generator.uniform(0.1, 0.6) * tyres) * _pass_by(generator, count))


def bus_engine(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A bus: a low diesel of 18 to 40 firings a second with knocking, often a hiss of air brakes."""
    count = sample_count(duration_s, rate_hz)
    firing = np.full(count, log_uniform(generator, 18.0, 40.0), dtype=np.float32)
    firing *= 1.0 + drift(generator, count, rate_hz, knots_hz=3.0, depth=0.02)
    exhaust = formants(
        (log_uniform(generator, 50.0, 95.0), 50.0, 0.0),
        (log_uniform(generator, 160.0, 320.0), 150.0, -7.0),
        (1400.0, 900.0, -24.0),
    )
    signal = engine(generator, firing, rate_hz, exhaust=exhaust, uneven=0.25, air=generator.uniform(0.1, 0.3))
    signal = signal * _pass_by(generator, count)
    if generator.random() < 0.6:
        length = sample_count(generator.uniform(0.25, 0.7), rate_hz)
        hiss = noise(generator, length, rate_hz, curve((800.0, -20.0), (3500.0, 0.0), (9000.0, -3.0)))
        at_s = generator.uniform(0.0, max(0.1, duration_s - 0.7))
        place(
            signal,
            generator.uniform(0.5, 1.2) * hiss * strike(length, rate_hz, attack_s=0.01, decay_s=0.2),
            at_s,
            rate_hz,
        )
    return normalised(signal)


def motorcycle(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A motorcycle: a raw exhaust revved in gusts from 25 to beyond 150 firings a second."""
    count = sample_count(duration_s, rate_hz)
    idle_hz, blip = log_uniform(generator, 25.0, 55.0), generator.uniform(1.8, 4.5)
    revs = np.ones(count, dtype=np.float32)
    for at_s in beats(generator, duration_s, period_s=generator.uniform(0.7, 2.2), jitter=0.3, start_s=0.1):
        length = sample_count(generator.uniform(0.5, 1.4), rate_hz)
        place(revs, (blip - 1.0) * contour(length, (0.0, 0.0), (0.3, 1.0), (0.5, 0.8), (1.0, 0.0)), at_s, rate_hz)
    revs = np.minimum(revs, 6.0)
    exhaust = formants(
        (log_uniform(generator, 110.0, 220.0), 110.0, 0.0),
        (log_uniform(generator, 420.0, 800.0), 300.0, -4.0),
        (2200.0, 1400.0, -13.0),
    )
    motor = engine(generator, idle_hz * revs, rate_hz, exhaust=exhaust, uneven=0.3, air=generator.uniform(0.2, 0.5))
    return normalised(motor * (0.25 + 0.25 * revs))


def tractor(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A tractor: separate chugs, 7 to 18 a second, each a puff through a long pipe, with clatter."""
    count = sample_count(duration_s, rate_hz)
    firing = np.full(count, log_uniform(generator, 7.0, 18.0), dtype=np.float32)
    firing *= 1.0 + drift(generator, count, rate_hz, knots_hz=4.0, depth=0.03)
    times = pulse_times(firing, rate_hz)
    length = sample_count(0.09, rate_hz)
    pipe = formants(
        (log_uniform(generator, 80.0, 160.0), 60.0, 0.0), (log_uniform(generator, 300.0, 700.0), 250.0, -6.0)
    )
    puff = noise(generator, length, rate_hz, pipe) * strike(length, rate_hz, attack_s=0.002, decay_s=0.018)
    chugs = struck(count, rate_hz, times_s=times, weights=generator.uniform(0.6, 1.0, len(times)), blow=puff)
    clatter = noise(generator, count, rate_hz, formants((generator.uniform(1200.0, 2600.0), 900.0, 0.0)))
    rattle = (0.3 + np.abs(chugs)).clip(0.0, 1.5)
    return normalised(chugs + generator.uniform(0.05, 0.2) * clatter * rattle)


def outboard(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A boat's outboard motor: a steady two-stroke putter of 20 to 45 a second, its exhaust bubbling in water."""
    count = sample_count(duration_s, rate_hz)
    firing = np.full(count, log_uniform(generator, 16.0, 60.0), dtype=np.float32)
    firing *= 1.0 + drift(generator, count, rate_hz, knots_hz=generator.uniform(1.0, 12.0), depth=0.05)
    exhaust = formants(
        (log_uniform(generator, 180.0, 480.0), log_uniform(generator, 70.0, 250.0), 0.0),
        (log_uniform(generator, 600.0, 1600.0), 350.0, generator.uniform(-14.0, 0.0)),
    )
    motor = engine(generator, firing, rate_hz, exhaust=exhaust, uneven=0.35, air=log_uniform(generator, 0.1, 0.8))
    wash = noise(generator, count, rate_hz, formants((650.0, 700.0, 0.0), (1800.0, 1500.0, -8.0)))
    slap = swelling(generator, count, rate_hz, knots_hz=5.0, depth=generator.uniform(0.2, 0.6))
    return normalised(motor + log_uniform(generator, 0.05, 0.6) * wash * slap)


def train(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A train: rolling noise, wheel pairs over rail joints (da-dam, da-dam), flanges singing high."""
    count = sample_count(duration_s, rate_hz)
    roll_db = generator.uniform(-36.0, -14.0)
    roll = noise(generator, count, rate_hz, curve((40.0, -6.0), (120.0, 0.0), (700.0, -9.0), (4000.0, roll_db)))
    length = sample_count(0.25, rate_hz)
    wheel_hz = log_uniform(generator, 90.0, 200.0)
    rail = formants(
        (wheel_hz, 90.0, 0.0),
        (4.0 * wheel_hz, 300.0, generator.uniform(-10.0, 0.0)),
        (log_uniform(generator, 1100.0, 2600.0), 900.0, generator.uniform(-18.0, -4.0)),
    )
    blow = noise(generator, length, rate_hz, rail)
    kernel = blow * strike(length, rate_hz, attack_s=0.001, decay_s=log_uniform(generator, 0.02, 0.07))
    joint_s, pair_s = log_uniform(generator, 0.35, 1.1), generator.uniform(0.10, 0.17)
    joints = beats(generator, duration_s, period_s=joint_s, jitter=0.01, start_s=generator.uniform(0.0, 0.2))
    times = np.concatenate([joints, joints + pair_s])
    wheels = struck(count, rate_hz, times_s=times, weights=generator.uniform(0.7, 1.0, len(times)), blow=kernel)
    squeal_hz = log_uniform(generator, 2200.0, 4500.0)
    squeal = noise(generator, count, rate_hz, formants((squeal_hz, 60.0, 0.0), floor_db=-70.0))
    squeal = squeal * np.clip(drift(generator, count, rate_hz, knots_hz=2.0, depth=0.5), 0.0, 1.0)
    return normalised(
        (log_uniform(generator, 0.15, 0.9) * roll + wheels + generator.uniform(0.0, 0.35) * squeal)
        * _pass_by(generator, count)
    )


def jet(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A jet aeroplane: a broad roar with a slow crackle and the fan's whine on top."""
    count = sample_count(duration_s, rate_hz)
    knee_hz, fall_db = log_uniform(generator, 90.0, 700.0), generator.uniform(-26.0, -6.0)
    roar = noise(
        generator, count, rate_hz, curve((30.0, -14.0), (knee_hz, 0.0), (3000.0, fall_db), (9000.0, 2.2 * fall_db))
    )
    roar = roar * swelling(generator, count, rate_hz, knots_hz=14.0, depth=generator.uniform(0.05, 0.4))
    whine_hz = log_uniform(generator, 1100.0, 4500.0) * contour(count, (0.0, 1.04), (1.0, generator.uniform(0.85, 1.0)))
    whine = oscillator(whine_hz, np.array([1.0, 0.3, 0.1]), rate_hz=rate_hz)
    return normalised((roar + log_uniform(generator, 0.03, 0.7) * whine) * _pass_by(generator, count))


def helicopter(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A helicopter: blades slap 9 to 22 times a second over turbine noise; far ones are all low thud."""
    count = sample_count(duration_s, rate_hz)
    blade = np.full(count, log_uniform(generator, 9.0, 22.0), dtype=np.float32)
    blade *= 1.0 + drift(generator, count, rate_hz, knots_hz=2.0, depth=0.008)
    near = generator.random()
    top_db = -10.0 - 16.0 * (1.0 - near)
    body_hz = log_uniform(generator, 45.0, 330.0)
    slap = formants((body_hz, 0.8 * body_hz, 0.0), (3.2 * body_hz, 2.0 * body_hz, -9.0), (1500.0, 1800.0, top_db - 6.0))
    pulses = pulse_times(blade, rate_hz)
    length = sample_count(0.12, rate_hz)
    smear_s = log_uniform(generator, 0.01, 0.05)
    thud = noise(generator, length, rate_hz, slap) * strike(length, rate_hz, attack_s=0.3 * smear_s, decay_s=smear_s)
    rotor = struck(
        count, rate_hz, times_s=pulses, weights=1.0 + 0.15 * generator.standard_normal(len(pulses)), blow=thud
    )
    rotor = rotor / np.float32(root_mean_square(rotor) + 1e-9)
    wash = noise(generator, count, rate_hz, curve((50.0, 0.0), (300.0, -4.0), (2500.0, top_db), (9000.0, 2.0 * top_db)))
    swing = contour(count, (0.0, 1.0), (0.5, generator.uniform(0.6, 1.0)), (1.0, generator.uniform(0.5, 1.0)))
    turbine_hz = np.full(count, log_uniform(generator, 250.0, 900.0), dtype=np.float32)
    turbine = oscillator(turbine_hz, tilt(8, -6.0), rate_hz=rate_hz)
    depth = generator.uniform(0.1, 0.8)
    beat = 1.0 - depth + depth * np.abs(rotor).clip(0.0, 3.0)
    blades, air = log_uniform(generator, 0.4, 1.6), generator.uniform(0.4, 1.4)
    return normalised(swing * (blades * rotor + air * wash * beat + generator.uniform(0.0, 0.5) * turbine))


def bicycle_bell(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A bicycle bell: a small bright dome struck in quick trills (tring, tring)."""
    pitch_hz = log_uniform(generator, 1900.0, 3400.0)
    ratios = np.array([1.0, 1.004, 1.6, 2.1, 2.75]) * (1.0 + 0.03 * generator.standard_normal(5))
    gains = np.array([1.0, 0.7, 0.5, 0.4, 0.3]) * generator.uniform(0.4, 1.0, 5)
    ring_s = log_uniform(generator, 0.15, 0.6)
    length = sample_count(4.0 * ring_s, rate_hz)
    dome = modes(length, rate_hz, frequency_hz=pitch_hz * ratios, decay_s=ring_s / ratios, gain=gains)
    blow_s, blows = 1.0 / generator.uniform(12.0, 22.0), int(generator.integers(3, 10))
    rings = beats(generator, duration_s, period_s=blows * blow_s + generator.uniform(0.25, 1.2), jitter=0.25)
    times = (rings[:, None] + blow_s * np.arange(blows)[None, :]).ravel()
    return normalised(
        struck(
            sample_count(duration_s, rate_hz),
            rate_hz,
            times_s=times,
            weights=generator.uniform(0.5, 1.0, len(times)),
            blow=dome,
        )
    )
