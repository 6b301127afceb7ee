"""Recipes by name: every training that the product knows."""

from xmodal.recipes import matchmaps, see_hear_read, spoken_digits
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.recipe import Recipe
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe

MATCHMAPS: dict[str, MatchmapRecipe] = {recipe.name: recipe for recipe in (*matchmaps.ALL, *spoken_digits.ALL)}
"""Recipes of networks that have matchmaps, by name."""
SEE_HEAR_READ: dict[str, SeeHearReadRecipe] = {recipe.name: recipe for recipe in see_hear_read.ALL}
"""Recipes of networks with a pathway for each sense, by name."""
RECIPES: dict[str, Recipe] = {**MATCHMAPS, **SEE_HEAR_READ}
"""Every recipe by its name."""


def recipe_named(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        KeyError: there is none.
    """
    if name not in RECIPES:
        raise KeyError(f"there is no recipe {name!r}; known: {', '.join(RECIPES)}")
    return RECIPES[name]
