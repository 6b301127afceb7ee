"""The world's sounds: every kind has one, individuals differ, kinds are told apart, events lie where they say."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.signal
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from xmodal.data.sample import SoundEvent
from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.compose import compose
from xmodal.data.world.kinds import KINDS
from xmodal.data.world.scene import DURATION_S, Scene, Thing, Unseen
from xmodal.data.world.sound import PEAK, RATE_HZ, REVERBERATION_S, loud_level, render_sound
from xmodal.data.world.sounds import SOUNDS
from xmodal.data.world.sounds.synthesis import modes, struck
from xmodal.data.world.spec import WorldSpec
from xmodal.seeding import stream

KIND_SOUNDS = sorted({kind.sound for kind in KINDS.values() if kind.sound})


def made(key: str, individual: int, duration_s: float = 2.0) -> np.ndarray:
    return SOUNDS[key](stream(individual, "test"), duration_s=duration_s, rate_hz=RATE_HZ)


def scene_with(*things: Thing, category: str = "beach", unseen: tuple[Unseen, ...] = ()) -> Scene:
    """A clear day with these things only."""
    any_scene = compose(WorldSpec(), 0)
    return replace(any_scene, category=category, daylight="day", weather="clear", things=things, unseen=unseen)


def thing(kind: str, *, distance_m: float = 5.0, sounding: tuple[tuple[float, float], ...] = ((1.5, 3.5),)) -> Thing:
    any_thing = compose(WorldSpec(), 0).things[0]
    return replace(any_thing, kind=kind, distance_m=distance_m, individual=7, sounding=sounding)


def log_mel(signal: np.ndarray) -> np.ndarray:
    """Log energies in 40 bands, bands x frames, relative to the loudest frame."""
    _, _, spectrum = scipy.signal.stft(signal, RATE_HZ, nperseg=1024, noverlap=512)
    power = np.abs(spectrum) ** 2
    hz = np.linspace(0.0, RATE_HZ / 2.0, len(power))
    mel = 2595.0 * np.log10(1.0 + hz / 700.0)
    edges = np.linspace(mel[2], mel[-1], 42)
    bank = np.maximum(0.0, 1.0 - np.abs(mel[None, :] - edges[1:-1, None]) / np.diff(edges)[0])
    levels = 10.0 * np.log10(bank @ power + 1e-10)
    return np.maximum(levels - levels.max(), -60.0)


def statistics(signal: np.ndarray) -> np.ndarray:
    levels = log_mel(signal)
    return np.concatenate([levels.mean(axis=1), levels.std(axis=1), np.abs(np.diff(levels, axis=1)).mean(axis=1)])


def flatness(signal: np.ndarray) -> float:
    """Spectral flatness between 200 Hz and 8 kHz: 1 white, 0 tonal."""
    hz, power = scipy.signal.welch(signal, RATE_HZ, nperseg=2048)
    band = power[(hz > 200.0) & (hz < 8000.0)] + 1e-14
    return float(np.exp(np.log(band).mean()) / band.mean())


def test_every_kind_and_place_has_its_sound() -> None:
    needed = set(KIND_SOUNDS) | {key for category in CATEGORIES.values() for key in category.ambience}
    assert needed | {"rain", "wind", "crickets", "sneeze"} <= set(SOUNDS)
    assert len(KIND_SOUNDS) == 55
    assert {name for name, category in CATEGORIES.items() if category.indoors} == set(REVERBERATION_S)


@pytest.mark.parametrize("key", sorted(SOUNDS))
@pytest.mark.parametrize("duration_s", [0.2, 5.0])
def test_maker_contract(key: str, duration_s: float) -> None:
    signal = made(key, 3, duration_s)
    assert signal.shape == (round(duration_s * RATE_HZ),)
    assert signal.dtype == np.float32
    assert np.isfinite(signal).all()
    assert np.abs(signal).max() == pytest.approx(1.0, abs=1e-3)
    assert abs(float(signal.mean())) < 1e-3
    assert np.mean(np.abs(signal) > 0.99) < 0.05, "clipped"
    assert np.array_equal(signal, made(key, 3, duration_s))
    assert not np.allclose(signal, made(key, 4, duration_s))


@pytest.mark.parametrize("key", KIND_SOUNDS)
def test_individuals_differ_in_spectrum_or_rhythm(key: str) -> None:
    seen = np.stack([statistics(made(key, individual)) for individual in range(6)])
    distance_db = np.abs(seen[:, None] - seen[None, :]).mean(axis=2)[np.triu_indices(6, 1)]
    assert distance_db.min() > 0.4
    assert np.median(distance_db) > 1.0


def test_tones_are_tonal_and_noises_noisy() -> None:
    tonal = [flatness(made(key, individual)) for key in ("church_bell", "hoot", "kettle") for individual in range(4)]
    noisy = [flatness(made(key, individual)) for key in ("rain", "sizzle", "stream") for individual in range(4)]
    assert max(tonal) < 0.2 < 0.25 < min(noisy)


def test_low_and_high_sources() -> None:
    def centroid_hz(key: str) -> float:
        hz, power = scipy.signal.welch(np.concatenate([made(key, n) for n in range(6)]), RATE_HZ, nperseg=2048)
        return float((hz * power).sum() / power.sum())

    low, middle, high = ("moo", "foghorn", "fridge_hum"), ("bark", "crow", "violin"), ("chirp", "crickets", "sizzle")
    assert max(map(centroid_hz, low)) < 600.0
    assert all(500.0 < centroid_hz(key) < 3000.0 for key in middle)
    assert min(map(centroid_hz, high)) > 3000.0


def test_kinds_can_be_told_apart_on_new_individuals() -> None:
    train = [(key, n) for key in KIND_SOUNDS for n in range(10)]
    test = [(key, n) for key in KIND_SOUNDS for n in range(100, 104)]
    classifier = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    classifier.fit(np.stack([statistics(made(*which, 1.5)) for which in train]), [key for key, _ in train])
    accuracy = classifier.score(np.stack([statistics(made(*which, 1.5)) for which in test]), [key for key, _ in test])
    assert accuracy >= 0.8, f"{accuracy:.2f}, chance 0.02"


def test_modes_against_their_definition() -> None:
    at_s = np.arange(997) / RATE_HZ
    expected = np.sin(2 * np.pi * 440.0 * at_s) * np.exp(-at_s / 0.1)
    expected += 0.5 * np.sin(2 * np.pi * 900.0 * at_s) * np.exp(-at_s / 0.01)
    parts = {"frequency_hz": [440.0, 900.0], "decay_s": [0.1, 0.01], "gain": [1.0, 0.5]}
    got = modes(997, RATE_HZ, **{name: np.array(values) for name, values in parts.items()})
    assert np.abs(got - expected).max() < 1e-5


def test_placing_and_convolving_blows_agree() -> None:
    generator = np.random.default_rng(0)
    blow = generator.standard_normal(300).astype(np.float32)
    times = generator.uniform(0.0, 0.9, 2000)
    weights = generator.uniform(0.5, 1.0, 2000)
    dense = struck(20000, RATE_HZ, times_s=times, weights=weights, blow=blow)
    sparse = sum(
        struck(20000, RATE_HZ, times_s=times[n : n + 1], weights=weights[n : n + 1], blow=blow) for n in range(2000)
    )
    assert np.abs(dense - sparse).max() < 1e-3 * np.abs(dense).max()


def test_item_contract() -> None:
    spec = WorldSpec()
    for index in range(12):
        signal, events = render_sound(compose(spec, index), spec)
        assert signal.shape == (round(DURATION_S * RATE_HZ),)
        assert signal.dtype == np.float32
        assert np.isfinite(signal).all()
        assert 0.03 < np.abs(signal).max() <= PEAK + 1e-6
        assert abs(float(signal.mean())) < 1e-3
        assert [event.start_s for event in events] == sorted(event.start_s for event in events)
        assert np.array_equal(signal, render_sound(compose(spec, index), spec)[0])


def test_events_name_what_is_seen_and_what_is_not() -> None:
    off_screen = Unseen(kind="truck", distance_m=9.0, individual=5, sounding=((0.5, 1.5),))
    scene = scene_with(thing("dog"), thing("rock", sounding=()), unseen=(off_screen,))
    assert render_sound(scene, WorldSpec())[1] == (
        SoundEvent("truck", 0.5, 1.5, seen=False),
        SoundEvent("dog", 1.5, 3.5, seen=True),
    )


@pytest.mark.parametrize("kind", ["dog", "clock", "truck", "piano", "fire"])
@pytest.mark.parametrize("category", ["beach", "bedroom"])
def test_energy_is_where_the_event_is(kind: str, category: str) -> None:
    signal, events = render_sound(scene_with(thing(kind), category=category), WorldSpec())
    start, end = (round(at_s * RATE_HZ) for at_s in (events[0].start_s, events[0].end_s))
    inside = loud_level(signal[start:end])
    before = loud_level(signal[:start])
    after = loud_level(signal[end + RATE_HZ :])
    assert inside > 2.5 * before
    assert inside > 2.5 * after


def test_distance_makes_faint_but_never_silent() -> None:
    levels = [
        loud_level(render_sound(scene_with(thing("dog", distance_m=distance_m)), WorldSpec(sound_snr_db=60.0))[0])
        for distance_m in (2.0, 8.0, 200.0, 2000.0)
    ]
    assert levels[0] > levels[1] > levels[2]
    assert levels[3] == pytest.approx(levels[2], rel=0.5)
    assert levels[3] > 0.1 * levels[0]


def test_ambience_level_follows_the_spec() -> None:
    scene = scene_with(thing("dog"))
    quiet, loud = (render_sound(scene, WorldSpec(sound_snr_db=snr_db))[0][:RATE_HZ] for snr_db in (30.0, 10.0))
    assert 20.0 * np.log10(loud_level(loud) / loud_level(quiet)) == pytest.approx(20.0, abs=1.0)


def test_rooms_ring_on_and_rain_is_heard() -> None:
    spec = WorldSpec(sound_snr_db=60.0)
    after = slice(round(3.52 * RATE_HZ), round(3.6 * RATE_HZ))
    dry = render_sound(scene_with(thing("piano"), category="park"), spec)[0][after]
    wet = render_sound(scene_with(thing("piano"), category="bathroom"), spec)[0][after]
    assert loud_level(wet) > 3.0 * loud_level(dry)
    clear = scene_with(thing("dog"), category="park")
    difference = render_sound(replace(clear, weather="rain"), WorldSpec())[0] - render_sound(clear, WorldSpec())[0]
    assert flatness(difference[:RATE_HZ]) > 0.05


def test_a_silent_kind_with_an_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="'rock' makes no sound"):
        render_sound(scene_with(thing("rock")), WorldSpec())
