"""Which kind of recipe belongs to which paper: the one way from a file's content to a recipe."""

from collections.abc import Mapping
from typing import Any

from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.recipe import Recipe
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe

KINDS: Mapping[str, type[Recipe]] = {"matchmaps": MatchmapRecipe, "see_hear_read": SeeHearReadRecipe}
"""By the key of the paper."""


def recipe_from(content: Mapping[str, Any]) -> Recipe:
    """The recipe with that content.

    Raises:
        ValueError: it names no paper that is known, or does not fit (pydantic's ValidationError).
    """
    paper = content.get("paper")
    if paper not in KINDS:
        raise ValueError(f"the recipe is of paper {paper!r}; known: {', '.join(KINDS)}")
    return KINDS[str(paper)].model_validate(content)
