"""The English of captions: nouns and their plurals, noun phrases, phrases for place, time, weather and side.

Everything is built from `Token`s, so that a word never loses the thing that it names.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.facts import Group
from xmodal.data.world.kinds import KINDS


@dataclass(frozen=True)
class Token:
    """One word as written, perhaps with a comma after it."""

    text: str
    things: tuple[int, ...] = ()
    """Which of `scene.things` it names."""
    kind: str | None = None
    """Kind that it names; None for all other words."""


Tokens = tuple[Token, ...]


@dataclass(frozen=True)
class Said:
    """What a noun phrase says of its group."""

    group: Group
    noun: str
    """The synonym, singular."""
    colour: bool = True
    """Whether it says the colour (only where there is one)."""
    side: bool = False
    """Whether it says the side (only where there is one)."""
    action: str | None = None
    """Verb of the sound, if the caption says that it sounds."""
    attributive: bool = False
    """Whether that verb stands before the noun instead of in a clause of its own."""


COUNTS = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_IRREGULAR = {"sheep": "sheep", "child": "children", "man": "men", "woman": "women", "cattle": "cattle"}
_PLURAL_ONLY = frozenset({"cattle"})
_UNCOUNTABLE = frozenset({"luggage"})
DRESSED = frozenset({"baby", "child", "man", "woman"})
"""Kinds whose colour is that of their clothes."""
_SOURCE_OF = {"church": "bell", "bicycle": "bell", "lighthouse": "horn"}
"""The part that sounds, where people would not say that the whole thing does."""
_NEVER_BEFORE_NOUN = frozenset(
    "church bicycle lighthouse piano violin guitar television sink washer computer drum stove swing trumpet".split()
)
"""Kinds of which one does not say "a strumming guitar"."""

_ON_OR_AT = {
    "beach": "on", "seaside": "at", "harbour": "in", "port": "in", "lake": "by", "pond": "by", "waterfall": "near",
    "cascade": "near", "farm": "on", "campsite": "at", "camp": "at", "playground": "on", "street": "on",
    "avenue": "on", "station": "at", "platform": "on", "airport": "at", "airfield": "on", "building site": "on",
    "mountain": "on", "slope": "on",
}  # fmt: skip
"""Preposition of each place that one is not simply `in`."""

TIMES = {
    "day": ("in the daytime", "during the day", "in the daylight"),
    "dusk": ("at dusk", "in the evening", "at nightfall"),
    "night": ("at night", "late at night", "in the night"),
}
WEATHERS = {
    "clear": ("in clear weather", "under a clear sky", "on a dry day"),
    "wind": ("in the wind", "in windy weather", "on a windy day"),
    "rain": ("in the rain", "in rainy weather", "on a rainy day"),
}
"""Phrases for `Scene.weather` outdoors; the last of each is for daylight only."""
SIDES = {
    "left": ("on the left", "on the left side", "at the left"),
    "right": ("on the right", "on the right side", "at the right"),
    "middle": ("in the middle", "in the centre"),
}
HEDGES = ("I think", "let me see", "well", "so", "okay", "as far as I can tell", "if I remember correctly", "now")
"""What speakers begin with besides."""
ASIDES = (
    "I took this on a tuesday", "someone sent me this last week", "this was last summer", "this looks nice",
    "my sister showed me this once", "I like this one very much", "it was a friday", "this one is easy",
)  # fmt: skip
"""Sentences about nothing that is there."""


@cache
def _word(text: str) -> Token:
    """A word that names nothing; there are some hundred of them in all."""
    return Token(text)


def plain(text: str) -> Tokens:
    """Words that name nothing."""
    return tuple([_word(word) for word in text.split()])


def comma(tokens: Tokens) -> Tokens:
    """The same with a comma at the end."""
    if not tokens:
        return tokens
    last = tokens[-1]
    return (*tokens[:-1], Token(last.text + ",", last.things, last.kind))


def pick(generator: np.random.Generator, options: Sequence[str]) -> str:
    """One of the options, all equally likely."""
    return options[int(generator.random() * len(options))]


def plural(noun: str) -> str:
    """Plural of an English noun of the world."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith("shelf"):
        return noun[:-1] + "ves"
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def article(following: str) -> str:
    """`an` before a vowel, else `a`."""
    return "an" if following[0] in "aeiou" else "a"


