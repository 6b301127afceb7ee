"""Perturbed spectrograms: each option changes its own thing, by as much as it says, and nothing is hidden."""

import numpy as np
import pytest

from xmodal.features.log_mel import LogMel, band_centres_hz
from xmodal.features.perturbation import Perturbation, perturbed
from xmodal.seeding import stream

OPTIONS = LogMel(top_db=60.0, pad_db=-60.0)
BANDS, FRAMES, PEAK = 40, 50, 20


def ridge() -> np.ndarray:
    """Loud in one band throughout, 30 dB down beside it, silent elsewhere."""
    plane = np.full((BANDS, FRAMES), -60.0, np.float32)
    plane[PEAK], plane[PEAK - 1], plane[PEAK + 1] = 0.0, -30.0, -30.0
    return plane


def draw(seed: int, **options: float) -> np.ndarray:
    return perturbed(ridge(), Perturbation.model_validate(options), OPTIONS, stream(seed, "test"))


def test_the_default_changes_nothing() -> None:
    assert Perturbation().nothing
    assert not Perturbation(warp=0.1).nothing
    before = ridge()
    found = perturbed(before, Perturbation(), OPTIONS, stream(0, "test"))
    assert np.array_equal(found, ridge())
    found[:] = 0.0
    assert np.array_equal(before, ridge()), "what came in stays as it was"


def test_the_generator_decides_everything() -> None:
    options = {"stretch": 0.2, "warp": 0.1, "tilt_db": 4.0, "floor_db": -20.0, "masked_bands": 5, "masked_frames": 8}
    one, same, other = draw(1, **options), draw(1, **options), draw(2, **options)
    assert np.array_equal(one, same)
    assert one.shape != other.shape or not np.array_equal(one, other)
    for seed in range(20):
        found = draw(seed, **options)
        assert found.dtype == np.float32
        assert found.min() >= -60.0 and found.max() <= 0.0


def test_a_stretch_changes_the_frames_alone() -> None:
    lengths = {draw(seed, stretch=0.2).shape[1] for seed in range(60)}
    assert min(lengths) >= 0.8 * FRAMES and max(lengths) <= 1.2 * FRAMES
    assert min(lengths) < 0.86 * FRAMES and max(lengths) > 1.14 * FRAMES
    assert np.allclose(draw(3, stretch=0.2), ridge()[:, :1])
    short = np.zeros((BANDS, 1), np.float32)
    assert perturbed(short, Perturbation(stretch=0.5), OPTIONS, stream(0, "test")).shape == (BANDS, 1)


def test_a_warp_moves_the_peak_by_that_factor_at_most() -> None:
    centres_hz = band_centres_hz(OPTIONS)
    peaks_hz = [centres_hz[draw(seed, warp=0.15)[:, 0].argmax()] for seed in range(60)]
    step = centres_hz[PEAK + 1] / centres_hz[PEAK]
    factors = np.array(peaks_hz) / centres_hz[PEAK]
    assert factors.min() > 0.85 / step and factors.max() < step / 0.85
    assert factors.min() < 0.93 and factors.max() > 1.07


def test_a_tilt_is_the_same_in_every_frame_and_smooth() -> None:
    flat = np.full((BANDS, FRAMES), -30.0, np.float32)
    found = perturbed(flat, Perturbation(tilt_db=4.0), OPTIONS, stream(2, "test"))
    assert np.ptp(found, axis=1).max() == 0.0
    assert np.abs(np.diff(found[:, 0])).max() < 2.0
    assert 1.0 < np.abs(found + 30.0).max() < 20.0


def test_noise_fills_what_is_silent_and_leaves_what_is_loud() -> None:
    levels = []
    for seed in range(40):
        found = draw(seed, floor_db=-30.0)
        assert (found[PEAK] == 0.0).all()
        levels.append(found[0].mean())
    assert min(levels) < -50.0 and -36.0 < max(levels) < -27.0


@pytest.mark.parametrize(("option", "axis"), [("masked_bands", 1), ("masked_frames", 0)])
def test_what_is_lost_is_one_stretch_of_at_most_so_many(option: str, axis: int) -> None:
    counts = set()
    for seed in range(60):
        loud = np.zeros((BANDS, FRAMES), np.float32)
        found = perturbed(loud, Perturbation.model_validate({option: 6}), OPTIONS, stream(seed, "test"))
        lost = np.flatnonzero((found == -60.0).all(axis=axis))
        assert (np.diff(lost) == 1).all()
        assert np.count_nonzero(found == -60.0) == lost.size * found.shape[axis]
        counts.add(lost.size)
    assert counts == {0, 1, 2, 3, 4, 5, 6}
