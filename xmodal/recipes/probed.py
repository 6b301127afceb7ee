"""A look at a recipe's data before it trains: how many pairs, how large, how long they take, can they be read."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from jaxtyping import Int

from xmodal.data.catalog import Catalog, Filter
from xmodal.errors import InputError, reason
from xmodal.features.perturbation import UNCHANGED
from xmodal.features.preparation import Source, items_in_parts, prepared_folder, read_pair
from xmodal.features.prepared import INDEX, Prepared, SensePairOptions, StoredPair
from xmodal.features.words import words_of
from xmodal.modality import Modality
from xmodal.recipes.digit_items import digit_items
from xmodal.recipes.digit_pairs import DigitPairs
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.paired_source import paired_source
from xmodal.recipes.recipe import CatalogData, Data, Recipe, SpokenDigitsData
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.sources import catalog_of, source_of
from xmodal.seeding import stream
from xmodal.workspace import Workspace

VALIDATION = ""
"""Name of the validation data among a recipe's; no other can be called so on a command line."""
FEWEST, MOST = 3, 8
"""Items that are decoded, if there are so many."""
LABELLED = 64
"""Items that are asked for labels."""
_JSON_BYTES = 200
"""Id, texts and labels of a prepared pair, about."""


@dataclass(frozen=True)
class Probed:
    """What some data turned out to hold."""

    name: str
    """As in the recipe, or `VALIDATION`."""
    items: int
    """Items with both media."""
    share: float
    """Of which so much is used."""
    lengths: Int[np.ndarray, "looked_at"]
    """Frames or words of the captions of those that were read."""
    folder: Path | None = None
    """Where they are, or will be, prepared; None: composed while the network trains."""
    ready: int = 0
    """Items that are prepared already, readable or not."""
    without: int = 0
    """Items that lack one of the two media."""
    looked_at: int = 0
    faults: tuple[tuple[str, str], ...] = ()
    """Id and reason of those of them that could not be read."""
    pair_bytes: float = 0.0
    """Mean size of a prepared pair."""
    item_s: float = 0.0
    """Mean time to prepare an item, in one process."""
    seen: frozenset[str] = field(default_factory=frozenset)
    """Names of what is seen in the first items, where labels are learned."""
    heard: frozenset[str] = field(default_factory=frozenset)
    """The same of what is heard."""

    @property
    def pairs(self) -> int:
        """About how many pairs there will be to learn from, if as many are unreadable as of those looked at."""
        readable = self.items if not self.looked_at else self.items * (1 - len(self.faults) / self.looked_at)
        return max(1, round(self.share * readable))

    @property
    def missing(self) -> int:
        """Items to prepare."""
        return 0 if self.folder is None else max(0, self.items + self.without - self.ready)


def probed(name: str, data: Data, recipe: MatchmapRecipe, workspace: Workspace, *, budget_s: float) -> Probed:
    """Look at some data, for about `budget_s` seconds.

    Raises:
        InputError: there is no such data, an item has not both media, or not one of those looked at can be read.
    """
    if isinstance(data, SpokenDigitsData) and data.composed and name in recipe.data:
        return _composed(name, data, recipe)
    source = source_of(data, workspace)
    complete = _complete(data, len(source), recipe.pair, workspace)
    folder = prepared_folder(source, recipe.pair, workspace.cache / "pairs")
    if (folder / INDEX).is_file():
        return _prepared(name, data, recipe, Prepared(folder))
    return _looked_at(name, (source, complete), recipe.pair, data.share, _How(recipe, folder, budget_s))


def probed_sense(
    name: str, data: Data, pair: SensePairOptions, recipe: SeeHearReadRecipe, workspace: Workspace, *, budget_s: float
) -> Probed:
    """Look at one sense of some data, for about `budget_s` seconds; validation items may give several senses.

    Raises:
        InputError: there is no such data, no item gives that pair, or not one of those looked at can be read.
    """
    wanted = frozenset((pair.picture, pair.caption))
    if name == VALIDATION:
        source: Source = source_of(data, workspace)
        complete = _complete(data, len(source), pair, workspace)
    else:
        source = paired_source(data, recipe.pairing, wanted, workspace)
        complete = range(len(source))
    folder = prepared_folder(source, pair, workspace.cache / "pairs")
    if (folder / INDEX).is_file():
        prepared = Prepared(folder)
        return _known(name, prepared, data.share, np.ones(1, np.int64))
    return _looked_at(name, (source, complete), pair, data.share, _How(recipe, folder, budget_s))


@dataclass(frozen=True)
class _How:
    """What decides how data are looked at."""

    recipe: Recipe
    folder: Path
    """Where they will be prepared."""
    budget_s: float


