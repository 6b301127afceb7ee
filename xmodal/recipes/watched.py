"""What is looked at while a recipe trains: measures on validation pairs, concepts, sample predictions."""

from collections.abc import Callable, Mapping
from typing import Any

from xmodal.analysis.concepts import after_epoch, concept_log
from xmodal.evaluation.labels import label_measures
from xmodal.evaluation.retrieval import measures, retrieve
from xmodal.features.pairs import PreparedPairs
from xmodal.models.matchmaps import MatchmapModel
from xmodal.progress import Progress
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.samples import Sampler
from xmodal.recipes.truths import truths_for
from xmodal.runs.run import Run
from xmodal.workspace import Workspace


def validation(recipe: MatchmapRecipe, held_out: PreparedPairs) -> Callable[[MatchmapModel], Mapping[str, float]]:
    """Measures a network on the validation pairs."""

    def measured(model: MatchmapModel) -> Mapping[str, float]:
        retrieval = measures(retrieve(model, held_out, recipe.aggregation)) if recipe.matches else {}
        return label_measures(model, held_out) | retrieval

    return measured


def samples(run: Run, recipe: MatchmapRecipe, held_out: PreparedPairs, workspace: Workspace) -> Sampler | None:
    """Takes sample predictions, where pictures and captions share a space."""
    return Sampler(run, recipe, held_out, workspace) if recipe.matches else None


def concepts(
    recipe: MatchmapRecipe, held_out: PreparedPairs, workspace: Workspace, progress: Progress
) -> Callable[[MatchmapModel], Mapping[str, Any]] | None:
    """Reads how many concepts there are and which are best, if the recipe asks for it."""
    if not recipe.concept_pairs:
        return None
    pairs = held_out.first(recipe.concept_pairs)
    truths = truths_for(pairs, recipe.validation, workspace, progress)
    return lambda model: concept_log(after_epoch(model, pairs, truths))
