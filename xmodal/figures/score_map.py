"""A matchmap as bytes, as players and films draw it: levels between its own extremes, over the part that it covers."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, UInt8

from xmodal.analysis.scored import Matchmap

TOP_LEVEL = 255


@dataclass(frozen=True)
class Cover:
    """The part of the picture that a map covers, as fractions of the picture's width and height."""

    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0


WHOLE = Cover()


@dataclass(frozen=True)
class ScoreMap:
    """One matchmap, or a control beside it, as bytes."""

    name: str
    """As people read it: `Matchmap`, `Mean map`, `Shuffled pair`, `Untrained`, or the name of a run."""
    levels: UInt8[np.ndarray, "frames rows cols"]
    """0 is the score `low`, 255 is `high`. One frame alone is a map that does not change in time."""
    low: float
    high: float
    first_s: float
    """Centre of frame 0 in seconds (text: in words, so 0.5)."""
    step_s: float
    """From frame to frame."""
    cover: Cover = WHOLE
    found: Matchmap | None = None
    """The matchmap itself, to the last digit and without cells repeated over a rim; None where only bytes are known."""

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if self.levels.size == 0 or self.step_s <= 0.0 or not self.low <= self.high:
            raise ValueError(f"map {self.name!r}: needs frames and cells, a step above 0, and low <= high")


def score_map(
    name: str, scores: Float[np.ndarray, "frames rows cols"], *, first_s: float, step_s: float, cover: Cover = WHOLE
) -> ScoreMap:
    """Scores as bytes between their own extremes (an error of at most 1/510 of the range).

    Raises:
        ValueError: empty, or not finite.
    """
    if scores.size == 0 or not np.isfinite(scores).all():
        raise ValueError(f"map {name!r}: needs finite scores")
    low, high = float(scores.min()), float(scores.max())
    span = high - low
    levels = np.zeros(scores.shape) if span == 0.0 else (scores - low) / span * TOP_LEVEL
    return ScoreMap(name, np.round(levels).astype(np.uint8), low, high, first_s, step_s, cover)


def drawable(name: str, found: Matchmap) -> ScoreMap:
    """A matchmap as bytes over the whole picture.

    Cells of residual networks are centred on the upper left of what they stand for; where they leave a rim of the
    picture free, the outermost cells are repeated over it.

    Raises:
        ValueError: empty, or not finite.
    """
    (rows, cols), cover = rims(found)
    padded = np.pad(np.moveaxis(found.scores, 2, 0), ((0, 0), rows, cols), mode="edge")
    made = score_map(name, padded, first_s=float(found.times_s[0]), step_s=found.step_s, cover=cover)
    return replace(made, found=found)


def rims(found: Matchmap) -> tuple[tuple[tuple[int, int], tuple[int, int]], Cover]:
    """How many rows and columns to add (before, after) for the cells to reach every edge of the picture, and the
    rectangle that they fill then, each cell a step wide around its centre."""
    top, height, above, below = _rim(found.row_centres)
    left, width, before, after = _rim(found.col_centres)
    rows, cols = len(found.row_centres) + above + below, len(found.col_centres) + before + after
    return ((above, below), (before, after)), Cover(left, top, width * cols, height * rows)


def _rim(centres: Float[np.ndarray, "cells"]) -> tuple[float, float, int, int]:
    """Where the first cell begins once the rim is filled, a cell's length, and cells to add before and after."""
    step = float(centres[1] - centres[0]) if len(centres) > 1 else 1.0
    begin, end = float(centres[0]) - step / 2, float(centres[-1]) + step / 2
    before, after = max(0, int(np.ceil(begin / step - 1e-6))), max(0, int(np.ceil((1.0 - end) / step - 1e-6)))
    return begin - before * step, step, before, after
