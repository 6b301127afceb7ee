"""A recipe becomes a run directory."""

import platform
import shlex
from pathlib import Path

import torch

from xmodal.data.world.spec import WORLD_VERSION
from xmodal.recipes import RECIPES
from xmodal.recipes.changes import differences
from xmodal.recipes.classes import with_classes
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.networks import runs_of, weights_of
from xmodal.recipes.recipe import Recipe
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.teachers import with_teacher_classes
from xmodal.runs.run import Run, RunManifest, create, now
from xmodal.runs.trash import trashed
from xmodal.workspace import Workspace


def launch(recipe: Recipe, folder: Path, workspace: Workspace) -> Run:
    """Write the run directory of a recipe; nothing is trained yet.

    Raises:
        RunError: the folder holds a run, or a run to start from is missing.
        InputError: it learns labels, and its data have none.
    """
    command = command_of(recipe)
    if isinstance(recipe, MatchmapRecipe):
        recipe = with_classes(recipe, workspace)
    elif isinstance(recipe, SeeHearReadRecipe):
        recipe = with_teacher_classes(recipe, workspace)
    parents = {branch: weights_of(start, workspace)[1] for start in recipe.start for branch in recipe.parts_of(start)}
    manifest = RunManifest(
        name=folder.name,
        recipe=recipe.model_dump(mode="json"),
        created=now(),
        versions={
            "python": platform.python_version(),
            "torch": torch.__version__,
            "world": str(WORLD_VERSION),
        },
        command=command,
        parents=parents,
    )
    return create(folder, manifest)


def command_of(recipe: Recipe) -> str:
    """The command line that trains the recipe; empty if it is not one of `RECIPES`, changed or not."""
    if recipe.name not in RECIPES:
        return ""
    changes = differences(RECIPES[recipe.name], recipe)
    return shlex.join(["python", "-m", "xmodal", "train", recipe.name, *(["--set", *changes] if changes else [])])


def next_folder(recipe: Recipe, workspace: Workspace) -> Path:
    """A free folder for a run of the recipe: `matchmaps-demo-1`, `matchmaps-demo-2`, ..."""
    names = [folder.name for folder in runs_of(recipe.name, workspace)]
    names += [each.name for each in trashed(workspace) if each.name.rpartition("-")[0] == recipe.name]
    numbers = [int(number) for name in names if (number := name.rpartition("-")[2]).isdecimal()]
    return workspace.runs / f"{recipe.name}-{max(numbers, default=0) + 1}"


def launch_next(recipe: Recipe, workspace: Workspace) -> Run:
    """Launch a recipe in the next free folder; two who do so at once get two folders."""
    with workspace.lock("launch"):
        return launch(recipe, next_folder(recipe, workspace), workspace)
