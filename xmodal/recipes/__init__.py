"""Recipes by name: every training that the product knows."""

from xmodal.recipes import matchmaps, spoken_digits
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.recipe import Recipe

MATCHMAPS: dict[str, MatchmapRecipe] = {recipe.name: recipe for recipe in (*matchmaps.ALL, *spoken_digits.ALL)}
"""Recipes of networks that have matchmaps, by name."""
RECIPES: dict[str, Recipe] = {**MATCHMAPS}
"""Every recipe by its name."""


def recipe_named(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        KeyError: there is none.
    """
    if name not in RECIPES:
        raise KeyError(f"there is no recipe {name!r}; known: {', '.join(RECIPES)}")
    return RECIPES[name]
