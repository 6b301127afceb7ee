"""Recipes of See, Hear and Read with networks of a few channels, and a run of one with its first random weights."""

import json

import torch

from tests.models.tiny import ALEXNET, SENTENCE_CNN, SOUND_CNN
from xmodal.features.text_vectors import WordVectors
from xmodal.modality import AUDIBLE, Modality
from xmodal.models.see_hear_read_sizes import COMPACT
from xmodal.recipes import RECIPES
from xmodal.recipes.changes import changed
from xmodal.recipes.launch import launch_next
from xmodal.recipes.networks import new_model, recipe_of
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.sense_data import WORDS
from xmodal.runs.checkpoint import save_checkpoint
from xmodal.runs.run import Run
from xmodal.training.loop import MODEL
from xmodal.workspace import Workspace

KNOWN = ("dog", "boat", "kettle", "owl", "bell", "near", "outside")
"""Words of the tiny catalog."""
SPECTROGRAM = {"rate_hz": 8000, "window_samples": 16, "hop_samples": 160, "fft_samples": 16, "frames": SOUND_CNN.frames}
WORLD = {"kind": "world", "items": 8, "world": {"seed": 5, "objects_min": 1, "objects_max": 1}}


def shrunk_senses(recipe: SeeHearReadRecipe, *more: str) -> SeeHearReadRecipe:
    """The recipe as it is, but for its size and its data; one epoch of two steps."""
    pathways = {}
    for sense in recipe.model.pathways:
        tiny = SOUND_CNN if sense in AUDIBLE else SENTENCE_CNN if sense is Modality.TEXT else ALEXNET
        pathways[sense.value] = tiny.model_dump(mode="json")
    model = recipe.model.model_dump(mode="json") | {"pathways": pathways, "hidden": [12, 8], "outputs": 5}
    return changed(
        recipe,
        [
            f"model={json.dumps(model)}",
            f"data.*={json.dumps(WORLD)}",
            f"validation={json.dumps(WORLD)}",
            f"pairs.*.spectrogram={json.dumps(SPECTROGRAM)}",
            f"text.words={SENTENCE_CNN.words}",
            f"text.dims={SENTENCE_CNN.word_dim}",
            "pairs.*.shorter_side_px=100",
            "picture.shorter_side_px=100",
            f"picture.crop_px={ALEXNET.size_px}",
            "stages.*.epochs=1",
            "stages.*.batch=2",
            "device=cpu",
            *more,
        ],
    )


def every_sense() -> SeeHearReadRecipe:
    """A small recipe with a pathway for each sense but video, each paired with pictures."""
    recipe = RECIPES["see-hear-read-ranking"]
    assert isinstance(recipe, SeeHearReadRecipe)
    model = COMPACT["all_senses"]
    senses = [sense for sense in model.pathways if sense is not Modality.IMAGE]
    pairs = tuple(recipe.pairs[0].model_copy(update={"caption": sense}) for sense in senses)
    return shrunk_senses(recipe.model_copy(update={"name": "every-sense", "model": model, "pairs": pairs}))


def fresh_sense_run(here: Workspace, name: str = "see-hear-read-ranking", *more: str) -> Run:
    """A run with its first random weights as a checkpoint, and vectors of `KNOWN`."""
    recipe = RECIPES[name]
    assert isinstance(recipe, SeeHearReadRecipe)
    return saved_sense_run(here, shrunk_senses(recipe, *more))


def saved_sense_run(here: Workspace, recipe: SeeHearReadRecipe) -> Run:
    """The same of a recipe that is small already."""
    here.prepare()
    run = launch_next(recipe, here)
    save_checkpoint(run.checkpoint_path(1), {MODEL: new_model(recipe_of(run), here).state_dict()}, step=1, epoch=1)
    table = torch.randn(len(KNOWN), recipe.text.dims, generator=torch.Generator().manual_seed(0))
    WordVectors(KNOWN, table, "a test").save(run.folder / WORDS)
    return run
