"""The oracle: ranks from the latent scenes alone, the ceiling for any model trained on the world.

It knows what is seen, said and heard in each item, exactly and symbolically, and nothing else: no pixels, no voices.
An image is its visible things (kind, colour, side, count), category, daylight and weather. A caption is the claims it
makes (`text.Caption.facts`); speech is the same caption. A sound is the set of kinds that are heard, its ambience and
the weather. Each pair gets the sum of log-likelihood terms of `_Chances`; ties count half, so a rank is the mean rank
over the ways to order equal scores.
"""

from dataclasses import asdict, dataclass
from math import log
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.compose import compose
from xmodal.data.world.facts import LEFT_UNTIL, MIDDLE_WITHIN, RIGHT_FROM, Fact
from xmodal.data.world.kinds import COLOUR_RGB, KINDS
from xmodal.data.world.layout import visible_fraction
from xmodal.data.world.scene import Scene
from xmodal.data.world.spec import WorldSpec
from xmodal.data.world.text import Caption, render_text
from xmodal.modality import Modality
from xmodal.progress import Progress, track

_KIND = {name: number for number, name in enumerate(KINDS)}
_COLOUR = {name: number for number, name in enumerate(COLOUR_RGB, start=1)}
_SIDE = {"left": 1, "right": 2, "middle": 3}
_CAN_SOUND = np.array([kind.sound is not None for kind in KINDS.values()])

VISIBLE = 0.15
"""Least visible share of a thing that an onlooker is credited with seeing."""


@dataclass(frozen=True)
class _Chances:
    """Log-probabilities of what one sense holds given another."""

    wrong: float = log(0.002)
    """A claim is made that does not hold (mistaken kind, category, weather)."""
    miscounted: float = log(0.05)
    """The kind is there, in another number, colour or place."""
    unsaid: float = log(0.6)
    """A visible thing is not mentioned."""
    heard_if_seen: float = log(0.8)
    silent_if_seen: float = log(0.2)
    heard_unseen: float = log(0.02)
    """A kind is heard that is not seen."""
    heard_unsaid: float = log(0.12)
    """A kind is heard that the caption does not name."""
    silent_if_said: float = log(0.3)
    """The caption names a kind that can sound, not saying that it does, and it is not heard."""


_CHANCES = _Chances()


@dataclass(frozen=True)
class Score:
    """How well one direction can be done."""

    query: Modality
    answer: Modality
    median_rank: float
    """1 = first; chance is (items + 1) / 2."""
    recall_at_10: float
    items: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | {"query": self.query.value, "answer": self.answer.value}


@dataclass(frozen=True)
class _Known:
    """What is known of all items, as tables."""

    captions: tuple[Caption, ...]
    count: Int[np.ndarray, "items kinds colours sides"]
    """Visible things; index 0 of colours and sides means any."""
    heard: Bool[np.ndarray, "items kinds"]
    category: tuple[str, ...]
    ambience: tuple[frozenset[str], ...]
    daylight: tuple[str, ...]
    weather: tuple[str, ...]


def evaluate(spec: WorldSpec, *, items: int, progress: Progress) -> tuple[Score, ...]:
    """Ranks of both ways of image-speech, image-text, image-sound and sound-text among the first `items` items."""
    known = _know([compose(spec, index) for index in range(items)], spec, progress)
    seen_said = np.stack([_image_given_caption(known, caption) for caption in known.captions], axis=1)
    seen_heard = _image_sound(known)
    heard_said = np.stack([_sound_given_caption(known, caption) for caption in known.captions], axis=1)
    image, text, sound, speech = Modality.IMAGE, Modality.TEXT, Modality.SOUND, Modality.SPEECH
    tables = (
        (image, speech, seen_said),
        (image, text, seen_said),
        (image, sound, seen_heard),
        (sound, text, heard_said),
    )
    scores: list[Score] = []
    for one, two, table in tables:
        scores += [_score(one, two, table), _score(two, one, table.T)]
    return tuple(scores)


def _score(query: Modality, answer: Modality, table: Float[np.ndarray, "items items"]) -> Score:
    own = np.diag(table)[:, None]
    rank = 1 + (table > own).sum(axis=1) + ((table == own).sum(axis=1) - 1) / 2
    return Score(query, answer, float(np.median(rank)), float((rank <= 10).mean()), len(table))


