"""What a training of See, Hear and Read needs: pairs of every sense, word vectors, a teacher, measures."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import torch

from xmodal.embeddings.sense_vectors import other_vectors, picture_vectors
from xmodal.evaluation.ranks import Retrieval
from xmodal.evaluation.sense_retrieval import Vectors, retrieve_all
from xmodal.features.sense_pairs import ManySenses, SensePairs, aligned
from xmodal.modality import Modality
from xmodal.models.see_hear_read import SCORES, SeeHearReadModel
from xmodal.objectives.distillation import distillation
from xmodal.progress import Progress
from xmodal.recipes.networks import new_model, place_of, see_hear_read_recipe_of
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.sense_data import first_reading, trained_sets, whole_set, with_reading
from xmodal.recipes.teachers import taught
from xmodal.runs.run import Run
from xmodal.training.alignment_task import AlignmentTask
from xmodal.training.distributed import Ranks
from xmodal.training.plan import Training
from xmodal.workspace import Workspace


def prepare(run: Run, workspace: Workspace, progress: Progress, ranks: Ranks) -> Training:
    """Its data are prepared, its network is built."""
    recipe = see_hear_read_recipe_of(run)
    place = place_of(recipe)
    sets = {name: trained_sets(recipe, data, workspace, progress) for name, data in recipe.data.items()}
    reading = first_reading(run, recipe, list(sets.values()), workspace)
    learned = {
        name: ManySenses(
            {
                sense: replace(
                    each,
                    teacher=taught(recipe, each, workspace, progress),
                    pictures_only=sense not in recipe.model.pathways,
                )
                for sense, each in with_reading(some, reading).items()
            }
        )
        for name, some in sets.items()
    }
    pairs = [whole_set(recipe, pair, recipe.validation, workspace, progress) for pair in recipe.pairs]
    held_out = with_reading({each.sense: each for each in pairs}, reading)
    started = recipe.model_copy(update={"start": ()}) if run.checkpoints else recipe  # a checkpoint holds all weights
    model = place.put(new_model(started, workspace, run.manifest.parents))
    assert isinstance(model, SeeHearReadModel)
    return Training(
        run=run,
        task=AlignmentTask(model, recipe.picture_sense),
        stages=recipe.stages,
        data=learned,
        seed=recipe.seed,
        place=place,
        validate=validation(recipe, held_out, workspace, progress),
        ranks=ranks,
        keep_epochs=frozenset(recipe.keep_epochs),
    )


def validation(
    recipe: SeeHearReadRecipe, held_out: Mapping[Modality, SensePairs], workspace: Workspace, progress: Progress
) -> Callable[[SeeHearReadModel], Mapping[str, float]]:
    """Measures a network on the validation pairs: retrieval where it has several senses, else how it classifies."""
    if recipe.matches:
        return lambda model: measures(retrieve_all(vectors_of(model, recipe, held_out)))
    pairs = next(iter(held_out.values()))
    truth = taught(recipe, pairs, workspace, progress)
    assert truth is not None  # a stage without ranking has a teacher

    def classified(model: SeeHearReadModel) -> Mapping[str, float]:
        scores = picture_vectors(model, pairs, layer=SCORES)
        known = torch.from_numpy(truth)
        likely = known.gather(1, scores.argmax(dim=1, keepdim=True))[:, 0] > 0
        return {
            "divergence": float(distillation(scores, teacher_probabilities=known)),
            "accuracy": float(likely.float().mean()),
        }

    return classified


def vectors_of(
    model: SeeHearReadModel,
    recipe: SeeHearReadRecipe,
    sets: Mapping[Modality, SensePairs],
    progress: Progress | None = None,
) -> Vectors:
    """The last hidden layer of the items that all sets hold, in every sense (4.2)."""
    layer = model.layers[-2]
    found: dict[Modality, np.ndarray] = {}
    for sense, chosen in aligned(sets).items():
        if not found:  # the pictures of all sets are the same
            seen = picture_vectors(model, chosen, layer=layer, progress=progress)
            found[recipe.picture_sense] = seen.numpy()
        found[sense] = other_vectors(model, chosen, layer=layer, progress=progress).numpy()
    return found


def measures(retrievals: Mapping[str, Retrieval]) -> dict[str, float]:
    """What the training log keeps of a retrieval."""
    kept = {f"median_rank_{name}": found.median_rank for name, found in retrievals.items()}
    kept |= {f"recall_at_10_{name}": found.recall_at(10) for name, found in retrievals.items()}
    return kept | {"recall_at_10": sum(found.recall_at(10) for found in retrievals.values()) / len(retrievals)}