def _looked_at(name: str, items: tuple[Source, Sequence[int]], options: StoredPair, share: float, how: _How) -> Probed:
    """Look at some of the items that have both media."""
    source, complete = items
    seen, heard = _labels(source, complete[:LABELLED] if how.recipe.learns_labels else ())
    looks = _looks(source, _places(complete, how.recipe.seed), options, how.budget_s)
    good = [look for look in looks if not look.fault]
    if not good:
        raise InputError(f"none of {len(looks)} items looked at can be read; {looks[0].id}: {looks[0].fault}")
    timed = good[1:] or good  # the first also loads what all need
    return Probed(
        name=name,
        items=len(complete),
        share=share,
        lengths=np.array([look.length for look in good]),
        folder=how.folder,
        ready=min(len(source), items_in_parts(how.folder)),
        without=len(source) - len(complete),
        looked_at=len(looks),
        faults=tuple((look.id, look.fault) for look in looks if look.fault),
        pair_bytes=float(np.mean([look.bytes for look in good])) + _JSON_BYTES,
        item_s=float(np.mean([look.took_s for look in timed])),
        seen=seen,
        heard=heard,
    )


def _composed(name: str, data: SpokenDigitsData, recipe: MatchmapRecipe) -> Probed:
    """A first batch says how long captions are; nothing is stored."""
    items = digit_items(data)
    pairs = DigitPairs(items, recipe.pair, recipe.picture, recipe.perturbations.get(name, UNCHANGED))
    few = pairs.batch(range(min(MOST, len(items))), stream(recipe.seed, "check"))
    return Probed(name, len(items), 1.0, few.lengths.numpy(), looked_at=len(few.lengths))


def _prepared(name: str, data: Data, recipe: MatchmapRecipe, prepared: Prepared) -> Probed:
    """All is known of what is prepared."""
    lengths = prepared.lengths
    if recipe.pair.caption is Modality.TEXT:
        lengths = np.array([len(words_of(prepared.text(place)[0])) for place in range(min(len(prepared), 1000))])
    return _known(name, prepared, data.share, lengths)


def _known(name: str, prepared: Prepared, share: float, lengths: Int[np.ndarray, "known"]) -> Probed:
    labels = prepared.labels
    return Probed(
        name=name,
        items=len(prepared),
        share=share,
        lengths=lengths,
        folder=prepared.folder,
        ready=len(prepared) + len(prepared.index.left_out),
        without=len(prepared.index.left_out),
        seen=frozenset(each for names in labels.seen[:LABELLED] for each in names),
        heard=frozenset(each for names in labels.heard[:LABELLED] for each in names),
    )


def _complete(data: Data, count: int, options: StoredPair, workspace: Workspace) -> Sequence[int]:
    """Positions of the items that have both media.

    Raises:
        InputError: there are none.
    """
    if not isinstance(data, CatalogData):
        return range(count)
    chosen = catalog_of(data.catalog, workspace).select(data.select)
    wanted = (options.picture, options.caption)
    both = chosen
    for modality in wanted:
        both = both.select(Filter(modality=modality))
    positions = np.searchsorted(chosen.rows, both.rows)
    positions = positions[positions < count]
    if not len(positions):
        raise InputError(f"no item of {_named(data)} has both {' and '.join(wanted)}: {_held(chosen)}")
    return positions.tolist()


def _named(data: CatalogData) -> str:
    return f"{data.catalog!r}" + (f" ({data.select.split.value})" if data.select.split else "")


def _held(chosen: Catalog) -> str:
    if not len(chosen):
        return "the selection is empty"
    held = ", ".join(f"{modality.value} {count:,}" for modality, count in chosen.counts().items())
    return f"of {len(chosen):,} items have {held or 'none anything'}"


def _places(complete: Sequence[int], seed: int) -> list[int]:
    """The first, the last, then others drawn from the seed."""
    ends = list(dict.fromkeys((complete[0], complete[-1])))
    drawn = stream(seed, "check").permutation(len(complete))[:MOST]
    between = [complete[int(place)] for place in drawn if complete[int(place)] not in ends]
    return (ends + between)[:MOST]


@dataclass(frozen=True)
class _Look:
    id: str
    fault: str = ""
    length: int = 0
    bytes: int = 0
    took_s: float = 0.0


def _looks(source: Source, places: Sequence[int], options: StoredPair, budget_s: float) -> list[_Look]:
    began, looks = time.monotonic(), []
    for place in places:
        if len(looks) >= FEWEST and time.monotonic() - began > budget_s:
            break
        started = time.monotonic()
        sample = source[place]
        try:
            pair = read_pair(sample, options)
        except (ValueError, OSError) as error:
            looks.append(_Look(sample.id, fault=reason(error)))
            continue
        length = len(words_of(pair.texts[0])) if pair.texts else len(pair.spectrogram)
        took_s = time.monotonic() - started
        looks.append(_Look(sample.id, "", max(1, length), pair.bytes, took_s))
    return looks


def _labels(source: Source, places: Sequence[int]) -> tuple[frozenset[str], frozenset[str]]:
    truths = [source[place].truth for place in places]
    seen = frozenset(name for truth in truths for name in truth.objects)
    return seen, frozenset(event.label for truth in truths for event in truth.sound_events)