def _know(scenes: list[Scene], spec: WorldSpec, progress: Progress) -> _Known:
    count = np.zeros((len(scenes), len(KINDS), 1 + len(COLOUR_RGB), 4), dtype=np.int8)
    heard = np.zeros((len(scenes), len(KINDS)), dtype=bool)
    for item, scene in enumerate(track(scenes, progress, stage="Looking at the latent scenes", total=len(scenes))):
        for thing, share in zip(scene.things, visible_fraction(scene), strict=True):
            if share >= VISIBLE:
                colours = {0, _COLOUR.get(thing.colour or "", 0)}
                for colour in colours:
                    for side in {0, _side(thing.x)}:
                        count[item, _KIND[thing.kind], colour, side] += 1
        for source in scene.sounding():
            heard[item, _KIND[source.kind]] = True
    return _Known(
        captions=tuple(render_text(scene, spec) for scene in scenes),
        count=count,
        heard=heard,
        category=tuple(scene.category for scene in scenes),
        ambience=tuple(frozenset(CATEGORIES[scene.category].ambience) for scene in scenes),
        daylight=tuple(scene.daylight for scene in scenes),
        weather=tuple(scene.weather for scene in scenes),
    )


def _side(x: float) -> int:
    if x < LEFT_UNTIL:
        return _SIDE["left"]
    if x > RIGHT_FROM:
        return _SIDE["right"]
    return _SIDE["middle"] if abs(x - 0.5) < MIDDLE_WITHIN else 0


def _image_given_caption(known: _Known, caption: Caption) -> Float[np.ndarray, "items"]:
    """Score of every image for one caption."""
    visible = known.count[:, :, 0, 0]
    score = np.zeros(len(visible))
    said = np.zeros(visible.shape[1], dtype=bool)
    for fact in caption.facts:
        kind = _KIND[fact.kind]
        if fact.seen:
            said[kind] = True
            score += _claim(known, fact)
        else:
            score += np.where(visible[:, kind] > 0, _CHANCES.miscounted, 0.0)
    score += _CHANCES.unsaid * ((visible > 0) & ~said).sum(axis=1)
    return score + _setting(known, caption, known.category)


def _claim(known: _Known, fact: Fact) -> Float[np.ndarray, "items"]:
    """Whether an image has exactly this many of this kind, colour and side."""
    kind, colour = _KIND[fact.kind], _COLOUR[fact.colour] if fact.colour else 0
    there = known.count[:, kind, 0, 0] > 0
    exact = known.count[:, kind, colour, 0] == fact.count
    if fact.side:
        exact &= known.count[:, kind, colour, _SIDE[fact.side]] == fact.count
    return np.where(exact, 0.0, np.where(there, _CHANCES.miscounted, _CHANCES.wrong))


def _setting(known: _Known, caption: Caption, places: tuple[object, ...]) -> Float[np.ndarray, "items"]:
    """Category (or what stands for it in `places`), daylight and weather, as far as the caption states them."""
    score = np.zeros(len(places))
    own = (caption.category, caption.daylight, caption.weather)
    for value, column in zip(own, (places, known.daylight, known.weather), strict=True):
        if value is not None:
            score += np.where(np.array([entry == value for entry in column]), 0.0, _CHANCES.wrong)
    return score


def _image_sound(known: _Known) -> Float[np.ndarray, "items items"]:
    """Score of image (rows) and sound (columns)."""
    seen = ((known.count[:, :, 0, 0] > 0) & _CAN_SOUND).astype(np.float64)
    heard = known.heard.astype(np.float64)
    score = _CHANCES.heard_if_seen * seen @ heard.T
    score += _CHANCES.silent_if_seen * seen @ (1.0 - heard).T
    score += _CHANCES.heard_unseen * (1.0 - seen) @ heard.T
    return score + _CHANCES.wrong * (_differs(known.ambience) + _differs(known.weather))


def _differs(values: tuple[object, ...]) -> Float[np.ndarray, "items items"]:
    codes = {value: number for number, value in enumerate(dict.fromkeys(values))}
    column = np.array([codes[value] for value in values])
    return (column[:, None] != column[None]).astype(np.float64)


def _sound_given_caption(known: _Known, caption: Caption) -> Float[np.ndarray, "items"]:
    """Score of every sound for one caption."""
    score = np.zeros(len(known.heard))
    said = np.zeros(known.heard.shape[1], dtype=bool)
    for fact in caption.facts:
        kind = _KIND[fact.kind]
        said[kind] = True
        if _CAN_SOUND[kind]:
            missing = _CHANCES.wrong if fact.sounding else _CHANCES.silent_if_said
            score += np.where(known.heard[:, kind], 0.0, missing)
    score += _CHANCES.heard_unsaid * (known.heard & ~said).sum(axis=1)
    if caption.category is not None:
        own = frozenset(CATEGORIES[caption.category].ambience)
        score += np.where(np.array([ambience == own for ambience in known.ambience]), 0.0, _CHANCES.wrong)
    if caption.weather is not None:
        score += np.where(np.array([weather == caption.weather for weather in known.weather]), 0.0, _CHANCES.wrong)
    return score
