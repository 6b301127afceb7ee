"""Where in a picture a word's vector matches: heat maps in [0, 1] at any size (matchmaps 5.3)."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from xmodal.analysis.matchmaps import SeenPicture, picture_of
from xmodal.data.decode import MediaError
from xmodal.data.sample import Sample
from xmodal.features.picture import Picture
from xmodal.models.matchmaps import MatchmapModel
from xmodal.progress import Progress, Silent

Look = Callable[[Sample], np.ndarray]
"""The picture of a sample, rows x cols x 3 bytes; `MediaError` where there is none."""


@dataclass(frozen=True)
class Prompted:
    """How well each cell of one picture matches each of several words."""

    scores: Float[np.ndarray, "words rows cols"]
    row_centres: Float[np.ndarray, "rows"]
    """Centre of each row of cells, fraction of the picture's height."""
    col_centres: Float[np.ndarray, "cols"]
    """Centre of each column of cells, fraction of the picture's width."""

    def best(self) -> Float[np.ndarray, "words"]:
        """The score of the picture for each word: its best cell ("global max pooling", matchmaps 5.3)."""
        return self.scores.max(axis=(1, 2))

    def heat(self, word: int, rows_px: int, cols_px: int) -> Float[np.ndarray, "rows_px cols_px"]:
        """A word's heat map: scaled to [0, 1], then enlarged to a picture of that size."""
        return enlarged(scaled(self.scores[word]), self.row_centres, self.col_centres, (rows_px, cols_px))


def prompted(model: MatchmapModel, seen: SeenPicture, vectors: Float[Tensor, "words dim"]) -> Prompted:
    """The dot product of each word's vector with each cell of a picture (matchmaps 5.3).

    Of a network of unit-length maps these are cosines but for a factor, the same for all cells of all pictures.
    """
    _, rows, cols = seen.maps.shape
    return Prompted(
        torch.einsum("wd,drc->wrc", vectors, seen.maps).numpy(),
        model.image.cell_centres(rows, seen.rows_px),
        model.image.cell_centres(cols, seen.cols_px),
    )


def search(
    model: MatchmapModel,
    samples: Sequence[Sample],
    vectors: Float[Tensor, "words dim"],
    options: Picture,
    look: Look,
    progress: Progress | None = None,
) -> Iterator[tuple[Sample, Prompted]]:
    """Whole pictures, one after the other, with the maps of all words; what cannot be looked at is left out."""
    progress = progress or Silent()
    for done, sample in enumerate(samples, start=1):
        with contextlib.suppress(MediaError):
            yield sample, prompted(model, picture_of(model, look(sample), options), vectors)
        progress.update("Looking at pictures", done, len(samples))


def scaled(scores: Float[np.ndarray, "rows cols"]) -> Float[np.ndarray, "rows cols"]:
    """The map "to sit within the interval [0, 1]": its least score is 0, its best 1. A flat map is 0 everywhere."""
    low, high = scores.min(), scores.max()
    return np.zeros_like(scores) if high <= low else (scores - low) / (high - low)


def enlarged(
    heat: Float[np.ndarray, "rows cols"],
    row_centres: Float[np.ndarray, "rows"],
    col_centres: Float[np.ndarray, "cols"],
    size_px: tuple[int, int],
) -> Float[np.ndarray, "_ _"]:
    """Bilinear between the true centres of the cells; beyond the outermost centres the outermost cells go on.

    The paper says "upsample". Cells of residual networks are centred on the upper left of what they stand for, so a
    plain enlargement would shift the map by up to half a cell.
    """
    return _weights(row_centres, size_px[0]) @ heat @ _weights(col_centres, size_px[1]).T


def _weights(centres: Float[np.ndarray, "cells"], pixels: int) -> Float[np.ndarray, "pixels cells"]:
    """How much of each cell there is in each pixel."""
    places = (np.arange(pixels) + 0.5) / pixels
    return np.stack([np.interp(places, centres, one) for one in np.eye(len(centres))], axis=1)
