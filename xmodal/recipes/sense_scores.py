"""What See, Hear and Read measures of a run: retrieval between all senses (Tables 1 and 2), classifiers that go from
one sense to another (Table 3); beside it the linear methods on the same items."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from xmodal.errors import InputError
from xmodal.evaluation.balanced import TRAINED_PER_TESTED, Balanced, Shown, balanced, classes_of
from xmodal.evaluation.classifier_transfer import Labelled, classifier_transfer
from xmodal.evaluation.linear_baselines import Two
from xmodal.evaluation.linear_spaces import Rows
from xmodal.evaluation.sense_retrieval import Vectors, mean_over_splits, retrieve_all
from xmodal.features.preparation import Source, prepare
from xmodal.features.sense_pairs import SensePairs, aligned
from xmodal.modality import AUDIBLE, Modality
from xmodal.models.see_hear_read import SeeHearReadModel
from xmodal.progress import Progress, Silent
from xmodal.recipes.linear_methods import LinearMethods, Rated, rated
from xmodal.recipes.networks import load_model, see_hear_read_recipe_of
from xmodal.recipes.recipe import Data
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.see_hear_read_training import vectors_of
from xmodal.recipes.sense_data import reading_of, whole_set, with_reading
from xmodal.recipes.sources import SomeItems, source_of
from xmodal.runs.run import Run
from xmodal.workspace import Workspace

LOOKED_AT = 24_000
"""Items of a world among which a balanced set is looked for, at most."""
_CLASSES_FROM = 2_000
"""Items whose commonest scenes and things become the classes."""

SenseScores = tuple[int, dict[str, dict[str, float]], Rated]
"""Items; direction -> measure -> value; the same of the linear methods."""


@dataclass(frozen=True)
class Measured:
    """What is measured, and where its data are kept."""

    run: Run
    workspace: Workspace
    epoch: int | None = None
    """Weights of that epoch; None: the newest."""
    progress: Progress = field(default_factory=Silent)

    def opened(self) -> tuple[SeeHearReadRecipe, SeeHearReadModel]:
        """Its recipe and network.

        Raises:
            InputError: the network knows pictures alone.
        """
        recipe, model = see_hear_read_recipe_of(self.run), load_model(self.run, epoch=self.epoch)
        assert isinstance(model, SeeHearReadModel)
        if not recipe.matches:
            raise InputError(f"{self.run.name} knows pictures alone: there is nothing to find them by")
        return recipe, model

    def vectors(self, sets: Mapping[Modality, SensePairs], model: SeeHearReadModel) -> Vectors:
        """The last hidden layer of those pairs, in every sense."""
        recipe = see_hear_read_recipe_of(self.run)
        return vectors_of(model, recipe, with_reading(sets, reading_of(self.run, recipe)), self.progress)


def retrieved(what: Measured, data: Data, n: int, splits: int) -> SenseScores:
    """Retrieval between every two senses among `n` items, means over the splits (section 4.2).

    Raises:
        InputError: the network knows pictures alone.
    """
    recipe, model = what.opened()
    whole = {pair.caption: whole_set(recipe, pair, data, what.workspace, what.progress) for pair in recipe.pairs}
    sets = aligned({sense: each.first(n * splits) for sense, each in whole.items()})
    vectors = what.vectors(sets, model)
    found = [retrieve_all({sense: each[part] for sense, each in vectors.items()}) for part in _parts(vectors, n)]

    def linear(methods: LinearMethods) -> Rated:
        return _linear_retrieved(methods, n, recipe.seed)

    baselines = rated(what.run, sets, (str(n),), linear, what.workspace, what.progress)
    return len(vectors[recipe.picture_sense]), mean_over_splits(found), baselines


def transferred(what: Measured, data: Data, n: int) -> SenseScores:
    """Accuracies of classifiers between every two senses on about `n` items, as many of each class (section 4.4).

    Args:
        what: is asked for its last hidden layer.
        data: where items are looked for.
        n: to be tested on; 8 items to learn from for every 3 of them, as in the paper.

    Raises:
        InputError: the network knows pictures alone, or the data have no two classes with enough items.
    """
    recipe, model = what.opened()
    whole = source_of(data, what.workspace)
    heard = any(pair.caption in AUDIBLE for pair in recipe.pairs)
    chosen = balanced_set(whole, n, heard=heard, progress=what.progress)
    items = SomeItems(whole, chosen.positions, "one class each")
    sets = {}
    for pair in recipe.pairs:
        prepared = prepare(items, pair, what.workspace.cache / "pairs", progress=what.progress)
        sets[pair.caption] = SensePairs(prepared, recipe.picture, tuple(range(len(prepared))))
    sets = aligned(sets)
    sides = _sides(whole, chosen, next(iter(sets.values())).ids)

    def rate(vectors: Vectors) -> dict[str, dict[str, float]]:
        train, test = (
            {sense: Labelled(rows[places], names) for sense, rows in vectors.items()} for places, names in sides
        )
        return classifier_transfer(recipe.senses, train, test, seed=recipe.seed).measures()

    ours = rate(what.vectors(sets, model))

    def linear(methods: LinearMethods) -> Rated:
        spaces = methods.fitted.for_classifiers()
        chance = {way: each | {"accuracy": each["chance_accuracy"]} for way, each in ours.items()}
        return {row: rate(space.vectors(methods.rows)) for row, space in spaces.items()} | {"chance": chance}

    asked = (str(n), "classifiers")
    baselines = rated(what.run, sets, asked, linear, what.workspace, what.progress)
    return sum(len(each) for each in chosen.test.values()), ours, baselines


def balanced_set(whole: Source, n: int, *, heard: bool, progress: Progress) -> Balanced:
    """Items of one class each, as many of every class: see `evaluation.balanced`.

    A thing gives an item its class where it is seen and, if sound takes part and the data say what sounds, heard too.

    Raises:
        InputError: no two classes have enough items.
    """
    looked = min(len(whole), LOOKED_AT)

    def shown() -> Iterator[Shown]:
        for position in range(looked):
            if position % 100 == 0:
                progress.update("Looking for items of one class", position, looked)
            yield _shown(whole, position, heard)

    first = [_shown(whole, position, heard) for position in range(min(_CLASSES_FROM, looked))]
    classes = classes_of(first)
    test = max(1, n // max(1, len(classes.scenes) + len(classes.things)))
    found = balanced(shown(), classes, train=max(2, round(test * TRAINED_PER_TESTED)), test=test)
    progress.update("Looking for items of one class", looked, looked)
    if len(found.test) < 2:
        raise InputError(
            f"{looked:,} items were looked at, and no two scenes or things have {test} items to be tested on and "
            f"{max(2, round(test * TRAINED_PER_TESTED))} to learn from: give more data, or a smaller n"
        )
    return found


def _shown(whole: Source, position: int, heard: bool) -> Shown:
    sample = whole[position]
    seen, sounding = set(sample.truth.objects), {event.label for event in sample.truth.sound_events}
    both = seen & sounding if heard and sounding else seen
    return Shown(sample.scene or "", frozenset(both), frozenset((seen | sounding) - both))


def _sides(whole: Source, chosen: Balanced, ids: tuple[str, ...]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of the training and of the test side: places among `ids`, and their classes."""
    place_of = {name: place for place, name in enumerate(ids)}
    found = []
    for side in (chosen.train, chosen.test):
        named = [(whole[position].id, name) for name, positions in side.items() for position in positions]
        there = [(place_of[item], name) for item, name in named if item in place_of]  # some could not be read
        found.append((np.array([place for place, _ in there], np.int64), np.array([name for _, name in there])))
    return found


def _parts(rows: Vectors, n: int) -> list[slice]:
    count = len(next(iter(rows.values())))
    return [slice(first, first + n) for first in range(0, max(1, count - n + 1), n)]


def _linear_retrieved(methods: LinearMethods, n: int, seed: int) -> Rated:
    """Every row in every direction, means over the splits."""
    rows, found = methods.rows, Rated()
    pictures = next(iter(next(iter(methods.fitted.spaces.values()))))[0]
    senses: list[Modality] = [pictures, *(sense for sense in rows if sense is not pictures)]
    for one, other in combinations(senses, 2):
        two: Two = (one, other)
        sides: list[tuple[Rows, Rows]] = [(rows[one][part], rows[other][part]) for part in _parts(rows, n)]
        splits = [methods.fitted.retrieved(two, *side, seed=seed) for side in sides]
        for row in splits[0]:
            found.setdefault(row, {}).update(mean_over_splits([split[row] for split in splits]))
    return found
