"""Which of a picture's things each spoken word names."""

import numpy as np

from xmodal.data.sample import LabelMap, Word
from xmodal.data.world.kinds import KINDS
from xmodal.ui.played_clip import Things


def things_of(truth: LabelMap | None, words: tuple[Word, ...]) -> Things | None:
    """The instances of a label map and the words that name them; None without a usable map.

    A word names an instance if it is a part of the instance's name, or of one of the world's nouns for it, in the
    singular or with an s.
    """
    if truth is None or not truth.instance_names or len(truth.instance_names) > 254:
        return None
    spoken = [names_of(name) for name in truth.instance_names]
    named = tuple(
        tuple(number for number, known in enumerate(spoken, start=1) if _singular(word.text) & known) for word in words
    )
    return Things(truth.instances.astype(np.uint8), truth.instance_names, named)


def names_of(name: str) -> set[str]:
    """The last words of a thing's name and of its synonyms (`stop sign` is a sign)."""
    synonyms = KINDS[name].words if name in KINDS else (name.split(",")[0],)
    return {each.replace("_", " ").lower().split()[-1] for each in synonyms}


def _singular(word: str) -> set[str]:
    plain = word.lower().strip(".,;:!?'\"")
    return {plain, plain.removesuffix("s"), plain.removesuffix("es")}
