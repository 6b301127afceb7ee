"""What the player outlines in a picture, and which spoken words name it."""

import numpy as np

from xmodal.data.sample import LabelMap, Word
from xmodal.data.word_objects import named_by
from xmodal.ui.played_clip import Things


def things_of(truth: LabelMap | None, words: tuple[Word, ...]) -> Things | None:
    """The instances of a label map and the words that name them; None without a usable map."""
    if truth is None or not truth.instance_names or len(truth.instance_names) > 254:
        return None
    return Things(truth.instances.astype(np.uint8), truth.instance_names, named_by(words, truth))
