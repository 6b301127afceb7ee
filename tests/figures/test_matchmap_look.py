"""Scores become light as in the browser: percentiles, tables, moments and enlargement against plain loops."""

import math

import numpy as np
import pytest

from xmodal.figures.heat import heat_table
from xmodal.figures.matchmap_look import (
    LEVELS,
    STEPS,
    Look,
    colour_table,
    enlarged,
    grid_at,
    grid_over,
    percentiles,
    threshold_level,
)
from xmodal.figures.score_map import ScoreMap, score_map
from xmodal.seeding import stream


def noisy(frames: int = 6, rows: int = 3, cols: int = 4) -> ScoreMap:
    scores = stream(5, "scores").normal(20.0, 80.0, (frames, rows, cols))
    return score_map("Matchmap", scores, first_s=0.1, step_s=0.2)


def test_percentiles_are_those_of_the_sorted_levels() -> None:
    shown = noisy()
    ordered = np.sort(shown.levels.ravel())
    found = percentiles(shown.levels)
    for percent in range(1, 101):
        assert found[percent] == ordered[max(0, math.ceil(percent / 100 * ordered.size) - 1)]


def test_a_score_threshold_is_a_level() -> None:
    shown = noisy()
    middle = Look(unit="score", score=(shown.low + shown.high) / 2)
    assert threshold_level(shown, middle) == pytest.approx((LEVELS - 1) / 2)
    flat = score_map("flat", np.full((2, 3, 3), 7.0), first_s=0.0, step_s=0.1)
    assert threshold_level(flat, middle) == LEVELS


@pytest.mark.parametrize("mode", ["spotlight", "heat"])
def test_the_table_follows_the_formulas_of_the_player(mode: str) -> None:
    shown, look = noisy(), Look.model_validate({"mode": mode, "percentile": 60.0, "opacity": 0.7})
    table, highest = colour_table(shown, look), percentiles(shown.levels)
    threshold, top = highest[60], (highest[99] + highest[100]) / 2
    for step in (0, 300, 500, 640, 700, 800, 900, 1023):
        lit = min(1.0, max(0.0, ((step + 0.5) * LEVELS / STEPS - threshold) / (top - threshold)))
        if mode == "spotlight":
            assert tuple(table[step]) == (0, 0, 0, round(255 * 0.7 * (1 - math.sqrt(lit))))
        elif lit == 0.0:
            assert not table[step].any()
        else:
            shade = math.floor(255 * (0.2 + 0.8 * lit) + 0.5)
            assert tuple(table[step, :3]) == tuple(heat_table()[3 * shade : 3 * shade + 3])
            assert table[step, 3] == round(255 * 0.7 * min(1.0, 0.2 + 1.6 * lit))


def test_a_moment_lies_between_its_frames_and_words_do_not_mix() -> None:
    shown = noisy()
    one, two = shown.levels[1].astype(float), shown.levels[2].astype(float)
    assert np.allclose(grid_at(shown, 0.1 + 0.2 * 1.25), 0.75 * one + 0.25 * two, atol=1e-3)
    assert np.array_equal(grid_at(shown, 0.1 + 0.2 * 1.25, stepwise=True), shown.levels[1])
    assert np.array_equal(grid_at(shown, -3.0), shown.levels[0])
    assert np.array_equal(grid_at(shown, 99.0), shown.levels[-1])


def test_a_stretch_is_the_mean_of_the_frames_inside() -> None:
    shown = noisy()
    assert np.allclose(grid_over(shown, (0.25, 0.75)), shown.levels[1:4].mean(axis=0), atol=1e-3)
    assert np.array_equal(grid_over(shown, (0.31, 0.33)), shown.levels[1])


def test_enlargement_goes_through_the_cells() -> None:
    grid = stream(6, "grid").uniform(0.0, 255.0, (5, 3)).astype(np.float32)
    fine = enlarged(grid)
    factor = fine.shape[0] // 5
    assert fine.shape == (5 * factor, 3 * factor)
    middle = fine[factor // 2 :: factor, factor // 2 :: factor]
    tolerance = 255.0 / factor  # an even factor has no pixel at the very centre
    assert np.abs(middle - grid).max() < tolerance
    assert enlarged(np.full((1, 1), 9.0, np.float32)) == pytest.approx(9.0)
