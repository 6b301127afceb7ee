"""What a network makes of many pairs, beside what is known to be true about them: classes of pixels, times of words."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from xmodal.data import load
from xmodal.data.decode import MediaError
from xmodal.data.sample import LabelMap, Sample, Word
from xmodal.data.spoken import spoken
from xmodal.embeddings.pair_maps import pair_maps
from xmodal.features.pairs import PreparedPairs
from xmodal.features.picture import Picture
from xmodal.features.words import words_of
from xmodal.modality import Modality
from xmodal.models.matchmaps import MatchmapModel
from xmodal.progress import Progress, Silent

LABELS_PX = 112
"""Side of the square of labels: a fifth of a percent of the picture is 25 pixels."""
FUNCTION_WORDS = frozenset(
    "a an the and or but of in on at to by for from with without near next beside behind under over above below into "
    "out up down there here this that these those it its is are was be been being has have can could will would "
    "may some which who as while i you he she we they his her their there's it's".split()
)
"""Words that never name a thing; without them every cluster of English speech would be called "the"."""


@dataclass(frozen=True)
class Places:
    """Where the cells and frames of the maps lie."""

    rows: Float[np.ndarray, "rows"]
    """Centre of each row of cells, fraction of the square's height."""
    cols: Float[np.ndarray, "cols"]
    times_s: Float[np.ndarray, "frames"]
    """Centre of each frame (of texts: the number of the word)."""

    @property
    def step_s(self) -> float:
        """Seconds from frame to frame."""
        return float(self.times_s[1] - self.times_s[0]) if len(self.times_s) > 1 else 1.0


@dataclass(frozen=True)
class Observed:
    """Maps of pairs and the truth about them; the picture is the square that the network saw."""

    ids: tuple[str, ...]
    images: Float[np.ndarray, "items dim rows cols"]
    captions: Float[np.ndarray, "items dim frames"]
    """Frames after an item's own hold zeros."""
    lengths: Int[np.ndarray, "items"]
    """Valid frames."""
    places: Places
    labels: Int[np.ndarray, "items label_rows label_cols"]
    """0 where nothing is known, else 1 + index into `classes`."""
    classes: tuple[str, ...]
    words: tuple[tuple[Word, ...], ...]
    """Of each caption: spoken words with their times; of a sound its events; of a text its words, one a second."""

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.ids)

    @property
    def valid(self) -> Bool[np.ndarray, "items frames"]:
        """True on an item's own frames."""
        return np.arange(self.captions.shape[2]) < self.lengths[:, None]


@dataclass(frozen=True)
class Truths:
    """What is true about pairs, whatever a network makes of them: read once, used after every epoch."""

    ids: tuple[str, ...]
    labels: Int[np.ndarray, "items label_rows label_cols"]
    classes: tuple[str, ...]
    words: tuple[tuple[Word, ...], ...]


def truths_of(pairs: PreparedPairs, samples: Iterable[Sample], *, progress: Progress | None = None) -> Truths:
    """Label maps and words of pairs; an item whose label map is missing or broken counts as unlabelled.

    Args:
        pairs: how pictures are cut, and what the captions are.
        samples: the samples of these pairs, in their order.
        progress: told about each.

    Raises:
        ValueError: the samples are not those of the pairs.
    """
    progress = progress or Silent()
    ids = ids_of(pairs)
    maps: list[LabelMap | None] = []
    words = []
    for number, sample in enumerate(samples):
        if number >= len(ids) or sample.id != ids[number]:
            raise ValueError(f"sample {sample.id} is not pair {number}")
        maps.append(_label_map(sample, pairs.picture))
        words.append(_words(sample, pairs.prepared.index.options.caption))
        progress.update("Reading what is true", number + 1, len(ids))
    if len(words) != len(ids):
        raise ValueError(f"{len(words)} samples for {len(ids)} pairs")
    return Truths(ids, *numbered(maps), tuple(words))


def ids_of(pairs: PreparedPairs) -> tuple[str, ...]:
    """Ids of the items, in order."""
    return tuple(pairs.prepared.index.ids[place] for place in pairs.positions)


