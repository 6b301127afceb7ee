"""The linear methods of see_hear_read's tables, fitted on what a run learned from (sections 4.2, 4.3, 4.4).

Features as the paper has them: pictures by the last hidden layer of the teacher (its fc7), sentences as their word
vectors one after the other, sounds as their spectrograms (512 principal components). Fitted on training pairs of the
run, chosen on its validation pairs; what they reach is kept, so that runs with one teacher and the same data share it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from pydantic import TypeAdapter, ValidationError

from xmodal.embeddings.sense_vectors import BATCH
from xmodal.evaluation.linear_baselines import Baselines, fit_baselines
from xmodal.evaluation.linear_spaces import Linear, Pairs, Rows
from xmodal.features.sense_pairs import SensePairs
from xmodal.modality import Modality
from xmodal.models.see_hear_read import SeeHearReadModel
from xmodal.progress import Progress
from xmodal.recipes.networks import find_run, load_model, see_hear_read_recipe_of
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.sense_data import Reading, reading_of, trained_sets, whole_set, with_reading
from xmodal.recipes.teachers import teaching_recipe
from xmodal.runs.index import read_index
from xmodal.runs.run import Run
from xmodal.storage import atomic_write, digest
from xmodal.workspace import Workspace

FORMAT = 1
"""Of what is kept."""
TRAINED_ON = 5_000
"""Training pairs of each sense, at most."""
CHOSEN_BY = 1_000
"""Validation pairs of each sense, at most."""

Rated = dict[str, dict[str, dict[str, float]]]
"""Row of a table -> direction -> measure -> value."""
_KEPT = TypeAdapter(Rated)


@dataclass(frozen=True)
class LinearMethods:
    """Everything fitted, and the features of the items that are asked about."""

    fitted: Baselines
    rows: Mapping[Modality, Rows]
    """Row i of every sense is one item."""


def rated(
    run: Run,
    sets: Mapping[Modality, SensePairs],
    asked: tuple[str, ...],
    rate: Callable[[LinearMethods], Rated],
    workspace: Workspace,
    progress: Progress,
) -> Rated:
    """What the linear methods reach on some items, kept; empty if the run has no teacher to ask.

    Args:
        run: whose training pairs, validation pairs, word vectors and teacher are taken.
        sets: the items to measure on, by sense; row i of all is one item.
        asked: tells apart what is measured.
        rate: measures it.
    """
    recipe = see_hear_read_recipe_of(run)
    if not recipe.taught_by:
        return {}
    path = workspace.cache / "scores" / f"linear-{_key(run, recipe, sets, asked, workspace)}.json"
    try:
        return _KEPT.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        pass
    features = _Features(recipe, reading_of(run, recipe), workspace, progress)
    fitted = _fitted(recipe, features, workspace, progress)
    tested = {sense: features.of(pairs) for sense, pairs in sets.items()}
    rows: dict[Modality, Rows] = {recipe.picture_sense: next(iter(tested.values())).pictures}
    found = rate(LinearMethods(fitted, rows | {sense: pairs.others for sense, pairs in tested.items()}))
    atomic_write(path, _KEPT.dump_json(found))
    return found


def _key(
    run: Run,
    recipe: SeeHearReadRecipe,
    sets: Mapping[Modality, SensePairs],
    asked: tuple[str, ...],
    workspace: Workspace,
) -> str:
    teacher = read_index(find_run(recipe.taught_by, workspace).checkpoint()).files["model.safetensors"]
    learned = recipe.model_dump_json(include={"data", "validation", "pairs", "salt", "picture", "text", "seed"})
    items = [each.prepared.folder.name + repr(each.positions) for each in sets.values()]
    words = run.manifest.created if recipe.text.file else ""
    return digest(str(FORMAT), teacher, learned, *items, *asked, words)[:16]


class _Features:
    """The paper's features of pairs: of the pictures, and of the other sense."""

    def __init__(
        self, recipe: SeeHearReadRecipe, reading: Reading | None, workspace: Workspace, progress: Progress
    ) -> None:
        run = find_run(recipe.taught_by, workspace)
        model = load_model(run)
        assert isinstance(model, SeeHearReadModel)
        self._model, self._recipe, self._reading, self._progress = model, teaching_recipe(run), reading, progress

    def of(self, pairs: SensePairs) -> Pairs:
        """Of all pairs, float32; the class of a picture is what the teacher finds most likely."""
        read = with_reading({pairs.sense: pairs}, self._reading)[pairs.sense]
        seen = SensePairs(pairs.prepared, self._recipe.picture, pairs.positions)
        layers = self._model.layers[-2:]
        pictures, others, classes = [], [], []
        for first in range(0, len(pairs), BATCH):
            self._progress.update(f"Features of {pairs.sense.display.lower()}", first, len(pairs))
            places = range(first, min(first + BATCH, len(pairs)))
            with torch.no_grad():
                said = self._model.activations(self._recipe.picture_sense, seen.pictures(places, None), layers=layers)
            pictures.append(said[layers[0]].numpy())
            classes.append(said[layers[1]].argmax(dim=1).numpy())
            other = read.batch(places, None).other
            assert other is not None
            others.append(other.flatten(1).numpy())
        self._progress.update(f"Features of {pairs.sense.display.lower()}", len(pairs), len(pairs))
        return Pairs(np.concatenate(pictures), np.concatenate(others), np.concatenate(classes))


def _fitted(recipe: SeeHearReadRecipe, features: _Features, workspace: Workspace, progress: Progress) -> Baselines:
    data = recipe.data[recipe.stages[-1].data]
    learned = {
        sense: features.of(pairs.first(TRAINED_ON))
        for sense, pairs in trained_sets(recipe, data, workspace, progress).items()
    }
    chosen = {
        pair.caption: features.of(whole_set(recipe, pair, recipe.validation, workspace, progress).first(CHOSEN_BY))
        for pair in recipe.pairs
    }
    shared = set.intersection(
        *(set(() if each.classes is None else each.classes.tolist()) for each in learned.values())
    )
    if len(shared) < 2:  # a teacher that says one thing of everything: there are no clusters
        learned = {sense: replace(each, classes=None) for sense, each in learned.items()}
    told = "Fitting linear methods"
    progress.update(told, 0, 1)
    fitted = fit_baselines(learned, Linear(), validation=chosen)
    progress.update(told, 1, 1)
    return fitted
