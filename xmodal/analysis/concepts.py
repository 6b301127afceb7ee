"""A dictionary of pictures and words: what each dimension of the space stands for (matchmaps section 5.5, Fig. 10-12,
Table 5)."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int
from pydantic import BaseModel, ConfigDict, Field

from xmodal.analysis.observed import Observed, Truths, interpolation, observe, words_at
from xmodal.data.taxonomy import Taxonomy, world
from xmodal.features.pairs import PreparedPairs
from xmodal.models.matchmaps import MatchmapModel
from xmodal.progress import Progress, Silent
from xmodal.stats.running import RunningTopK, Top


class ConceptRules(BaseModel):
    """When a dimension of the space is a concept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    image_threshold: float = 1.2
    """Regions are where the normalised activation (mean 0, variance 1 over all pairs) is above this."""
    caption_threshold: float = 1.3
    """Segments likewise."""
    examples: int = Field(default=5, ge=2)
    """Top pictures and top captions of each dimension."""
    most_words: int = Field(default=2, ge=1)
    """Words of a dimension."""
    repeats: int = Field(default=2, ge=1)
    """In how many segments a word is heard at least."""
    learned: float = 0.7
    """A dimension with a larger value has learned its concept."""


DEFAULT = ConceptRules()
_BLOCK_ITEMS = 256


@dataclass(frozen=True)
class Region:
    """Where a dimension is active in one of its top pictures."""

    item: int
    """Position of the pair."""
    activation: float
    """Largest, normalised."""
    mask: Bool[np.ndarray, "label_rows label_cols"]
    """On the square of labels."""
    object: str
    """The class with most of its pixels; empty if none is labelled."""


@dataclass(frozen=True)
class Segment:
    """Where a dimension is active in one of its top captions."""

    item: int
    activation: float
    start_s: float
    end_s: float
    words: tuple[str, ...]
    """Heard in it, function words left out."""


@dataclass(frozen=True)
class Concept:
    """One dimension."""

    unit: int
    value: float
    """Eq. 16, the largest over its words; 0 without words or labelled regions."""
    words: tuple[str, ...]
    """At most two that repeat among the segments, the most frequent first."""
    objects: tuple[tuple[str, float], ...]
    """Classes in the regions with their weights in Eq. 16 (sum 1), largest first."""
    regions: tuple[Region, ...]
    segments: tuple[Segment, ...]

    @property
    def object(self) -> str:
        """The class of the largest weight; empty if there is none."""
        return self.objects[0][0] if self.objects else ""

    @property
    def name(self) -> str:
        """As in Fig. 12: its words with a slash between; empty if none repeats."""
        return "/".join(self.words)


@dataclass(frozen=True)
class Concepts:
    """The dictionary of a network: one entry for each dimension."""

    units: tuple[Concept, ...]
    learned_above: float

    @property
    def count(self) -> int:
        """Dimensions that have learned a concept (Fig. 11, Table 5)."""
        return sum(unit.value > self.learned_above for unit in self.units)

    def top(self, most: int = 20) -> tuple[Concept, ...]:
        """The concepts of largest value (Fig. 12: 20), of equal ones the lower unit first; none without words."""
        named = (unit for unit in self.units if unit.value > 0)
        return tuple(sorted(named, key=lambda unit: -unit.value)[:most])


