"""A run as the beginning of another one, for the form: a recipe and lines of changes."""

from xmodal import workspace
from xmodal.errors import InputError
from xmodal.recipes import RECIPES
from xmodal.recipes.changes import differences
from xmodal.recipes.fork import forked
from xmodal.recipes.networks import find_run


def fork(run: str, *, weights: bool) -> tuple[str, tuple[str, ...]]:
    """The name of the recipe, and the changes that make it the run's, from its weights if wanted.

    Raises:
        InputError: there is no such run, it has no weights yet, or no recipe of its name is known any more.
    """
    recipe = forked(find_run(run, workspace.current()), weights=weights)
    if recipe.name not in RECIPES:
        raise InputError(f"{run} was made from {recipe.name}, which is no recipe any more: use jobs fork {run}")
    return recipe.name, differences(RECIPES[recipe.name], recipe)
