"""From a run to what embeds with it."""

from xmodal.modality import Modality
from xmodal.models.matchmaps import MatchmapModel
from xmodal.models.see_hear_read import SeeHearReadModel
from xmodal.recipes.embedder import Embedder, senses_of, why_not
from xmodal.recipes.matchmap_embedder import MatchmapEmbedder
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.networks import load_model, recipe_of, vocabulary_of
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.sense_data import reading_of
from xmodal.recipes.sense_embedder import SenseEmbedder
from xmodal.runs.run import Run, RunError


def open_embedder(run: Run, *, epoch: int | None = None, device: str = "cpu") -> Embedder:
    """The network of a run after an epoch (None: the newest), ready to embed.

    Raises:
        RunError: no such checkpoint, lost words, or a run whose senses share no space.
        CheckpointError: damaged weights.
        InputError: damaged word vectors.
    """
    recipe = recipe_of(run)
    if not senses_of(recipe):
        raise RunError(f"{run.name} cannot be searched with: {why_not(recipe, Modality.IMAGE)}")
    model = load_model(run, epoch=epoch, device=device)
    if isinstance(recipe, SeeHearReadRecipe):
        assert isinstance(model, SeeHearReadModel)
        return SenseEmbedder(run, recipe, model, reading_of(run, recipe))
    assert isinstance(recipe, MatchmapRecipe)
    assert isinstance(model, MatchmapModel)
    vocabulary = vocabulary_of(run)
    if recipe.pair.caption is Modality.TEXT and vocabulary is None:
        raise RunError(f"{run.name} has no vocabulary.json: it cannot read")
    return MatchmapEmbedder(run, recipe, model, vocabulary)
