"""A run of several senses with its first random weights as a checkpoint, and with word vectors of its own."""

import torch

from tests.recipes.shrunk_senses import shrunk_senses
from xmodal.features.text_vectors import WordVectors
from xmodal.recipes import RECIPES
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
