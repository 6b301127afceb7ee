"""Pairs whose truth is known, as an ideal network, a random one and one without an idea would see them."""

from dataclasses import replace

import numpy as np

from xmodal.analysis.observed import LABELS_PX, Observed, Places
from xmodal.data.sample import Word
from xmodal.seeding import stream

CLASSES = ("dog", "sofa", "tree", "boat", "guitar", "clock")
WORDS = ("puppy", "couch", "tree", "boats", "guitar", "clock")
"""What the captions call the classes."""
CELLS, STEP_S, FRAMES = 7, 0.2, 14
CELL_PX = LABELS_PX // CELLS
SPOTS = ((0, 0), (0, 4), (4, 0), (4, 4))
"""Where in the picture the things stand, cells; each is 3 x 3 cells."""


def planted(items: int = 40, *, things: int = 2, seed: int = 5) -> Observed:
    """Each item shows some classes and names them one after the other, 3 frames each, after "the"; one dimension a
    class, 1 where it is seen or named and 0 elsewhere."""
    random = stream(seed, "planted")
    images = np.zeros((items, len(CLASSES), CELLS, CELLS), np.float32)
    captions = np.zeros((items, len(CLASSES), FRAMES), np.float32)
    labels = np.zeros((items, LABELS_PX, LABELS_PX), np.int32)
    words = []
    for item in range(items):
        spoken = []
        chosen = random.permutation(len(CLASSES))[:things]
        for order, (number, spot) in enumerate(zip(chosen, random.permutation(len(SPOTS)), strict=False)):
            row, col = SPOTS[spot]
            images[item, number, row : row + 3, col : col + 3] = 1.0
            low, left = row * CELL_PX, col * CELL_PX
            labels[item, low : low + 3 * CELL_PX, left : left + 3 * CELL_PX] = number + 1
            frame = 1 + 5 * order
            captions[item, number, frame : frame + 3] = 1.0
            start_s = (frame - 0.5) * STEP_S
            spoken.append(Word("The", start_s - STEP_S, start_s))
            spoken.append(Word(WORDS[number].capitalize(), start_s, start_s + 3 * STEP_S))
        words.append(tuple(spoken))
    centres = (np.arange(CELLS) + 0.5) / CELLS
    return Observed(
        ids=tuple(f"item-{number}" for number in range(items)),
        images=images,
        captions=captions,
        lengths=np.full(items, FRAMES),
        places=Places(centres, centres, np.arange(FRAMES) * STEP_S),
        labels=labels,
        classes=CLASSES,
        words=tuple(words),
    )


def by_chance(observed: Observed, dim: int = 64, seed: int = 6) -> Observed:
    """The same pairs seen by a network that makes noise."""
    random = stream(seed, "noise")
    items = len(observed)
    images = random.standard_normal((items, dim, CELLS, CELLS)).astype(np.float32)
    captions = random.standard_normal((items, dim, FRAMES)).astype(np.float32)
    return replace(observed, images=images, captions=captions)


def without_an_idea(observed: Observed) -> Observed:
    """The same pairs seen by a network whose output is always the same."""
    return replace(observed, images=np.ones_like(observed.images), captions=np.ones_like(observed.captions))
