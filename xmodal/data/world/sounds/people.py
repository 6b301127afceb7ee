"""The voices of people: crying, laughing, talking far enough away to have no words, cheering, sneezing."""

import numpy as np
from jaxtyping import Float, Int64

from xmodal.data.world.sounds.control import bump, contour, drift, strike, swelling
from xmodal.data.world.sounds.spectra import Response, curve, fast_size, formants, forward, inverse, magnitudes, noise
from xmodal.data.world.sounds.synthesis import (
    beats,
    log_uniform,
    normalised,
    oscillator,
    place,
    repeated,
    sample_count,
    struck,
    tilt,
    voice,
)

VOWELS_HZ: tuple[tuple[float, float, float], ...] = (
    (730.0, 1090.0, 2440.0),
    (660.0, 1720.0, 2410.0),
    (530.0, 1840.0, 2480.0),
    (390.0, 1990.0, 2550.0),
    (270.0, 2290.0, 3010.0),
    (570.0, 840.0, 2410.0),
    (440.0, 1020.0, 2240.0),
    (300.0, 870.0, 2240.0),
    (490.0, 1350.0, 1690.0),
)
"""First three formants of men's vowels (Peterson and Barney 1952, table II); other tracts scale them."""


def _vowel(number: int, tract: float) -> Response:
    """The vocal tract of vowel `number`, its formants times `tract` (1 a man, 1.17 a woman, about 1.3 a child)."""
    first, second, third = (tract * hz for hz in VOWELS_HZ[number])
    return formants((first, 90.0, 0.0), (second, 120.0, -6.0), (third, 180.0, -13.0), (3600.0 * tract, 300.0, -22.0))


