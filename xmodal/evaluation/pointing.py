"""Pointing: where in the picture a matchmap is highest while a word is said (ours)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from xmodal.embeddings.pair_maps import PairMaps


@dataclass(frozen=True)
class Target:
    """A spoken word and the part of the picture that it names."""

    start_s: float
    end_s: float
    top: float
    """Edges of the part as fractions of the picture that the network sees."""
    left: float
    bottom: float
    right: float


@dataclass(frozen=True)
class Grid:
    """Where cells lie in the picture, and frames in time."""

    rows: Float[np.ndarray, "rows"]
    """Centre of each row of cells, as a fraction of the picture's height."""
    cols: Float[np.ndarray, "cols"]
    times_s: Float[np.ndarray, "frames"]
    """Centre of each frame of the longest caption, in seconds."""


def pointing(
    maps: PairMaps, targets: Sequence[Sequence[Target]], grid: Grid, *, speech: Sequence[int] | None = None
) -> float:
    """Share of words whose map points at their part of the picture.

    The map of a word is the matchmap averaged over the frames whose centre lies in the word (the nearest frame where
    there is none); it points at its highest cell, the first of equal ones.

    Args:
        maps: pictures and captions of the items.
        targets: what is said of each item, in order.
        grid: of the maps.
        speech: item whose caption is heard in place of each item's own, with the times of that item's words (a
            control: the first word of the other caption with the first target of the picture, and so on). Items need
            as many words as each other then.
    """
    hits: list[bool] = []
    for item, own in enumerate(targets):
        heard = item if speech is None else speech[item]
        for target, word in zip(own, targets[heard], strict=True):
            vector = _word_vector(maps, heard, word, grid)
            scores = torch.einsum("drc,d->rc", maps.images[item], vector)
            row, col = divmod(int(scores.argmax()), scores.shape[1])
            inside_rows = target.top <= grid.rows[row] < target.bottom
            hits.append(bool(inside_rows and target.left <= grid.cols[col] < target.right))
    return float(np.mean(hits))


def _word_vector(maps: PairMaps, item: int, word: Target, grid: Grid) -> Float[torch.Tensor, "dim"]:
    """The caption map averaged over the frames of a word; the matchmap's average is linear in it."""
    times = grid.times_s[: int(maps.lengths[item])]
    inside = np.flatnonzero((times >= word.start_s) & (times <= word.end_s))
    if not inside.size:
        inside = np.array([np.abs(times - (word.start_s + word.end_s) / 2).argmin()])
    return maps.captions[item][:, inside].mean(dim=1)
