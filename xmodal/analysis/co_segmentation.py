"""Regions of a picture and stretches of its caption that belong together (matchmaps sections 5.4, 5.6; Fig. 13-15)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int
from pydantic import BaseModel, ConfigDict, Field, model_validator
from scipy import ndimage


class Threshold(BaseModel):
    """Where a matchmap is cut: an absolute score, or a percentile of scores."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["score", "percentile"] = "percentile"
    value: float = 95.0
    """The paper takes scores of 100 to 450, by hand for each network; a percentile fits every network (ours)."""

    @model_validator(mode="after")
    def _share(self) -> "Threshold":
        if not np.isfinite(self.value) or (self.kind == "percentile" and not 0.0 <= self.value <= 100.0):
            raise ValueError(f"a threshold of {self.value:g} is no {self.kind}")
        return self

    def score(self, scores: Float[np.ndarray, "rows cols frames"]) -> float:
        """The score at which this map is cut."""
        return self.value if self.kind == "score" else float(np.percentile(scores, self.value))


class Segmentation(BaseModel):
    """How a matchmap falls into components."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: Threshold = Threshold()
    connectivity: Literal[6, 26] = 26
    """Neighbours of a cell in the volume: those that share a face, or also an edge or a corner. The paper does not say
    which; with 26 a word whose frames light up cells side by side stays one component."""
    smallest_cells: int = Field(default=2, ge=1)
    """Components of fewer cells of the volume are left out (ours)."""


DEFAULT = Segmentation()


@dataclass(frozen=True)
class Component:
    """One connected part of a volume above the threshold."""

    image_mask: Bool[np.ndarray, "rows cols"]
    """Projection on the picture: cells that are in it at some time."""
    frame_mask: Bool[np.ndarray, "frames"]
    """Projection on time: always one stretch."""
    cells: int
    """Of the volume."""
    mean_score: float

    @property
    def frames(self) -> tuple[int, int]:
        """First frame and one past the last."""
        inside = np.flatnonzero(self.frame_mask)
        return int(inside[0]), int(inside[-1]) + 1

    def interval_s(self, times_s: Float[np.ndarray, "frames"], step_s: float) -> tuple[float, float]:
        """Begin and end: half a step before its first frame's centre to half a step after its last one's, from 0."""
        first, end = self.frames
        return max(0.0, float(times_s[first]) - step_s / 2), float(times_s[end - 1]) + step_s / 2


def components(
    scores: Float[np.ndarray, "rows cols frames"], options: Segmentation = DEFAULT, *, cut: float | None = None
) -> tuple[Component, ...]:
    """Volumetric connected components of a thresholded matchmap (section 5.4), the largest sum of scores above the cut
    first; equal ones in the order of the volume.

    Args:
        scores: a matchmap, valid frames only.
        options: threshold, connectivity and smallest size.
        cut: the score to cut at, where it was found over many maps; None: by the options, over this map.

    A cell is inside if its score is above the cut (at a percentile of equal scores nothing is inside).
    """
    level = options.threshold.score(scores) if cut is None else cut
    reach = 1 if options.connectivity == 6 else 3
    numbers = np.zeros(scores.shape, np.int32)
    ndimage.label(scores > level, structure=ndimage.generate_binary_structure(3, reach), output=numbers)
    found = [part for part in _parts(scores, numbers) if part.cells >= options.smallest_cells]
    return tuple(sorted(found, key=lambda part: -part.cells * (part.mean_score - level)))


def _parts(
    scores: Float[np.ndarray, "rows cols frames"], numbers: Int[np.ndarray, "rows cols frames"]
) -> Iterator[Component]:
    for number, box in enumerate(ndimage.find_objects(numbers), start=1):
        inside = numbers[box] == number
        image_mask = np.zeros(scores.shape[:2], bool)
        image_mask[box[:2]] = inside.any(axis=2)
        frame_mask = np.zeros(scores.shape[2], bool)
        frame_mask[box[2]] = inside.any(axis=(0, 1))
        yield Component(image_mask, frame_mask, int(inside.sum()), float(scores[box][inside].mean()))