def observe(
    model: MatchmapModel, pairs: PreparedPairs, truths: Truths, *, progress: Progress | None = None
) -> Observed:
    """Maps of pairs by a network, beside the truth; all in memory (1,000 pairs of the paper's size: 0.7 GB).

    Raises:
        ValueError: the truths are those of other pairs.
    """
    if truths.ids != ids_of(pairs):
        raise ValueError("the truths are those of other pairs")
    options = pairs.prepared.index.options
    maps = pair_maps(model, pairs, progress=progress)
    hop_s = 1.0
    if options.caption is not Modality.TEXT:
        hop_s = options.spectrogram.hop_samples / options.spectrogram.rate_hz
    side = pairs.picture.crop_px or pairs.picture.shorter_side_px
    return Observed(
        ids=truths.ids,
        images=maps.images.numpy(),
        captions=maps.captions.numpy(),
        lengths=maps.lengths.numpy(),
        places=Places(
            rows=model.image.cell_centres(maps.images.shape[2], side),
            cols=model.image.cell_centres(maps.images.shape[3], side),
            times_s=model.caption.frame_times_s(maps.captions.shape[2], hop_s),
        ),
        labels=truths.labels,
        classes=truths.classes,
        words=truths.words,
    )


def square(labels: Int[np.ndarray, "_ _"], picture: Picture) -> Int[np.ndarray, "side side"]:
    """The part of a label map that `features.picture.prepared` cuts out, nearest of its pixels, `LABELS_PX` wide."""
    rows, cols = labels.shape
    side = min(rows, cols) * (picture.crop_px or picture.shorter_side_px) / picture.shorter_side_px
    steps = (np.arange(LABELS_PX) + 0.5) / LABELS_PX
    inside = [np.floor((length - side) / 2 + steps * side).astype(int).clip(0, length - 1) for length in (rows, cols)]
    return labels[np.ix_(*inside)]


def numbered(truths: Iterable[LabelMap | None]) -> tuple[Int[np.ndarray, "items side side"], tuple[str, ...]]:
    """Label maps with their own numbers as one array with common ones: names in the order of their first mention."""
    found: dict[str, int] = {}
    planes = []
    for truth in truths:
        plane = np.zeros((LABELS_PX, LABELS_PX), np.int32)
        if truth is not None:
            for number in np.unique(truth.labels[truth.labels > 0]):
                name = truth.names.get(int(number), f"class {number}")
                plane[truth.labels == number] = found.setdefault(name, len(found) + 1)
        planes.append(plane)
    return np.stack(planes), tuple(found)


def words_at(
    words: tuple[Word, ...], times_s: Float[np.ndarray, "frames"], *, ignored: frozenset[str] = FUNCTION_WORDS
) -> tuple[str, ...]:
    """The words that are spoken at some of these times (a frame's centre lies in the word), each once, lower-case."""
    spoken = [
        " ".join(words_of(word.text)) for word in words if ((times_s >= word.start_s) & (times_s < word.end_s)).any()
    ]
    return tuple(dict.fromkeys(word for word in spoken if word and word not in ignored))


def nearest(centres: Float[np.ndarray, "cells"], count: int) -> Int[np.ndarray, "count"]:
    """The cell whose centre is nearest to each of `count` pixels along a side."""
    steps = (np.arange(count) + 0.5) / count
    return np.abs(steps[:, None] - centres[None, :]).argmin(axis=1)


def interpolation(centres: Float[np.ndarray, "cells"], count: int) -> Float[np.ndarray, "count cells"]:
    """Weights that make `count` pixels along a side of values at the cells' centres: linear, level beyond the last."""
    steps = (np.arange(count) + 0.5) / count
    return np.stack([np.interp(steps, centres, unit) for unit in np.eye(len(centres))], axis=1)


def _label_map(sample: Sample, picture: Picture) -> LabelMap | None:
    """The square of its label map; None if it has none, or a broken one."""
    try:
        found = load.label_map(sample, size_px=2 * LABELS_PX)
    except MediaError:
        return None
    if found is None:
        return None
    return LabelMap(square(found.labels, picture), found.names, square(found.instances, picture), found.instance_names)


def _words(sample: Sample, caption: Modality) -> tuple[Word, ...]:
    if caption is Modality.SPEECH:
        return sample.truth.words or spoken(sample)[1]
    if caption is Modality.TEXT:
        texts = load.texts(sample)
        return tuple(Word(text, place - 0.5, place + 0.5) for place, text in enumerate(words_of(" ".join(texts[:1]))))
    return tuple(Word(event.label.replace("_", " "), event.start_s, event.end_s) for event in sample.truth.sound_events)
