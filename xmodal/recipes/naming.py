"""Names of runs that people give."""

import re

from xmodal.recipes import RECIPES
from xmodal.recipes.launch import launch
from xmodal.recipes.networks import run_names
from xmodal.recipes.recipe import Recipe
from xmodal.runs.run import Run, RunError
from xmodal.workspace import Workspace

LONGEST = 64
"""Characters of a name."""
_ALLOWED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def why_not(name: str, recipe: Recipe) -> str:
    """Why a run of the recipe cannot have that name, whatever is in the workspace; empty if it can.

    Names are parts of paths and addresses on every system. A recipe's name stands for its newest run, and a name such
    as `matchmaps-tiny-3` says which recipe a run is of.
    """
    if len(name) > LONGEST:
        return f"at most {LONGEST} characters, not {len(name)}"
    if not _ALLOWED.fullmatch(name) or name.endswith("."):
        return "letters, digits, dots, dashes and underscores; a letter or a digit first, no dot last"
    if name in RECIPES:
        return f"{name} is the name of a recipe and stands for its newest run"
    stem, _, number = name.rpartition("-")
    if number.isdecimal() and stem in RECIPES and stem != recipe.name:
        return f"runs of the recipe {stem} are named so"
    return ""


def taken(name: str, workspace: Workspace) -> bool:
    """Whether a run has that name, or something lies where it would be; capitals make no other name."""
    folders = (path.name for path in workspace.runs.glob("*"))
    return name.casefold() in {each.casefold() for each in (*folders, *run_names(workspace))}


def launch_named(recipe: Recipe, name: str, workspace: Workspace) -> Run:
    """Launch a recipe as a run of that name; of two who do so at once one is told that it is taken.

    Raises:
        RunError: no run can have that name, one has it, or see `launch`.
    """
    if why := why_not(name, recipe):
        raise RunError(f"no run of {recipe.name} can be named {name!r}: {why}")
    with workspace.lock("launch"):
        if taken(name, workspace):
            raise RunError(f"there is a run {name} already: choose another name")
        return launch(recipe, workspace.runs / name, workspace)
