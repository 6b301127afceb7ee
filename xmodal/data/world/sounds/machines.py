"""Machines that hum, whirr, buzz and beat: household appliances, tools, and things that strike."""

import numpy as np
from jaxtyping import Float

from xmodal.data.world.sounds.control import bump, contour, drift, strike, swing
from xmodal.data.world.sounds.spectra import curve, formants, noise, ringing
from xmodal.data.world.sounds.synthesis import (
    beats,
    clicks,
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
from xmodal.data.world.sounds.vehicles import engine


def _steady(count: int, frequency_hz: float) -> Float[np.ndarray, "samples"]:
    """A constant pitch."""
    return np.full(count, frequency_hz, dtype=np.float32)


def fridge_hum(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A refrigerator: harmonics of 100 or 120 Hz, beating slowly, and little else."""
    count = sample_count(duration_s, rate_hz)
    mains_hz = float(generator.choice([50.0, 60.0]))
    amplitudes = np.array([0.3, 1.0, 0.15, 0.6, 0.1, 0.35, 0.05, 0.2]) * np.exp(0.5 * generator.standard_normal(8))
    hum = oscillator(_steady(count, mains_hz), amplitudes, rate_hz=rate_hz, phases=6.28 * generator.random(8))
    beat = 1.0 + drift(generator, count, rate_hz, knots_hz=generator.uniform(1.0, 4.0), depth=0.1)
    air = noise(generator, count, rate_hz, curve((60.0, 0.0), (400.0, -12.0), (3000.0, -40.0)))
    return normalised(hum * beat + generator.uniform(0.03, 0.15) * air)


def washer(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A washing machine: laundry slosh and thump once a turn of the drum over its motor."""
    count = sample_count(duration_s, rate_hz)
    turn_s = log_uniform(generator, 0.5, 1.3)
    motor_hz = log_uniform(generator, 90.0, 260.0)
    motor = oscillator(_steady(count, motor_hz), tilt(14, -5.0), rate_hz=rate_hz, phases=6.28 * generator.random(14))
    sway = swing(count, rate_hz, 1.0 / turn_s, generator.uniform(0.0, 6.28))
    slosh = noise(
        generator, count, rate_hz, formants((log_uniform(generator, 350.0, 800.0), 500.0, 0.0), (2400.0, 2000.0, -10.0))
    )
    length = sample_count(0.2, rate_hz)
    drum = noise(generator, length, rate_hz, formants((85.0, 60.0, 0.0), (280.0, 200.0, -8.0)))
    times = beats(generator, duration_s, period_s=turn_s, jitter=0.06)
    thump = struck(
        count,
        rate_hz,
        times_s=times,
        weights=generator.uniform(0.5, 1.0, len(times)),
        blow=drum * strike(length, rate_hz, attack_s=0.006, decay_s=0.05),
    )
    return normalised(generator.uniform(0.2, 0.5) * motor + 0.7 * slosh * (0.6 + 0.5 * sway) + 1.5 * thump)


def vacuum(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A vacuum cleaner: a universal motor's whine and its harmonics in a steady rush of air."""
    count = sample_count(duration_s, rate_hz)
    strokes = 1.0 + drift(generator, count, rate_hz, knots_hz=1.5, depth=0.015)
    whine_hz = log_uniform(generator, 330.0, 700.0) * strokes
    whine = oscillator(
        whine_hz, tilt(12, generator.uniform(-6.0, -2.0)), rate_hz=rate_hz, phases=generator.random(12) * 6.28
    )
    rush = noise(
        generator, count, rate_hz, curve((80.0, -14.0), (log_uniform(generator, 600.0, 1800.0), 0.0), (9000.0, -16.0))
    )
    return normalised(rush + generator.uniform(0.35, 1.0) * whine)


def printer(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A printer: the carriage's stepping whirr to and fro, a click at each turn, paper feeding between."""
    count = sample_count(duration_s, rate_hz)
    stroke_s = generator.uniform(0.35, 0.9)
    step_hz = log_uniform(generator, 350.0, 900.0)
    tract = formants((log_uniform(generator, 1100.0, 2600.0), 900.0, 0.0), (4200.0, 1500.0, -8.0))
    length = sample_count(0.04, rate_hz)
    latch = noise(generator, length, rate_hz, formants((2400.0, 1800.0, 0.0))) * strike(
        length, rate_hz, attack_s=4e-4, decay_s=0.008
    )

    def stroke() -> np.ndarray:
        span = sample_count(stroke_s * 0.85, rate_hz)
        speed = step_hz * contour(span, (0.0, 0.4), (0.15, 1.0), (0.85, 1.0), (1.0, 0.4))
        whirr = oscillator(speed, tilt(10, -2.0), rate_hz=rate_hz) * bump(span, rise=0.15, fall=0.15)
        paper = noise(generator, span, rate_hz, tract)
        sound = 0.6 * whirr + generator.uniform(0.2, 0.5) * paper * bump(span, rise=0.3, fall=0.3)
        place(sound, generator.uniform(1.0, 2.5) * latch, 0.0, rate_hz)
        return sound

    times = beats(generator, count / rate_hz, period_s=stroke_s, jitter=generator.uniform(0.0, 0.15))
    return repeated(times, stroke, duration_s=duration_s, rate_hz=rate_hz)


def drill(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """An electric drill: bursts that spin up to a gear whine of 0.5 to 1.4 kHz, sag under load and spin down."""
    top_hz = log_uniform(generator, 500.0, 1400.0)
    grind_db = generator.uniform(-10.0, 0.0)
    amplitudes = tilt(16, -2.0) * np.exp(0.6 * generator.standard_normal(16))
    grit = formants((log_uniform(generator, 1800.0, 4500.0), 2000.0, grind_db), (600.0, 500.0, grind_db - 8.0))

    def burst() -> np.ndarray:
        count = sample_count(generator.uniform(0.8, 2.2), rate_hz)
        spin = contour(count, (0.0, 0.25), (0.12, 1.0), (0.4, generator.uniform(0.75, 1.0)), (0.9, 0.95), (1.0, 0.4))
        spin = spin * (1.0 + drift(generator, count, rate_hz, knots_hz=30.0, depth=0.01))
        whine = oscillator(top_hz * spin, amplitudes, rate_hz=rate_hz, phases=generator.random(16) * 6.28)
        chatter = 1.0 + 0.4 * oscillator(top_hz * spin / 18.0, np.ones(1), rate_hz=rate_hz)
        cut = 0.8 * noise(generator, count, rate_hz, grit)
        return (
            (whine + cut * contour(count, (0.0, 0.0), (0.2, 1.0), (0.9, 1.0), (1.0, 0.0)))
            * chatter
            * bump(count, rise=0.06, fall=0.08)
        )

    times = beats(generator, duration_s, period_s=generator.uniform(1.8, 3.2), jitter=0.2)
    return repeated(times, burst, duration_s=duration_s, rate_hz=rate_hz)


def chainsaw(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A chainsaw: a two-stroke at 30 to 60 firings a second idling, 90 to 190 cutting, its chain tearing wood."""
    count = sample_count(duration_s, rate_hz)
    cutting_hz = log_uniform(generator, 90.0, 190.0)
    gusts_hz = log_uniform(generator, 0.6, 5.0)
    throttle = np.clip(
        0.7 + drift(generator, count, rate_hz, knots_hz=gusts_hz, depth=generator.uniform(0.2, 0.7)), 0.0, 1.0
    )
    firing = (cutting_hz * (0.35 + 0.65 * throttle)).astype(np.float32)
    firing = firing * (1.0 + drift(generator, count, rate_hz, knots_hz=15.0, depth=0.02))
    body_hz = log_uniform(generator, 180.0, 420.0)
    low_db, high_db, air_db = generator.uniform((-14.0, -14.0, -22.0), (2.0, -6.0, -8.0))
    exhaust = formants(
        (log_uniform(generator, 60.0, 140.0), 60.0, low_db), (body_hz, 200.0, 0.0),
        (log_uniform(generator, 550.0, 1000.0), 400.0, -1.0), (1700.0, 900.0, high_db),
        (4200.0, 4000.0, air_db), floor_db=-45.0,
    )  # fmt: skip
    motor = engine(generator, firing, rate_hz, exhaust=exhaust, uneven=0.3, air=log_uniform(generator, 0.25, 1.2))
    return normalised(motor * (0.15 + 0.85 * throttle * np.sqrt(throttle)))


def hammering(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A hammer on a nail in wood: 1.5 to 4 blows a second, a thud and the ring of the head."""
    length = sample_count(0.35, rate_hz)
    wood_hz, steel_hz = log_uniform(generator, 130.0, 420.0), log_uniform(generator, 1800.0, 4500.0)
    wood = noise(
        generator,
        length,
        rate_hz,
        formants((wood_hz, 120.0, 0.0), (3.1 * wood_hz, 400.0, -7.0), (4000.0, 4000.0, -16.0)),
    )
    body = wood * strike(length, rate_hz, attack_s=3e-4, decay_s=log_uniform(generator, 0.012, 0.04))
    partials_hz = steel_hz * np.array([1.0, 1.47, 2.09])
    ring_s = log_uniform(generator, 0.015, 0.09) * np.array([1.0, 0.7, 0.5])
    ring = modes(length, rate_hz, frequency_hz=partials_hz, decay_s=ring_s, gain=np.array([1.0, 0.6, 0.4]))
    times = beats(
        generator, duration_s, period_s=1.0 / generator.uniform(1.5, 4.0), jitter=generator.uniform(0.02, 0.15)
    )
    weights = generator.uniform(0.6, 1.0, len(times))
    return normalised(
        struck(
            sample_count(duration_s, rate_hz),
            rate_hz,
            times_s=times,
            weights=weights,
            blow=body + generator.uniform(0.2, 1.0) * ring,
        )
    )


def typing(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """Typing: irregular key clicks, 5 to 12 a second in words, each a press and a softer release."""
    count = sample_count(duration_s, rate_hz)
    length = sample_count(0.04, rate_hz)
    cap_hz = log_uniform(generator, 1300.0, 3800.0)
    response = formants(
        (cap_hz, 1200.0, 0.0), (2.1 * cap_hz, 2500.0, -5.0), (320.0, 250.0, generator.uniform(-14.0, -4.0))
    )
    signal = np.zeros(count, dtype=np.float32)
    key_s = 1.0 / generator.uniform(5.0, 12.0)
    times = beats(generator, duration_s, period_s=key_s, jitter=0.4)
    kept = times[(generator.random(len(times)) < 0.85) | (times == times[0])]
    blows = [
        noise(generator, length, rate_hz, response) * strike(length, rate_hz, attack_s=3e-4, decay_s=0.005)
        for _ in range(4)
    ]
    released = kept + generator.uniform(0.05, 0.09, len(kept))
    for times, low, high in ((kept, 0.5, 1.0), (released, 0.1, 0.3)):
        which, weights = generator.integers(len(blows), size=len(times)), generator.uniform(low, high, len(times))
        for number, blow in enumerate(blows):
            mine = which == number
            signal += struck(count, rate_hz, times_s=times[mine], weights=weights[mine], blow=blow)
    return normalised(signal)


def clock_tick(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A clock: exact ticks, 1 to 5 a second, tick and tock differing, each a few clicks of the escapement in a case."""
    length = sample_count(0.25, rate_hz)
    tone_hz, case_s = log_uniform(generator, 500.0, 4500.0), log_uniform(generator, 0.002, 0.02)
    case = formants(
        (tone_hz, 0.5 * tone_hz, 0.0), (2.6 * tone_hz, tone_hz, generator.uniform(-14.0, -2.0)), floor_db=-35.0
    )
    period_s = 1.0 / float(generator.choice([1.0, 1.0, 2.0, 2.0, 2.5, 3.0, 4.0, 5.0]))
    times = np.arange(generator.uniform(0.0, 0.4 * period_s), max(duration_s, 0.5 * period_s), period_s)
    ring = modes(
        length, rate_hz,
        frequency_hz=tone_hz * np.array([1.0, 1.51, 2.31]) * generator.uniform(0.9, 1.1, 3),
        decay_s=log_uniform(generator, 0.004, 0.05) * np.array([1.0, 0.6, 0.4]),
        gain=generator.uniform(0.2, 1.0, 3) * generator.uniform(0.0, 0.6),
    )  # fmt: skip
    signal = np.zeros(sample_count(duration_s, rate_hz), dtype=np.float32)
    balance = generator.uniform(0.3, 1.0)
    for side in range(2):
        sparks = clicks(length, rate_hz, generator.uniform(0.0, 0.02, 3), generator.uniform(0.2, 1.0, 3))
        knock = noise(generator, length, rate_hz, case) * strike(length, rate_hz, attack_s=2e-4, decay_s=case_s)
        tick = ringing(sparks, knock + ring)
        for at_s in times[side::2] if duration_s > period_s else times[:1]:
            place(
                signal,
                (balance if side else 1.0) * tick,
                float(min(at_s, 0.5 * duration_s) if len(times) == 1 else at_s),
                rate_hz,
            )
    return normalised(signal)


def bounce(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A ball: hollow thuds, dribbled evenly or dropped so that each bounce comes sooner and softer."""
    length = sample_count(0.3, rate_hz)
    skin_hz = log_uniform(generator, 75.0, 190.0)
    hollow = modes(
        length, rate_hz,
        frequency_hz=skin_hz * np.array([1.0, 2.4, 3.9, 7.1]),
        decay_s=np.array([0.06, 0.03, 0.02, 0.012]) * generator.uniform(0.6, 1.5),
        gain=np.array([1.0, 0.5, 0.35, 0.25]),
    )  # fmt: skip
    slap = noise(generator, length, rate_hz, formants((900.0, 900.0, 0.0))) * strike(
        length, rate_hz, attack_s=3e-4, decay_s=0.006
    )
    grain = hollow + generator.uniform(0.1, 0.5) * slap
    if generator.random() < 0.5:
        times = beats(generator, duration_s, period_s=generator.uniform(0.4, 0.75), jitter=0.06)
        weights = generator.uniform(0.7, 1.0, len(times))
    else:
        rebound, first_s = generator.uniform(0.72, 0.86), generator.uniform(0.6, 0.95)
        fall = np.cumsum(np.concatenate([[0.0], first_s * rebound ** np.arange(14)]))
        drops = np.arange(0.0, duration_s, fall[-1] + 0.5)
        times = (drops[:, None] + fall[None, :]).ravel()
        weights = np.tile(rebound ** (1.5 * np.arange(15)), len(drops))
    return normalised(struck(sample_count(duration_s, rate_hz), rate_hz, times_s=times, weights=weights, blow=grain))


def creak(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A swing: its dry joint sticks and slips at 40 to 250 a second, squealing on the way forth and back."""
    period_s = generator.uniform(1.0, 1.8)
    squeal_hz = log_uniform(generator, 500.0, 1500.0)
    slip_hz = log_uniform(generator, 60.0, 260.0)
    response = formants((squeal_hz, 90.0, 0.0), (2.3 * squeal_hz, 160.0, -3.0), (3.9 * squeal_hz, 300.0, -7.0))
    length = sample_count(0.03, rate_hz)
    iron = noise(generator, length, rate_hz, response) * strike(length, rate_hz, attack_s=3e-4, decay_s=0.008)

    def half() -> np.ndarray:
        count = sample_count(period_s * generator.uniform(0.25, 0.4), rate_hz)
        speed = slip_hz * contour(count, (0.0, 0.5), (0.45, generator.uniform(1.1, 1.7)), (1.0, 0.4))
        turns = np.cumsum(speed * (1.0 + drift(generator, count, rate_hz, knots_hz=80.0, depth=0.08))) / rate_hz
        slips = np.searchsorted(turns, np.arange(int(turns[-1]) + 1)) / rate_hz
        pulses = clicks(count, rate_hz, slips, generator.uniform(0.5, 1.0, len(slips)))
        return generator.uniform(0.5, 1.0) * ringing(pulses, iron) * bump(count, rise=0.3, fall=0.35)

    times = beats(generator, duration_s, period_s=0.5 * period_s, jitter=0.05)
    return repeated(times, half, duration_s=duration_s, rate_hz=rate_hz)
