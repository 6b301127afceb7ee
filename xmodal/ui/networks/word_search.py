"""One spoken word looked for in many pictures, for pages (matchmaps Fig. 7 and 8)."""

import base64
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from xmodal.analysis.prompted import Prompted, search
from xmodal.data import load
from xmodal.data.catalog import Catalog, Filter
from xmodal.data.decode import MediaError
from xmodal.data.sample import Sample, Split
from xmodal.data.spoken import recordings
from xmodal.embeddings.word_vectors import word_vectors
from xmodal.evaluation.localisation import THRESHOLD, overlap, targets_of
from xmodal.evaluation.word_objects import WordObject, chosen, table_for
from xmodal.modality import Modality
from xmodal.recipes.matched import Trained
from xmodal.ui.views.heat_pictures import at_size, framed, heated, mask_at

MOST_ITEMS = 240
FEWEST_TEST_ITEMS = 60
"""A catalog with fewer test items is searched whole."""
FEWEST_OCCURRENCES = 3
BEST = 12


@dataclass(frozen=True)
class WordSearch:
    """Every word of a table over the pictures of a catalog, as one network sees them."""

    pairs: tuple[WordObject, ...]
    """The commonest first; empty: no word can be looked for."""
    occurrences: dict[str, int]
    items: tuple[str, ...]
    maps: tuple[Prompted, ...]
    """Of each item, for the words of `pairs`."""
    reason: str = ""
    """Why there are no pairs."""

    def knows(self, word: str, item: str) -> bool:
        """Whether there is a map of that item for that word."""
        return item in self.items and any(pair.word == word for pair in self.pairs)

    def best(self, word: str) -> tuple[str, ...]:
        """The items that match a word best, at most `BEST`."""
        place = self._place(word)
        order = np.argsort([-float(each.scores[place].max()) for each in self.maps], kind="stable")
        return tuple(self.items[number] for number in order[:BEST])

    def pair(self, word: str) -> WordObject:
        """The word with its object."""
        return self.pairs[self._place(word)]

    def seen(self, item: str) -> Prompted:
        """The maps of an item."""
        return self.maps[self.items.index(item)]

    def _place(self, word: str) -> int:
        return [pair.word for pair in self.pairs].index(word)


@dataclass(frozen=True)
class FoundPicture:
    """One picture under the heat of a word."""

    address: str
    """The picture itself as a `data:` address."""
    score: float
    """Its best cell."""
    shown: bool
    """Whether the object is really there."""
    union: float
    """Intersection over union at half of the heat; 0 where the object is not there."""


def searched(trained: Trained, catalog: Catalog) -> WordSearch:
    """All words of the catalog's word-object table over its first test items (or all items if those are few)."""
    samples = _samples(catalog)
    if not any(sample.truth.words for sample in samples):
        return _nothing("It has no word times: nobody knows which part of a recording is which word.")
    table = table_for(samples[:50])
    if not table:
        return _nothing("It has no label maps: nobody knows what is where in its pictures.")
    recipe = trained.recipe
    options, spectrogram = recipe.pair, recipe.pair.spectrogram
    words = word_vectors(trained.model, recordings(samples), [pair.word for pair in table], spectrogram)
    pairs = chosen(table, words.counts, fewest=FEWEST_OCCURRENCES)
    if not pairs:
        return _nothing(f"No word that names an object of its pictures is said {FEWEST_OCCURRENCES} times.")

    def look(sample: Sample) -> np.ndarray:
        return load.picture(sample, options.picture, size_px=options.shorter_side_px)

    vectors = words.of([pair.word for pair in pairs])
    found = list(search(trained.model, samples, vectors, recipe.picture, look))
    items = tuple(sample.id for sample, _ in found)
    return WordSearch(pairs, words.counts, items, tuple(seen for _, seen in found))


def picture_of_word(searches: WordSearch, word: str, sample: Sample, modality: Modality) -> FoundPicture:
    """An item's picture under a word's heat, with what it names outlined.

    Raises:
        MediaError: the picture cannot be read.
    """
    seen, pair = searches.seen(sample.id), searches.pair(word)
    place = searches.pairs.index(pair)
    picture = at_size(load.picture(sample, modality, size_px=512))
    rows, cols = picture.shape[:2]
    target = _target(sample, pair)
    outlined = None if target is None else mask_at(target, rows, cols)
    content = framed(heated(picture, seen.heat(place, rows, cols), outlined)).content
    union = 0.0 if target is None else overlap(seen.heat(place, *target.shape) >= THRESHOLD, target).union
    address = f"data:image/webp;base64,{base64.b64encode(content).decode()}"
    return FoundPicture(address, float(seen.scores[place].max()), target is not None, union)


def _target(sample: Sample, pair: WordObject) -> Bool[np.ndarray, "rows cols"] | None:
    try:
        truth = load.label_map(sample, size_px=256)
    except MediaError:
        return None
    return None if truth is None else targets_of(truth, (pair,))[0]


def _samples(catalog: Catalog) -> list[Sample]:
    spoken = catalog.select(Filter(modality=Modality.SPEECH))
    unseen = spoken.select(Filter(split=Split.TEST))
    chosen_items = unseen if len(unseen) >= FEWEST_TEST_ITEMS else spoken
    return [chosen_items[place] for place in range(min(MOST_ITEMS, len(chosen_items)))]


def _nothing(reason: str) -> WordSearch:
    return WordSearch((), {}, (), (), reason)
