"""From scores to pixels, number for number as the player in the browser does it (ui/components/matchmap: scores.js,
looks.js), so that a film shows what was on screen. tests/browser/test_export.py runs both on the same maps."""

from typing import Literal

import numpy as np
from jaxtyping import Float32, Float64, Int64, UInt8
from pydantic import BaseModel, ConfigDict, Field

from xmodal.figures.heat import heat_table
from xmodal.figures.score_map import ScoreMap

LEVELS = 256
FINE_CELLS = 128
"""A small grid is enlarged to about so many pixels a side; whoever shows it enlarges that smoothly."""
STEPS = 1024
"""Entries of a colour table."""
TOP_PERCENT = 99
"""Fully lit: from halfway between this percentile and the highest score."""


class Look(BaseModel):
    """How scores become light."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["spotlight", "heat"] = "spotlight"
    """Spotlight: the score is the picture's opacity over black (matchmaps section 5.6). Heat: colours over it."""
    unit: Literal["percentile", "score"] = "percentile"
    """Which of the next two is the threshold."""
    percentile: float = Field(default=80.0, ge=0.0, le=100.0)
    score: float = 0.0
    opacity: float = Field(default=0.8, ge=0.0, le=1.0)


def percentiles(levels: UInt8[np.ndarray, "frames rows cols"]) -> Int64[np.ndarray, "101"]:
    """Level below which that share (0 to 100) of all cells of all frames lies."""
    seen = np.cumsum(np.bincount(levels.ravel(), minlength=LEVELS))
    return np.searchsorted(seen, np.arange(101) / 100 * levels.size, side="left")


def threshold_level(shown: ScoreMap, look: Look) -> float:
    """The level from which this map is lit; above every level if a score is asked of a map without contrast."""
    if look.unit == "percentile":
        return float(percentiles(shown.levels)[round(look.percentile)])
    span = shown.high - shown.low
    return (look.score - shown.low) / span * (LEVELS - 1) if span > 0.0 else float(LEVELS)


def score_of(shown: ScoreMap, level: float) -> float:
    """The score that a level stands for."""
    return shown.low + level / (LEVELS - 1) * (shown.high - shown.low)


def colour_table(shown: ScoreMap, look: Look) -> UInt8[np.ndarray, "steps 4"]:
    """Colour and opacity of each level, for `STEPS` levels; below the threshold nothing is lit, from there brightness
    rises to the top."""
    highest = percentiles(shown.levels)
    top, threshold = float(highest[TOP_PERCENT] + highest[100]) / 2, threshold_level(shown, look)
    level = (np.arange(STEPS) + 0.5) * LEVELS / STEPS
    lit = np.clip((level - threshold) / max(1.0, top - threshold), 0.0, 1.0)
    table = np.zeros((STEPS, 4), np.uint8)
    if look.mode == "spotlight":
        table[:, 3] = np.rint(255 * look.opacity * (1.0 - np.sqrt(lit)))
        return table
    shade = np.floor(255 * (0.2 + 0.8 * lit) + 0.5).astype(int)
    table[:, :3] = np.frombuffer(heat_table(), np.uint8).reshape(256, 3)[shade]
    table[:, 3] = np.rint(255 * look.opacity * np.minimum(1.0, 0.2 + 1.6 * lit))
    table[lit <= 0.0] = 0
    return table


def grid_at(shown: ScoreMap, seconds: float, *, stepwise: bool = False) -> Float32[np.ndarray, "rows cols"]:
    """Levels at a moment, linear between the two nearest frames; a map of words (`stepwise`) has nothing between."""
    frames = len(shown.levels)
    place = min(max((seconds - shown.first_s) / shown.step_s, 0.0), frames - 1.0)
    if stepwise:
        place = float(np.floor(place + 0.5))
    before = int(place)
    share, after = place - before, min(frames - 1, before + 1)
    mixed = shown.levels[before] * (1.0 - share) + shown.levels[after] * share
    return mixed.astype(np.float32)


def grid_over(shown: ScoreMap, stretch: tuple[float, float]) -> Float32[np.ndarray, "rows cols"]:
    """Mean level over the frames whose centres lie in the stretch; the nearest frame if none does."""
    last_frame = len(shown.levels) - 1
    first = int(np.ceil((stretch[0] - shown.first_s) / shown.step_s))
    last = int(np.floor((stretch[1] - shown.first_s) / shown.step_s))
    if first > last:
        middle = ((stretch[0] + stretch[1]) / 2 - shown.first_s) / shown.step_s
        first = last = int(np.floor(min(max(middle, 0.0), last_frame) + 0.5))
    first = min(max(first, 0), last_frame)
    last = min(max(last, first), last_frame)
    return shown.levels[first : last + 1].mean(axis=0, dtype=np.float64).astype(np.float32)


def painted(
    grid: Float32[np.ndarray, "rows cols"], table: UInt8[np.ndarray, "steps 4"]
) -> UInt8[np.ndarray, "height width 4"]:
    """A grid of levels enlarged smoothly (Catmull-Rom) and coloured, not premultiplied."""
    levels = enlarged(grid)
    return table[np.clip((levels * STEPS / LEVELS).astype(int), 0, STEPS - 1)]


def enlarged(grid: Float32[np.ndarray, "rows cols"]) -> Float64[np.ndarray, "height width"]:
    """About `FINE_CELLS` values along the longer side, first across, then down."""
    rows, cols = grid.shape
    factor = max(1, int(np.floor(FINE_CELLS / max(rows, cols) + 0.5)))
    cells, weights = _cubic(cols, cols * factor)
    wide = _weighted(grid[:, cells], weights).astype(np.float32)
    cells, weights = _cubic(rows, rows * factor)
    return _weighted(np.moveaxis(wide[cells], 2, 0), weights).T


def _weighted(
    taps: Float32[np.ndarray, "lines pixels 4"], weights: Float32[np.ndarray, "pixels 4"]
) -> Float64[np.ndarray, "lines pixels"]:
    """Sum of four, in the browser's order."""
    products = taps.astype(np.float64) * weights.astype(np.float64)
    return ((products[..., 0] + products[..., 1]) + products[..., 2]) + products[..., 3]


def _cubic(count: int, size: int) -> tuple[Int64[np.ndarray, "pixels 4"], Float32[np.ndarray, "pixels 4"]]:
    """From `count` cells to `size` pixels: four cells and their Catmull-Rom weights for each pixel."""
    place = (np.arange(size) + 0.5) / size * count - 0.5
    base = np.floor(place)
    t = place - base
    four = (
        ((2 - t) * t - 1) * t / 2,
        ((3 * t - 5) * t * t + 2) / 2,
        ((4 - 3 * t) * t + 1) * t / 2,
        (t - 1) * t * t / 2,
    )
    cells = np.clip(base.astype(np.int64)[:, None] - 1 + np.arange(4), 0, count - 1)
    return cells, np.stack(four, axis=1).astype(np.float32)
