"""Every direction between two senses, measured from a catalog's stored vectors as search compares them.

Where the papers' tables standardise features over the items that compete, these are compared as they are stored: each
sense at the scale of the whole table (`sense_scales`). Numbers of the two differ a little.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np

from xmodal.data.sample import Split
from xmodal.embeddings.search import allowed_rows
from xmodal.errors import InputError
from xmodal.evaluation.direction_scores import DirectionScores, direction_scores
from xmodal.modality import Modality
from xmodal.progress import Progress, Silent
from xmodal.recipes.recipe import Recipe
from xmodal.recipes.search_catalog import Collection
from xmodal.seeding import stream

MEASURES = ("median_rank", "recall_at_1", "recall_at_5", "recall_at_10", "mean_average_precision", "precision_at_10")
"""What is shown of a direction, by the names of `DirectionScores.as_dict`."""


@dataclass(frozen=True)
class Competing:
    """Which items compete."""

    split: Split | None = Split.TEST
    """Of which split; None: of all."""
    n: int = 1000
    """How many, at most; of more the seed draws so many."""
    seed: int = 0


@dataclass(frozen=True)
class Direction:
    """One sense finds another."""

    query: Modality
    answer: Modality
    trained: bool
    """Whether the run learned from pairs of the two."""
    items: tuple[str, ...]
    """The items that compete, each with all that it needs: row i of the scores is item i."""
    scores: DirectionScores

    @property
    def name(self) -> str:
        """`sound_to_text`, as in the papers' tables."""
        return f"{self.query.value}_to_{self.answer.value}"

    def worst(self) -> Iterator[tuple[str, int, str]]:
        """Item, rank of its own partner, and the item that is ranked first; worst first, of equal ones the first."""
        ranks = self.scores.retrieval.ranks
        for place in np.argsort(-ranks, kind="stable").tolist():
            yield self.items[place], int(ranks[place]), self.items[int(self.scores.best[place])]


def learned_pairs(recipe: Recipe) -> frozenset[frozenset[Modality]]:
    """Which two senses a run of the recipe saw together."""
    return frozenset(frozenset((pair.picture, pair.caption)) for pair in recipe.pair_options())


def never_trained(recipe: Recipe, names: Iterable[str]) -> tuple[str, ...]:
    """Those of some directions, named as `sound_to_text`, whose two senses a run of the recipe never saw together."""
    learned = {f"{one}_to_{other}" for pair in learned_pairs(recipe) for one, other in permutations(pair, 2)}
    found = []
    for name in names:
        one, _, other = name.partition("_to_")
        if other not in ("", one) and name not in learned:
            found.append(name)
    return tuple(found)


def directions(
    collection: Collection, recipe: Recipe, competing: Competing, progress: Progress | None = None
) -> tuple[Direction, ...]:
    """Every direction between two senses of which at least two items have vectors; of several texts the first counts.

    Raises:
        InputError: there is no such direction, or fewer than two items are to compete.
    """
    if competing.n < 2:
        raise InputError("at least 2 items must compete")
    rows = {sense: _rows(collection, sense, competing.split) for sense in collection.senses}
    items = np.unique(np.concatenate([np.array(list(each), np.int64) for each in rows.values()]))
    drawn = stream(competing.seed, "directions").permutation(items).tolist()
    learned = learned_pairs(recipe)
    found = []
    for query, answer in permutations(collection.senses, 2):
        both = [item for item in drawn if item in rows[query] and item in rows[answer]][: competing.n]
        if len(both) > 1:
            places = [np.array([rows[sense][item] for item in sorted(both)]) for sense in (query, answer)]
            trained = frozenset((query, answer)) in learned
            ids, scores = _measured(collection, places, f"{query.display} to {answer.display}", progress or Silent())
            found.append(Direction(query, answer, trained, ids, scores))
    if not found:
        of = "" if competing.split is None else f" of the split {competing.split.value}"
        raise InputError(f"fewer than two items{of} have vectors of two senses: there is nothing to measure")
    return tuple(found)


def _rows(collection: Collection, sense: Modality, split: Split | None) -> Mapping[int, int]:
    """Position of an item in the catalog -> row of its vector of that sense, the first if it has several."""
    allowed = allowed_rows(collection.table.rows, modality=sense, split=split)
    assert allowed is not None, "one sense is asked for"
    places = np.flatnonzero(allowed)
    positions, first = np.unique(collection.table.positions[places], return_index=True)
    return dict(zip(positions.tolist(), places[first].tolist(), strict=True))


def _measured(
    collection: Collection, places: list[np.ndarray], stage: str, progress: Progress
) -> tuple[tuple[str, ...], DirectionScores]:
    vectors, rows = collection.table.vectors, collection.table.rows.take(places[0])
    queries, answers = (np.asarray(vectors[each], np.float32) for each in places)
    labels = rows["scene"].to_pylist()
    scores = direction_scores(queries, answers, labels, stage=stage, progress=progress)
    return tuple(rows["id"].to_pylist()), scores


def as_rows(found: tuple[Direction, ...]) -> list[dict[str, Any]]:
    """One row a direction with all its measures, for tables; all rows have the same columns."""
    told = [each.scores.as_dict() for each in found]
    names = list(dict.fromkeys(name for scores in told for name in scores))
    return [
        {"query": each.query.value, "answer": each.answer.value, "trained": each.trained}
        | {name: scores.get(name) for name in names}
        for each, scores in zip(found, told, strict=True)
    ]
