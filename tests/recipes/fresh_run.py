"""A run with its first random weights as a checkpoint: everything that pages and analyses need, untrained."""

from tests.recipes.shrunk import shrunk
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.launch import launch_next
from xmodal.recipes.networks import new_model
from xmodal.runs.checkpoint import save_checkpoint
from xmodal.runs.run import Run
from xmodal.training.loop import MODEL
from xmodal.workspace import Workspace


def fresh_run(here: Workspace, name: str = "matchmaps-tiny") -> Run:
    recipe = shrunk(MATCHMAPS[name])
    here.prepare()
    run = launch_next(recipe, here)
    save_checkpoint(run.checkpoint_path(1), {MODEL: new_model(recipe, here).state_dict()}, step=1, epoch=1)
    return run