def concepts(
    observed: Observed, taxonomy: Taxonomy, rules: ConceptRules = DEFAULT, *, progress: Progress | None = None
) -> Concepts:
    """The picture dictionary (section 5.5) of a network.

    As in the paper: activations of each dimension normalised over all cells (and over all valid frames) of the pairs,
    the five pictures and five captions that reach highest, regions above 1.2, segments above 1.3, Eq. 16. Where the
    paper is silent: regions are cut after linear interpolation to the labels' resolution; a segment is the stretch
    around the maximum; w_i is the intersection of class i with the regions over their union, both summed over the five
    pictures, divided by the sum over all classes; function words are left out; nothing is drawn for a dimension that
    never passes its threshold. A network that ignores its input scores 0: no word then repeats or no class stands out.
    """
    progress = progress or Silent()
    seen, heard = _Seen(observed, rules), _Heard(observed, rules)
    known: dict[tuple[str, str], float] = {}

    def likeness(thing: str, word: str) -> float:
        if (thing, word) not in known:
            known[thing, word] = taxonomy.similarity(thing, word)
        return known[thing, word]

    units = []
    for unit in range(observed.images.shape[1]):
        regions, objects = seen.regions(unit)
        segments = heard.segments(unit)
        words = repeated(segments, rules)
        value = max((concept_value(objects, word, likeness) for word in words), default=0.0)
        units.append(Concept(unit, value, words, objects, regions, segments))
        progress.update("Reading the dictionary", unit + 1, observed.images.shape[1])
    return Concepts(tuple(units), rules.learned)


def after_epoch(model: MatchmapModel, pairs: PreparedPairs, truths: Truths) -> Concepts:
    """The dictionary of a network in training (Fig. 11: its `count`, Fig. 12: its `top`), by the world's senses.

    Cheap enough for every epoch on a few hundred pairs: the truths are read once, before the training.
    """
    return concepts(observe(model, pairs, truths), world())


def concept_log(found: Concepts, most: int = 20) -> dict[str, Any]:
    """The dictionary after an epoch as the training log keeps it: `count`, and the `top` concepts (Fig. 12: 20)."""
    best = [
        {"unit": each.unit, "name": each.name, "object": each.object, "value": each.value} for each in found.top(most)
    ]
    return {"count": found.count, "units": len(found.units), "top": best}


def concept_value(objects: tuple[tuple[str, float], ...], word: str, likeness: Callable[[str, str], float]) -> float:
    """c_j of Eq. 16: likeness of each class to the word, by weights of sum 1; in [0, 1]."""
    return float(min(1.0, sum(weight * likeness(thing, word) for thing, weight in objects)))


def repeated(segments: tuple[Segment, ...], rules: ConceptRules) -> tuple[str, ...]:
    """Words that several segments share, the most frequent first, of equal ones by the alphabet."""
    counts = Counter(word for segment in segments for word in segment.words)
    often = sorted((-count, word) for word, count in counts.items() if count >= rules.repeats)
    return tuple(word for _, word in often[: rules.most_words])


class _Seen:
    """Top pictures of every unit, and the regions in them."""

    def __init__(self, observed: Observed, rules: ConceptRules) -> None:
        items, dim, rows, cols = observed.images.shape
        self._observed, self._rules = observed, rules
        flat = observed.images.reshape(items, dim, rows * cols)
        self._mean, self._std = _moments(list(flat))
        self._top = _top(list(flat), rules.examples)
        count_rows, count_cols = observed.labels.shape[1:]
        self._rows = interpolation(observed.places.rows, count_rows)
        self._cols = interpolation(observed.places.cols, count_cols)
        self._areas = np.stack([self._pixels(item, np.ones((count_rows, count_cols), bool)) for item in range(items)])

    def regions(self, unit: int) -> tuple[tuple[Region, ...], tuple[tuple[str, float], ...]]:
        """Its regions, and the classes in them with their weights."""
        found, inside, areas, masked = [], self._areas[0] * 0, self._areas[0] * 0, 0
        for item, value in zip(self._top.items[unit], self._top.values[unit], strict=True):
            activation = float((value - self._mean[unit]) / self._std[unit]) if item >= 0 else 0.0
            if item < 0 or activation <= self._rules.image_threshold:
                continue
            cells = (self._observed.images[item, unit] - self._mean[unit]) / self._std[unit]
            mask = self._rows @ cells @ self._cols.T > self._rules.image_threshold
            pixels = self._pixels(int(item), mask)
            inside, areas, masked = inside + pixels, areas + self._areas[item], masked + int(mask.sum())
            name = self._observed.classes[int(pixels[1:].argmax())] if pixels[1:].any() else ""
            found.append(Region(int(item), activation, mask, name))
        return tuple(found), self._weights(inside[1:], areas[1:], masked)

    def _pixels(self, item: int, mask: Bool[np.ndarray, "rows cols"]) -> Int[np.ndarray, "numbers"]:
        return np.bincount(self._observed.labels[item][mask], minlength=len(self._observed.classes) + 1)

    def _weights(
        self, inside: Int[np.ndarray, "classes"], areas: Int[np.ndarray, "classes"], masked: int
    ) -> tuple[tuple[str, float], ...]:
        """Intersection over union of each class with the regions, made to sum to 1."""
        overlap = inside / np.maximum(areas + masked - inside, 1)
        order = [int(number) for number in np.argsort(-overlap, kind="stable") if overlap[number] > 0]
        return tuple((self._observed.classes[number], float(overlap[number] / overlap.sum())) for number in order)


