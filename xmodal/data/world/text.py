"""The words of an item: a short caption and a longer description, both true in the latent scene.

Captions are what a person would say about the picture in one breath (matchmaps, Section 3: speakers name the main
objects, their colours and places). Descriptions avoid the name of the place, as the workers of scene_networks,
Section 3, were asked to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xmodal.data.world import grammar
from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.clauses import Clause, Plan, circumstances, clauses_of, introduced, join, plan_text, setting
from xmodal.data.world.facts import Fact, Relation, prominences
from xmodal.data.world.grammar import Said, comma, pick, plain
from xmodal.data.world.scene import Scene
from xmodal.data.world.spec import WORLD_VERSION, WorldSpec
from xmodal.seeding import stream

DESCRIPTION_WORDS = (25, 60)
"""Fewest and most words of a description."""
_ATTEMPTS = 24
_MOST_DETAIL = 1.6
_ATTEMPTS_AT_MOST_DETAIL = 6


@dataclass(frozen=True)
class Mention:
    """A word that names a thing."""

    word_index: int
    """Index into `Caption.words`."""
    thing: int | None
    """Index into `scene.things`; None: a source that is heard and not seen."""
    kind: str


@dataclass(frozen=True)
class Caption:
    """A text about a scene and what it claims."""

    text: str
    mentions: tuple[Mention, ...]
    """In the order of the words; a plural noun has one mention for each of its things."""
    facts: tuple[Fact, ...]
    relations: tuple[Relation, ...]
    category: str | None
    """Category whose name is said."""
    daylight: str | None
    """`Scene.daylight`, if it is said."""
    weather: str | None
    """`Scene.weather`, if it is said."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words as spoken: lower case, without punctuation."""
        return tuple(word.strip(",.").lower() for word in self.text.split())


def render_text(scene: Scene, spec: WorldSpec) -> Caption:
    """A caption: one sentence of `spec.words_min` to `words_max` words (12 to 25) that mentions 3 to 5 things.

    Fewer things only where there are fewer, or where the words do not suffice.
    """
    generator = stream([WORLD_VERSION, spec.seed, scene.index], "text")
    weights = prominences(scene)
    bounds = (spec.words_min, spec.words_max)
    return _fit(bounds, lambda detail: _caption(plan_text(scene, generator, weights, detail)), generator)


def render_description(scene: Scene, spec: WorldSpec) -> Caption:
    """A description: 2 to 4 sentences, 25 to 60 words, without any word of the place's own name."""
    generator = stream([WORLD_VERSION, spec.seed, scene.index], "description")
    weights = prominences(scene)
    avoid = frozenset(word for name in CATEGORIES[scene.category].words for word in name.split())

    def draft(detail: float) -> Caption:
        return _description(replace(plan_text(scene, generator, weights, detail + 0.4, avoid), category=None))

    return _fit(DESCRIPTION_WORDS, draft, generator)


def _fit(bounds: tuple[int, int], draft: Callable[[float], Caption], generator: np.random.Generator) -> Caption:
    """The first draft of the wanted length; each draft gets less detail after a long one, more after a short one.

    A scene with too little in it is filled up with asides.
    """
    low, high = bounds
    detail, patience = 1.0, _ATTEMPTS_AT_MOST_DETAIL
    caption = draft(detail)
    for _ in range(_ATTEMPTS):
        length = len(caption.text.split())
        if low <= length <= high:
            break
        patience -= detail >= _MOST_DETAIL and length < low
        if not patience:
            break
        detail = max(0.0, detail - 0.34) if length > high else min(_MOST_DETAIL, detail + 0.3)
        caption = draft(detail)
    while len(caption.text.split()) < low:
        aside = pick(generator, grammar.ASIDES)
        caption = replace(caption, text=f"{caption.text} {aside[0].upper()}{aside[1:]}.")
    return caption


def _caption(plan: Plan) -> Caption:
    """A draft of a caption, of any length."""
    generator, around = plan.generator, circumstances(plan)
    style = generator.random()
    if plan.category:
        place, preposition = grammar.place_words(plan.category, generator)
        if style < 0.25:
            whole = introduced(plan, place)
            return _finish(plan, [replace(whole, tokens=whole.tokens + plain(" ".join(around)))])
        around = (f"{preposition} {place}", *around)
    whole = join(plan, clauses_of(plan, related=0.45, listed_at_least=1))
    tokens, where_and_when = whole.tokens, plain(" ".join(around))
    if style < 0.6:
        tokens = (comma(where_and_when) if style < 0.4 else where_and_when) + tokens
    else:
        tokens = tokens + where_and_when
    if generator.random() < 0.15 * plan.detail:
        tokens = comma(plain(pick(generator, grammar.HEDGES))) + tokens
    return _finish(plan, [replace(whole, tokens=tokens)])


def _description(plan: Plan) -> Caption:
    """A draft of a description, of any length."""
    generator = plan.generator
    clauses = clauses_of(plan, related=0.9, listed_at_least=2)
    sentences = [setting(plan)] if plan.daylight or plan.weather else []
    while clauses and len(sentences) < 3:
        take = 2 if len(clauses) > 3 - len(sentences) or generator.random() < 0.4 else 1
        sentences.append(join(plan, clauses[:take]))
        clauses = clauses[take:]
    if clauses:
        sentences.append(join(plan, clauses))
    if len(sentences) < 2 or (len(sentences) < 4 and generator.random() < 0.3):
        aside = Clause(plain(pick(generator, grammar.ASIDES)))
        sentences.insert(int(generator.random() * (len(sentences) + 1)), aside)
    if generator.random() < 0.2:
        hedge = comma(plain(pick(generator, grammar.HEDGES)))
        sentences[-1] = replace(sentences[-1], tokens=hedge + sentences[-1].tokens)
    return _finish(plan, sentences)


def _finish(plan: Plan, sentences: Sequence[Clause]) -> Caption:
    """The text of the sentences and what it claims."""
    tokens = [token for clause in sentences for token in grammar.sentence(clause.tokens)]
    mentions = [
        Mention(index, thing, token.kind)
        for index, token in enumerate(tokens)
        if token.kind
        for thing in (token.things or (None,))
    ]
    return Caption(
        text=" ".join(token.text for token in tokens),
        mentions=tuple(mentions),
        facts=tuple(_fact(said) for clause in sentences for said in clause.said),
        relations=tuple(relation for clause in sentences for relation in clause.relations),
        category=plan.category,
        daylight=plan.daylight,
        weather=plan.weather,
    )


def _fact(said: Said) -> Fact:
    group = said.group
    return Fact(
        kind=group.kind,
        colour=group.colour if said.colour else None,
        count=group.count,
        side=group.side if said.side else None,
        sounding=said.action is not None,
        seen=bool(group.things),
    )
