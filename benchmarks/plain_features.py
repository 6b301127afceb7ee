"""Features that nothing was learned for, to stand beside networks: of pictures, sounds and texts."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float

from xmodal.data import load
from xmodal.data.sample import Sample
from xmodal.features.log_mel import LogMel, log_mel_of
from xmodal.features.picture import Picture, prepared
from xmodal.features.words import words_of
from xmodal.modality import Modality

WORDS = 300
"""The commonest words, whose presence is told."""


def of_picture(sample: Sample) -> Float[np.ndarray, "features"]:
    """Colours (4 x 4 x 4 cells of RGB) and gradients (4 x 4 places, 8 orientations, by their strength), as shares."""
    pixels = prepared(load.picture(sample, Modality.IMAGE, size_px=96), Picture(shorter_side_px=96, crop_px=96))
    cells = (pixels // 64).reshape(-1, 3).astype(np.int64) @ np.array([16, 4, 1])
    colours = np.bincount(cells, minlength=64) / len(cells)
    down, right = np.gradient(pixels.astype(float).mean(axis=2))
    strength, angle = np.hypot(down, right), np.mod(np.arctan2(down, right), np.pi)
    turn = np.minimum(7, (angle / np.pi * 8).astype(np.int64))
    rows, cols = (np.indices(strength.shape) // 24).reshape(2, -1)
    places = (rows * 4 + cols) * 8 + turn.ravel()
    gradients = np.bincount(places, weights=strength.ravel(), minlength=128)
    return np.sqrt(np.concatenate([colours, gradients / max(gradients.sum(), 1e-9)]))


def of_sound(sample: Sample) -> Float[np.ndarray, "features"]:
    """Mean and deviation of each band of a log-mel spectrogram."""
    bands = log_mel_of(load.waveform(sample, Modality.SOUND), LogMel())
    return np.concatenate([bands.mean(axis=1), bands.std(axis=1)]).astype(float)


def of_texts(train: Sequence[Sample]) -> Callable[[Sample], Float[np.ndarray, "features"]]:
    """Which of the commonest words of the training texts stand in an item's first text."""
    counts = Counter(word for each in train for text in load.texts(each) for word in set(words_of(text)))
    known = sorted(sorted(counts, key=lambda word: (-counts[word], word))[:WORDS])

    def features(sample: Sample) -> Float[np.ndarray, "features"]:
        words = words_of(load.texts(sample)[0])
        return np.array([float(word in words) for word in known])

    return features
