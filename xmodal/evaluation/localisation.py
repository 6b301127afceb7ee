"""Speech-prompted detection and localisation of objects (matchmaps section 5.3, Table 4)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Bool, Float, Int

from xmodal.analysis.prompted import Prompted
from xmodal.data.sample import LabelMap
from xmodal.evaluation.word_objects import WordObject

THRESHOLD = 0.5
"""Of a heat map in [0, 1] ("0.5 in all of our experiments")."""


@dataclass(frozen=True)
class PairScores:
    """Scores of each word-object pair; the paper prints their means over the pairs."""

    average_precision: Float[np.ndarray, "pairs"]
    intersection_over_union: Float[np.ndarray, "pairs"]
    """This and the next two: mean over the images that hold the object."""
    intersection_over_detection: Float[np.ndarray, "pairs"]
    intersection_over_target: Float[np.ndarray, "pairs"]

    def means(self) -> dict[str, float]:
        """The columns of Table 4."""
        values = {each.name: float(np.mean(getattr(self, each.name))) for each in fields(self)}
        return {"mean_average_precision": values.pop("average_precision"), **values}


@dataclass(frozen=True)
class Localisation:
    """How well a network finds what a spoken word names."""

    pairs: tuple[WordObject, ...]
    """Those whose object at least one image shows."""
    holding: Int[np.ndarray, "pairs"]
    """Images that hold the object."""
    images: int
    scores: PairScores
    full_frame: PairScores
    """The paper's baseline on the same images: every object is in every image and fills it."""

    def as_dict(self, scores: PairScores) -> dict[str, float]:
        """The columns of Table 4 with the counts behind them."""
        return scores.means() | {"word_object_pairs": float(len(self.pairs)), "images": float(self.images)}


@dataclass(frozen=True)
class Overlap:
    """How a detected region and the target lie; each 0 to 1."""

    union: float
    """Intersection over union."""
    detection: float
    """Share of what was detected that is target; 0 if nothing was."""
    target: float
    """Share of the target that was detected."""


def overlap(detected: Bool[np.ndarray, "rows cols"], target: Bool[np.ndarray, "rows cols"]) -> Overlap:
    """IoU, IoD and IoT of two regions (matchmaps 5.3).

    Raises:
        ValueError: the target is empty.
    """
    found, wanted = int(np.count_nonzero(detected)), int(np.count_nonzero(target))
    if wanted == 0:
        raise ValueError("overlap with an empty target is not defined")
    both = int(np.count_nonzero(detected & target))
    return Overlap(both / (found + wanted - both), both / found if found else 0.0, both / wanted)


def average_precision(scores: Float[np.ndarray, "images"], present: Bool[np.ndarray, "images"]) -> float:
    """Sum over the ranking of precision times gain in recall; images of one score enter together.

    Equal to scikit-learn's `average_precision_score`. One score for all: the share of images that hold the object.

    Raises:
        ValueError: no image holds the object, or a score is not a number.
    """
    if not present.any():
        raise ValueError("average precision needs an image that holds the object")
    if not np.isfinite(scores).all():
        raise ValueError("a score is not a finite number")
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
    hits = np.cumsum(present[order])[ends]
    return float(np.sum(hits / (ends + 1) * np.diff(hits, prepend=0)) / hits[-1])


def localisation(
    found: Iterable[tuple[Prompted, LabelMap]], pairs: Sequence[WordObject], *, threshold: float = THRESHOLD
) -> Localisation:
    """Scores of all pairs over pictures.

    Detection: average precision of each picture's best cell. Localisation: the word's heat map over each picture that
    holds the object, scaled, enlarged to the label map, at or over the threshold; overlaps averaged over the pictures.

    Args:
        found: for each picture the maps of the pairs' words (in the order of the pairs), and its truth.
        pairs: which word stands for which object; those whose object no picture shows are left out of the result.
        threshold: of the heat map in [0, 1].

    Raises:
        ValueError: no picture shows any of the objects.
    """
    best: list[np.ndarray] = []
    present: list[np.ndarray] = []
    overlaps: list[list[Overlap]] = [[] for _ in pairs]
    areas: list[list[float]] = [[] for _ in pairs]
    for seen, truth in found:
        targets = targets_of(truth, pairs)
        best.append(seen.best())
        present.append(np.array([target is not None for target in targets]))
        for place, target in enumerate(targets):
            if target is not None:
                overlaps[place].append(overlap(seen.heat(place, *target.shape) >= threshold, target))
                areas[place].append(float(target.mean()))
    kept = [place for place, each in enumerate(overlaps) if each]
    if not kept:
        raise ValueError("no picture shows any of the objects")
    scores, holds = np.stack(best, axis=1)[kept], np.stack(present, axis=1)[kept]
    area = np.array([np.mean(areas[place]) for place in kept])
    return Localisation(
        pairs=tuple(pairs[place] for place in kept),
        holding=holds.sum(axis=1),
        images=holds.shape[1],
        scores=_scores(scores, holds, [overlaps[place] for place in kept]),
        full_frame=PairScores(holds.mean(axis=1), area, area, np.ones_like(area)),
    )


def targets_of(truth: LabelMap, pairs: Sequence[WordObject]) -> list[Bool[np.ndarray, "rows cols"] | None]:
    """Where each pair's object is; None where it is not in the picture."""
    classes: dict[str, list[int]] = defaultdict(list)
    for number, name in truth.names.items():
        classes[name].append(number)  # several senses of one word are classes of their own
    wanted = {pair.object for pair in pairs} & classes.keys()
    regions = {name: np.isin(truth.labels, classes[name]) for name in wanted}
    shown = {name: region for name, region in regions.items() if region.any()}
    return [shown.get(pair.object) for pair in pairs]


def _scores(
    best: Float[np.ndarray, "pairs images"],
    present: Bool[np.ndarray, "pairs images"],
    overlaps: Sequence[Sequence[Overlap]],
) -> PairScores:
    return PairScores(
        np.array([average_precision(*each) for each in zip(best, present, strict=True)]),
        np.array([np.mean([each.union for each in one]) for one in overlaps]),
        np.array([np.mean([each.detection for each in one]) for one in overlaps]),
        np.array([np.mean([each.target for each in one]) for one in overlaps]),
    )
