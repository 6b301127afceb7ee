"""What a matchmap training needs: pairs, words, classes, and what is looked at while it trains."""

from collections.abc import Mapping
from dataclasses import replace

from xmodal.features.pairs import PreparedPairs
from xmodal.features.words import Vocabulary
from xmodal.modality import Modality
from xmodal.models.matchmaps import MatchmapModel
from xmodal.progress import Progress
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.networks import VOCABULARY, matchmap_recipe_of, new_model, place_of, vocabulary_of
from xmodal.recipes.sources import pairs_of, training_pairs
from xmodal.recipes.watched import concepts, samples, validation
from xmodal.runs.run import Run
from xmodal.storage import atomic_write
from xmodal.training.distributed import Ranks
from xmodal.training.matchmap_task import MatchmapTask
from xmodal.training.plan import Training
from xmodal.workspace import Workspace


def prepare(run: Run, workspace: Workspace, progress: Progress, ranks: Ranks) -> Training:
    """Its data are prepared, its network is built."""
    recipe = matchmap_recipe_of(run)
    place = place_of(recipe)
    data, composed = training_pairs(recipe, workspace, progress)
    vocabulary = _vocabulary(run, recipe, data)
    classes = _classes(recipe)
    data = {name: replace(each, vocabulary=vocabulary, classes=classes) for name, each in data.items()}
    held_out = replace(pairs_of(recipe, recipe.validation, workspace, progress, vocabulary), classes=classes)
    started = recipe.model_copy(update={"start": ()}) if run.checkpoints else recipe  # a checkpoint holds all weights
    model = place.put(new_model(started, workspace, run.manifest.parents))
    assert isinstance(model, MatchmapModel)
    return Training(
        run=run,
        task=MatchmapTask(model),
        stages=recipe.stages,
        data={**data, **composed},
        seed=recipe.seed,
        place=place,
        validate=validation(recipe, held_out),
        concepts=concepts(recipe, held_out, workspace, progress),
        looks=samples(run, recipe, held_out, workspace) if ranks.leads else None,
        ranks=ranks,
        keep_epochs=frozenset(recipe.keep_epochs),
    )


def _classes(recipe: MatchmapRecipe) -> dict[str, tuple[str, ...]]:
    named = {"seen": recipe.model.seen_labels, "heard": recipe.model.heard_labels}
    return {branch: labels for branch, labels in named.items() if labels}


def _vocabulary(run: Run, recipe: MatchmapRecipe, data: Mapping[str, PreparedPairs]) -> Vocabulary | None:
    """The words of the training texts, fixed when the run first starts."""
    if recipe.pair.caption is not Modality.TEXT or recipe.model.caption.kind != "word_cnn":
        return None
    if (known := vocabulary_of(run)) is not None:
        return known
    texts = [text for each in data.values() for place in each.positions for text in each.prepared.text(place)]
    vocabulary = Vocabulary.of(texts, most=recipe.model.caption.vocabulary - 2)
    atomic_write(run.folder / VOCABULARY, vocabulary.model_dump_json())
    return vocabulary
