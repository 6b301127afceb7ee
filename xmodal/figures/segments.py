"""Co-segmentation of one pair for people: regions with smooth outlines, stretches of sound, the words they overlap
(matchmaps section 5.6, Fig. 13-15)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from contourpy import contour_generator
from jaxtyping import Bool, Float64
from scipy import ndimage

from xmodal.analysis.co_segmentation import Component, Segmentation, components
from xmodal.analysis.scored import Matchmap
from xmodal.data.sample import Word
from xmodal.figures.matchmap_look import enlarged
from xmodal.figures.score_map import rims

MOST = 12
"""Segments shown, the strongest first."""
OVERLAP = 0.5
"""A word belongs to a stretch that shares this part of the shorter of the two (ours)."""

Outline = Float64[np.ndarray, "points 2"]
"""Closed line of (x, y), fractions of the picture."""


@dataclass(frozen=True)
class Segment:
    """A region of the picture and the stretch of sound that belongs to it."""

    letter: str
    """Its name on picture, strip and list, so that nothing depends on colour."""
    start_s: float
    end_s: float
    words: tuple[str, ...]
    share: float
    """Of the picture's area."""
    mean_score: float
    outlines: tuple[Outline, ...]
    at: tuple[float, float]
    """Inside it, as far from its edges as can be: where its letter stands (x, y)."""


@dataclass(frozen=True)
class Segments:
    """The segments of one pair."""

    shown: tuple[Segment, ...]
    total: int
    """How many there are, shown or not."""
    cut: float
    """The score above which a cell is inside."""


def segments(
    found: Matchmap, options: Segmentation, *, words: Sequence[Word] = (), duration_s: float | None = None
) -> Segments:
    """The strongest `MOST` components of a matchmap.

    Args:
        found: the matchmap.
        options: threshold, connectivity, smallest size.
        words: with their times, where they are known.
        duration_s: nothing ends after it.
    """
    cut = options.threshold.score(found.scores)
    parts = components(found.scores, options, cut=cut)
    shown = tuple(_segment(number, part, found, words, duration_s) for number, part in enumerate(parts[:MOST]))
    return Segments(shown, len(parts), cut)


def _segment(number: int, part: Component, found: Matchmap, words: Sequence[Word], duration_s: float | None) -> Segment:
    start_s, end_s = part.interval_s(found.times_s, found.step_s)
    end_s = min(end_s, duration_s or end_s)
    lines, at = _shape(part.image_mask, found)
    return Segment(
        letter=chr(ord("A") + number),
        start_s=start_s,
        end_s=end_s,
        words=tuple(word.text for word in words if _belongs(word, start_s, end_s)),
        share=area(part.image_mask, found),
        mean_score=part.mean_score,
        outlines=lines,
        at=at,
    )


def _belongs(word: Word, start_s: float, end_s: float) -> bool:
    shared = min(word.end_s, end_s) - max(word.start_s, start_s)
    return shared > 0.0 and shared >= OVERLAP * min(word.end_s - word.start_s, end_s - start_s)


def area(mask: Bool[np.ndarray, "rows cols"], found: Matchmap) -> float:
    """Share of the picture that the cells cover, those at its edge with the rim beyond them."""
    (rows, cols), cover = rims(found)
    padded = np.pad(mask, (rows, cols), mode="edge")
    down = np.clip(cover.top + np.arange(padded.shape[0] + 1) / padded.shape[0] * cover.height, 0.0, 1.0)
    across = np.clip(cover.left + np.arange(padded.shape[1] + 1) / padded.shape[1] * cover.width, 0.0, 1.0)
    return float(np.diff(down) @ padded @ np.diff(across))


def _shape(mask: Bool[np.ndarray, "rows cols"], found: Matchmap) -> tuple[tuple[Outline, ...], tuple[float, float]]:
    """Where the smoothly enlarged mask falls below one half (cells keep their places, corners are rounded), and the
    point farthest from that line."""
    (rows, cols), cover = rims(found)
    fine = enlarged(np.pad(mask.astype(np.float32), (rows, cols), mode="edge"))
    height, width = fine.shape
    across = cover.left + (np.arange(-1, width + 1) + 0.5) / width * cover.width
    down = cover.top + (np.arange(-1, height + 1) + 0.5) / height * cover.height
    framed = np.pad(fine, 1)
    seen = (framed > 0.5) & ((down >= 0.0) & (down <= 1.0))[:, None] & ((across >= 0.0) & (across <= 1.0))
    depth = np.asarray(ndimage.distance_transform_edt(seen))
    row, col = np.unravel_index(np.argmax(depth), framed.shape)
    lines = contour_generator(across, down, framed).lines(0.5)
    return tuple(np.clip(np.asarray(line, np.float64), 0.0, 1.0) for line in lines), (
        float(across[col]),
        float(down[row]),
    )
