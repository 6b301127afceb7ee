"""Who teaches a recipe: its classes when it is launched, and what it says of every training picture."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from jaxtyping import Float
from torch import Tensor

from xmodal.data.world.categories import CATEGORIES
from xmodal.errors import InputError
from xmodal.features.picture import IMAGENET_MEAN, IMAGENET_STD, Picture
from xmodal.features.sense_pairs import SensePairs
from xmodal.models.see_hear_read import SCORES, SeeHearReadModel
from xmodal.progress import Progress
from xmodal.recipes.classes import SEEN
from xmodal.recipes.networks import find_run, load_model, recipe_of
from xmodal.recipes.recipe import WorldData
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.sources import source_of
from xmodal.runs.index import read_index
from xmodal.runs.run import Run
from xmodal.storage import atomic_path, digest, file_sha256
from xmodal.supervision.teacher import (
    RunTeacher,
    TorchvisionTeacher,
    label_probabilities,
    said_of,
    torchvision_classifier,
)
from xmodal.workspace import Workspace

_BATCH = 64
_IMAGENET = {"mean": IMAGENET_MEAN, "std": IMAGENET_STD}
"""What torchvision's classifiers were trained with, whatever scale the student wants."""


def with_teacher_classes(recipe: SeeHearReadRecipe, workspace: Workspace) -> SeeHearReadRecipe:
    """The recipe with an output for each of its teacher's classes, unless it names some itself.

    Raises:
        InputError: nothing in the data has a label, or the teacher is no network that classifies.
        RunError, CatalogError: there is no such run or catalog.
    """
    if recipe.teacher is None or recipe.model.classes:
        return recipe
    match recipe.teacher:
        case RunTeacher(run=name):
            classes = teaching_recipe(find_run(name, workspace)).model.classes
        case TorchvisionTeacher():
            scores = torchvision_classifier(recipe.teacher).state_dict()
            count = len(list(scores.values())[-1])
            return recipe.model_copy(update={"model": recipe.model.model_copy(update={"outputs": count})})
        case _:
            classes = tuple(sorted(_names(recipe, workspace)))
    return recipe.model_copy(update={"model": recipe.model.with_classes(classes)})


def teaching_recipe(run: Run) -> SeeHearReadRecipe:
    """The recipe of a run that can teach.

    Raises:
        InputError: it names no classes.
    """
    recipe = recipe_of(run)
    if not isinstance(recipe, SeeHearReadRecipe) or not recipe.model.classes:
        raise InputError(f"run {run.name} cannot teach: it does not say which classes its outputs stand for")
    return recipe


def _names(recipe: SeeHearReadRecipe, workspace: Workspace) -> set[str]:
    """Everything that is in the pictures, and where they were taken, by name."""
    found: set[str] = set()
    for data in recipe.data.values():
        if isinstance(data, WorldData):
            found |= SEEN | set(CATEGORIES)
            continue
        source = source_of(data, workspace)
        for place in range(len(source)):
            sample = source[place]
            found |= {*sample.truth.objects, *([sample.scene] if sample.scene else [])}
    if not found:
        raise InputError(f"{recipe.name} learns labels, but no training item has any (objects, scene)")
    return found


def taught(
    recipe: SeeHearReadRecipe, pairs: SensePairs, workspace: Workspace, progress: Progress
) -> Float[np.ndarray, "pairs classes"] | None:
    """What the recipe's teacher says of the pictures of all these pairs, kept in the cache; None: there is none.

    Pictures are shown whole but for the margin that training cuts away, not as a step cuts them.
    """
    if recipe.teacher is None:
        return None
    prepared = pairs.prepared
    if recipe.teacher.kind == "labels":
        known = prepared.labels
        seen = [known.seen[place] for place in pairs.positions]
        scenes = [known.scenes[place] for place in pairs.positions]
        return label_probabilities(seen, scenes, recipe.model.classes)
    scores, weights, picture = _asked(recipe, workspace)
    key = digest(weights, prepared.folder.name, picture.model_dump_json(), repr(pairs.positions))
    path = workspace.cache / "taught" / f"{key[:16]}.npy"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        shown = SensePairs(prepared, picture, pairs.positions)
        found = said_of(_pictures(shown, progress), scores)
        with atomic_path(path) as new, new.open("wb") as file:
            np.save(file, found)
    return np.load(path, allow_pickle=False)


def _asked(recipe: SeeHearReadRecipe, workspace: Workspace) -> tuple[Callable[[Tensor], Tensor], str, Picture]:
    """The teacher as a function of pictures, what tells its weights, and how it wants pictures cut and normalised."""
    if isinstance(recipe.teacher, RunTeacher):
        run = find_run(recipe.teacher.run, workspace)
        model, own = load_model(run), teaching_recipe(run)
        assert isinstance(model, SeeHearReadModel)
        if own.model.classes != recipe.model.classes:
            raise InputError(f"run {run.name} has other classes than when this run was launched: launch it again")

        def scores(pictures: Tensor) -> Tensor:
            return model.activations(own.picture_sense, pictures, layers=(SCORES,))[SCORES]

        return scores, read_index(run.checkpoint()).files["model.safetensors"], own.picture
    assert isinstance(recipe.teacher, TorchvisionTeacher)
    told = digest(recipe.teacher.model, file_sha256(Path(recipe.teacher.weights)))
    return torchvision_classifier(recipe.teacher), told, recipe.picture.model_copy(update=_IMAGENET)


def _pictures(pairs: SensePairs, progress: Progress) -> Iterator[Float[Tensor, "items 3 rows cols"]]:
    for first in range(0, len(pairs), _BATCH):
        progress.update("Asking the teacher", first, len(pairs))
        yield pairs.pictures(range(first, min(first + _BATCH, len(pairs))), None)
    progress.update("Asking the teacher", len(pairs), len(pairs))
