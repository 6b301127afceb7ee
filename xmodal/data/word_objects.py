"""Which words name which things of a picture."""

from collections.abc import Sequence

from xmodal.data.sample import LabelMap, Word
from xmodal.data.world.kinds import KINDS


def named_by(words: Sequence[Word], truth: LabelMap) -> tuple[tuple[int, ...], ...]:
    """Per word: the instances of the label map that it names (from 1, as in the map); none for most words.

    A word names an instance if it is the last word of the instance's name, or one of the world's nouns for it, in the
    singular or with an s.
    """
    nouns = [nouns_of(name) for name in truth.instance_names]
    return tuple(
        tuple(number for number, known in enumerate(nouns, start=1) if _singular(word.text) & known) for word in words
    )


def nouns_of(name: str) -> set[str]:
    """The nouns for a thing: the last words of its name and of its synonyms (`stop sign` is a sign)."""
    synonyms = KINDS[name].words if name in KINDS else (name.split(",")[0],)
    return {parts[-1] for each in synonyms if (parts := each.replace("_", " ").lower().split())}


def bare(word: str) -> str:
    """A spoken word as tables have it: lower case, without punctuation."""
    return word.lower().strip(".,;:!?'\"")


def _singular(word: str) -> set[str]:
    plain = bare(word)
    return {plain, plain.removesuffix("s"), plain.removesuffix("es")}