def baby_cry(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A baby: arched wails of 0.4 to 1.5 s with a gasp between; the energy lies at 1 to 4 kHz, over the pitch."""
    pitch_hz = log_uniform(generator, 340.0, 600.0)
    length_s, gap_s = log_uniform(generator, 0.4, 1.5), generator.uniform(0.2, 0.7)
    low_hz, high_hz = log_uniform(generator, 850.0, 1500.0), log_uniform(generator, 2500.0, 4000.0)
    high_db, slope_db = generator.uniform(-14.0, 2.0), generator.uniform(-6.0, -1.0)
    rough, breath = log_uniform(generator, 0.003, 0.05), log_uniform(generator, 0.02, 0.3)
    flutter_hz, flutter = log_uniform(generator, 10.0, 90.0), generator.uniform(0.05, 0.4)

    tract = formants((low_hz, 350.0, 0.0), (high_hz, 700.0, high_db), (6000.0, 2000.0, high_db - 12.0))

    chest = curve((250.0, -18.0), (900.0, 0.0))

    def response(frequency_hz: np.ndarray) -> np.ndarray:
        return tract(frequency_hz) * chest(frequency_hz)

    def call() -> np.ndarray:
        count = sample_count(length_s * generator.uniform(0.6, 1.3), rate_hz)
        top = generator.uniform(1.0, 1.25)
        pitch = pitch_hz * contour(count, (0.0, 0.8), (0.2, top), (0.7, top * 0.95), (1.0, 0.75))
        pitch = pitch * (1.0 + drift(generator, count, rate_hz, knots_hz=200.0, depth=rough))
        pitch = pitch * (1.0 + drift(generator, count, rate_hz, knots_hz=7.0, depth=0.02))
        sound = voice(generator, pitch, rate_hz, response=response, slope_db=slope_db, breath=breath)
        sound = sound * (1.0 + drift(generator, count, rate_hz, knots_hz=flutter_hz, depth=flutter))
        gasp_count = sample_count(gap_s * 0.6, rate_hz)
        gasp = noise(generator, gasp_count, rate_hz, formants((1800.0, 900.0, 0.0), (3800.0, 1500.0, -3.0)))
        rest = np.zeros(sample_count(gap_s * 0.2, rate_hz), dtype=np.float32)
        inhaled = generator.uniform(0.01, 0.12) * gasp * bump(gasp_count, rise=0.5, fall=0.3)
        return np.concatenate([generator.uniform(0.5, 1.0) * sound * bump(count, rise=0.15, fall=0.3), rest, inhaled])

    times = beats(generator, duration_s, period_s=length_s + gap_s, jitter=0.2)
    return repeated(times, call, duration_s=duration_s, rate_hz=rate_hz)


def laughter(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A child: bouts of ha-ha at 4 to 6.5 a second that fall in pitch and loudness, with a breath between."""
    pitch_hz, tract = log_uniform(generator, 280.0, 520.0), generator.uniform(1.2, 1.4)
    pulse_s = 1.0 / generator.uniform(4.0, 6.5)
    response = _vowel(int(generator.choice([0, 1, 2, 5])), tract)
    breath = log_uniform(generator, 0.08, 0.5)

    def bout() -> np.ndarray:
        notes = int(generator.integers(3, 9))
        signal = np.zeros(sample_count((notes + 1) * pulse_s, rate_hz), dtype=np.float32)
        for note in range(notes):
            count = sample_count(pulse_s * generator.uniform(0.55, 0.75), rate_hz)
            height = pitch_hz * (1.25 - 0.35 * note / notes) * generator.uniform(0.93, 1.07)
            pitch = height * contour(count, (0.0, 0.95), (0.3, 1.08), (1.0, 0.85))
            sound = voice(generator, pitch, rate_hz, response=response, slope_db=-7.0, breath=breath)
            place(
                signal, (1.0 - 0.6 * note / notes) * sound * bump(count, rise=0.25, fall=0.5), note * pulse_s, rate_hz
            )
        return signal * generator.uniform(0.6, 1.0)

    times = beats(generator, duration_s, period_s=6.0 * pulse_s + generator.uniform(0.4, 0.9), jitter=0.15)
    return repeated(times, bout, duration_s=duration_s, rate_hz=rate_hz)


def _babble(
    generator: np.random.Generator, *, duration_s: float, rate_hz: int, pitch_hz: float, tract: float
) -> Float[np.ndarray, "samples"]:
    """Talk without words: syllables of changing vowels, some led by a hiss, in phrases that fall in pitch."""
    syllable_s = 1.0 / generator.uniform(3.6, 5.8)
    slope_db, breath = generator.uniform(-11.0, -7.0), generator.uniform(0.03, 0.12)
    melody = generator.uniform(0.03, 0.12)
    bins = fast_size(sample_count(0.58 * syllable_s, rate_hz) + 1) + 1
    vowels = np.stack([magnitudes(bins, rate_hz, _vowel(number, tract)) for number in range(len(VOWELS_HZ))])
    hiss_hz = generator.uniform(2500.0, 6500.0, 3)
    hisses = [noise(generator, sample_count(0.12, rate_hz), rate_hz, formants((hz, 2500.0, 0.0))) for hz in hiss_hz]

    times = beats(generator, duration_s, period_s=7.0 * syllable_s + generator.uniform(0.2, 0.7), jitter=0.1)
    left_s = iter(duration_s - times)

    def phrase() -> np.ndarray:
        syllables = min(int(generator.integers(4, 11)), int(next(left_s) / syllable_s) + 1)
        count = sample_count((syllables + 1) * syllable_s, rate_hz)
        tune = 1.0 + melody * generator.standard_normal(2 * syllables + 1) - np.linspace(-0.15, 0.15, 2 * syllables + 1)
        knots = np.linspace(0.0, 1.0, 2 * syllables + 1)
        pitch = pitch_hz * contour(count, *zip(knots, np.maximum(tune, 0.6), strict=True))
        voiced = oscillator(pitch, tilt(80, slope_db), rate_hz=rate_hz, phases=generator.random(80) * 2.0 * np.pi)
        source = voiced + np.float32(breath) * (2.0 * generator.random(count, dtype=np.float32) - 1.0)
        spoken = vowels[generator.integers(len(vowels), size=syllables)]
        lengths = np.round(syllable_s * rate_hz * generator.uniform(0.6, 1.15, syllables)).astype(np.int64)
        starts = np.round(np.arange(syllables) * (syllable_s * rate_hz)).astype(np.int64)
        sounds = _syllables(source, starts, lengths, spoken) * generator.uniform(0.4, 1.0, (syllables, 1))
        signal = np.zeros(count, dtype=np.float32)
        for start, length, sound in zip(starts / rate_hz, lengths, sounds, strict=True):
            place(signal, sound[:length], start, rate_hz)
            if generator.random() < 0.45:
                hiss = hisses[generator.integers(len(hisses))][: sample_count(generator.uniform(0.04, 0.12), rate_hz)]
                place(signal, 0.2 * hiss * bump(len(hiss), rise=0.4, fall=0.4), start, rate_hz)
        return signal

    return repeated(times, phrase, duration_s=duration_s, rate_hz=rate_hz)


def _syllables(
    source: Float[np.ndarray, "samples"],
    starts: Int64[np.ndarray, "syllables"],
    lengths: Int64[np.ndarray, "syllables"],
    vowels: Float[np.ndarray, "syllables bins"],
) -> Float[np.ndarray, "syllables longest"]:
    """Each stretch of the source through its own vowel, at unit power; all of them in one transform."""
    size = 2 * (vowels.shape[1] - 1)
    spans = np.zeros((len(starts), size), dtype=np.float32)
    for row, start, length in zip(spans, starts, lengths, strict=True):
        span = source[start : start + length]
        row[: len(span)] = span * bump(len(span), rise=0.25, fall=0.35)
    sounds = inverse(forward(spans, size) * vowels, size)
    power = np.einsum("ns,ns->n", sounds, sounds) / lengths
    return sounds / np.sqrt(power + 1e-18).astype(np.float32)[:, None]


def male_babble(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A man talking: 80 to 150 Hz."""
    pitch_hz, tract = log_uniform(generator, 80.0, 150.0), generator.uniform(0.92, 1.08)
    return _babble(generator, duration_s=duration_s, rate_hz=rate_hz, pitch_hz=pitch_hz, tract=tract)


def female_babble(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A woman talking: 170 to 270 Hz through a shorter tract."""
    pitch_hz, tract = log_uniform(generator, 170.0, 270.0), generator.uniform(1.1, 1.24)
    return _babble(generator, duration_s=duration_s, rate_hz=rate_hz, pitch_hz=pitch_hz, tract=tract)


def crowd_cheer(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A crowd: a swelling roar of open vowels, single yells and whistles over it, some clapping."""
    count = sample_count(duration_s, rate_hz)
    roar = noise(
        generator, count, rate_hz, formants((generator.uniform(600.0, 1100.0), 700.0, 0.0), (2600.0, 1400.0, -9.0))
    )
    swell = swelling(generator, count, rate_hz, knots_hz=1.2, depth=0.25) * bump(count, rise=0.15, fall=0.2)
    signal = roar * swell
    for at_s in generator.uniform(0.0, duration_s, int(1.6 * duration_s) + 1):
        length = sample_count(generator.uniform(0.25, 0.8), rate_hz)
        height = log_uniform(generator, 220.0, 700.0)
        pitch = height * contour(length, (0.0, 0.85), (0.4, 1.1), (1.0, 0.8))
        tract = _vowel(int(generator.choice([0, 1, 5])), generator.uniform(1.0, 1.3))
        yell = voice(generator, pitch, rate_hz, response=tract, slope_db=-4.0, breath=0.1) * bump(length)
        place(signal, generator.uniform(0.15, 0.5) * yell, at_s, rate_hz)
    clap_count = sample_count(0.012, rate_hz)
    clap = noise(generator, clap_count, rate_hz, formants((1400.0, 1500.0, 0.0)))
    times = generator.uniform(0.0, duration_s, int(40.0 * duration_s))
    return normalised(
        signal
        + struck(
            count,
            rate_hz,
            times_s=times,
            weights=generator.uniform(0.05, 0.5, len(times)) * generator.uniform(0.0, 2.0),
            blow=clap * strike(clap_count, rate_hz, attack_s=2e-4, decay_s=0.004),
        )
    )


def sneeze(generator: np.random.Generator, *, duration_s: float, rate_hz: int) -> Float[np.ndarray, "samples"]:
    """A sneeze: often a drawn breath, then a burst of air that may be voiced, dying over a third of a second."""
    voiced = generator.random()
    pitch_hz = log_uniform(generator, 170.0, 520.0)
    mouth_hz = log_uniform(generator, 450.0, 1100.0)
    air_db = generator.uniform(-12.0, 3.0)
    tail_s = log_uniform(generator, 0.05, 0.22)

    def call() -> np.ndarray:
        breath_count = sample_count(generator.uniform(0.15, 0.6), rate_hz)
        breath = noise(generator, breath_count, rate_hz, formants((mouth_hz, 700.0, 0.0), (2600.0, 1500.0, -4.0)))
        drawn = log_uniform(generator, 0.005, 0.25) * breath * bump(breath_count, rise=0.7, fall=0.15)
        rest = np.zeros(sample_count(generator.uniform(0.02, 0.2), rate_hz), dtype=np.float32)
        count = sample_count(5.0 * tail_s, rate_hz)
        response = formants(
            (mouth_hz, 350.0, 0.0),
            (2.4 * mouth_hz, 900.0, generator.uniform(-14.0, -4.0)),
            (5500.0, 5000.0, air_db - 4.0),
        )
        air = noise(generator, count, rate_hz, response)
        pitch = pitch_hz * contour(count, (0.0, 1.25), (0.2, 1.0), (1.0, 0.6))
        tone = voice(generator, pitch, rate_hz, response=response, slope_db=-5.0, breath=0.2)
        burst = (1.0 - voiced) * air + voiced * tone
        return np.concatenate([drawn, rest, burst * strike(count, rate_hz, attack_s=0.012, decay_s=tail_s)])

    times = beats(generator, duration_s, period_s=generator.uniform(1.6, 9.0), jitter=0.2)
    return repeated(times, call, duration_s=duration_s, rate_hz=rate_hz)