def nouns(kind: str, count: int, avoid: frozenset[str]) -> tuple[str, ...]:
    """Synonyms that may name that many things of a kind; none holds a word of `avoid`."""
    fitting = [noun for noun in KINDS[kind].words if not any(word in noun for word in avoid)]
    return tuple(noun for noun in fitting if count > 1 or noun not in _PLURAL_ONLY)


def may_precede_noun(kind: str) -> bool:
    """Whether the verb of its sound may stand before the noun ("a barking dog")."""
    return kind not in _NEVER_BEFORE_NOUN


def noun_phrase(said: Said) -> Tokens:
    """E.g. "two barking brown dogs", "a woman in red", "an orange kite"; without the side."""
    group = said.group
    colour = group.colour if said.colour else None
    before = [said.action] if said.attributive and said.action else []
    if colour and group.kind not in DRESSED:
        before.append(colour)
    many = group.count > 1
    name = plural(said.noun) if many and said.noun not in _UNCOUNTABLE else said.noun
    if said.noun in _UNCOUNTABLE:
        before += ["pieces" if many else "piece", "of"]
    determiner = COUNTS[group.count] if many else article((before or [name])[0])
    after = ["in", colour] if colour and group.kind in DRESSED else []
    return (
        *plain(" ".join([determiner, *before])),
        Token(name, group.things, group.kind),
        *plain(" ".join(after)),
    )


def placed_phrase(said: Said, generator: np.random.Generator) -> Tokens:
    """The noun phrase with its side, if that is said."""
    side = said.group.side if said.side else None
    return noun_phrase(said) + (plain(pick(generator, SIDES[side])) if side else ())


def be(count: int) -> str:
    """Present tense of "to be" for that many."""
    return "are" if count > 1 else "is"


def sounding_phrase(said: Said) -> Tokens:
    """Who or what is heard, e.g. "the bell of a white church"."""
    part = _SOURCE_OF.get(said.group.kind)
    if part is None:
        return noun_phrase(said)
    return plain(f"the {plural(part) if said.group.count > 1 else part} of") + noun_phrase(said)


def series(phrases: Sequence[Tokens]) -> Tokens:
    """Phrases joined as in "a, b and c"."""
    if len(phrases) < 2:
        return tuple(token for phrase in phrases for token in phrase)
    head = tuple(token for phrase in phrases[:-2] for token in comma(phrase))
    return (*head, *phrases[-2], Token("and"), *phrases[-1])


def place_words(category: str, generator: np.random.Generator) -> tuple[str, str]:
    """A name of the place with its article, and the preposition that goes with it."""
    noun = pick(generator, CATEGORIES[category].words)
    indefinite = noun != "seaside" and generator.random() < 0.4
    determiner = article(noun) if indefinite else "the"
    return f"{determiner} {noun}", _ON_OR_AT.get(noun, "in")


def time_and_weather(
    daylight: str | None, weather: str | None, is_day: bool, generator: np.random.Generator
) -> tuple[str, ...]:
    """Phrases for what is to be said of both (None: nothing); `is_day`: whether it is day, said or not."""
    said = [pick(generator, TIMES[daylight])] if daylight else []
    if weather:
        said.append(pick(generator, WEATHERS[weather][: 3 if is_day and not daylight else 2]))
    return tuple(said)


def sentence(tokens: Tokens) -> Tokens:
    """The tokens with a capital at the start and a full stop at the end."""
    first, last = tokens[0], tokens[-1]
    capital = Token(first.text[0].upper() + first.text[1:], first.things, first.kind)
    if len(tokens) == 1:
        return (replace(capital, text=capital.text.rstrip(",") + "."),)
    return (capital, *tokens[1:-1], Token(last.text.rstrip(",") + ".", last.things, last.kind))