class _Heard:
    """Top captions of every unit, and the segments in them."""

    def __init__(self, observed: Observed, rules: ConceptRules) -> None:
        self._observed, self._rules = observed, rules
        own = [maps[:, :length] for maps, length in zip(observed.captions, observed.lengths, strict=True)]
        self._mean, self._std = _moments(own)
        self._top = _top(own, rules.examples)

    def segments(self, unit: int) -> tuple[Segment, ...]:
        """Its segments."""
        found = []
        top = self._top
        for item, value, place in zip(top.items[unit], top.values[unit], top.places[unit], strict=True):
            activation = float((value - self._mean[unit]) / self._std[unit]) if item >= 0 else 0.0
            if item < 0 or activation <= self._rules.caption_threshold:
                continue
            length = int(self._observed.lengths[item])
            values = (self._observed.captions[item, unit, :length] - self._mean[unit]) / self._std[unit]
            first, end = stretch(values > self._rules.caption_threshold, int(place))
            times_s, step_s = self._observed.places.times_s[first:end], self._observed.places.step_s
            words = words_at(self._observed.words[item], times_s)
            start_s = max(0.0, float(times_s[0]) - step_s / 2)
            found.append(Segment(int(item), activation, start_s, float(times_s[-1]) + step_s / 2, words))
        return tuple(found)


def stretch(inside: Bool[np.ndarray, "frames"], place: int) -> tuple[int, int]:
    """First frame and one past the last of the unbroken stretch of True around a place."""
    outside = np.flatnonzero(~inside)
    before, after = outside[outside < place], outside[outside > place]
    return (int(before[-1]) + 1 if before.size else 0), (int(after[0]) if after.size else len(inside))


def _top(maps: Sequence[Float[np.ndarray, "units _"]], most: int) -> Top:
    """The items in which each unit reaches highest, and where."""
    running = RunningTopK(maps[0].shape[0], most)
    for first in range(0, len(maps), _BLOCK_ITEMS):
        block = maps[first : first + _BLOCK_ITEMS]
        values, places = (np.stack([find(each) for each in block]) for find in (_largest, _where_largest))
        running.add(values, np.arange(first, first + len(block)), places)
    return running.result()


def _largest(values: Float[np.ndarray, "units places"]) -> Float[np.ndarray, "units"]:
    return values.max(axis=1)


def _where_largest(values: Float[np.ndarray, "units places"]) -> Int[np.ndarray, "units"]:
    return values.argmax(axis=1)


def _moments(
    maps: Sequence[Float[np.ndarray, "units _"]],
) -> tuple[Float[np.ndarray, "units"], Float[np.ndarray, "units"]]:
    """Mean and deviation of every unit; a unit that never changes has an infinite one, so that it is never active."""
    places = sum(each.shape[1] for each in maps)
    mean = np.sum([each.sum(axis=1, dtype=np.float64) for each in maps], axis=0) / places
    variance = np.sum([np.square(each - mean[:, None]).sum(axis=1) for each in maps], axis=0) / places
    still = variance <= 1e-12 * np.maximum(np.square(mean), 1e-30)
    return mean, np.where(still, np.inf, np.sqrt(variance))
