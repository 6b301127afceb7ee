"""Recipes in families, by what they are: so that a list of many can be looked through."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from xmodal.recipes.recipe import CatalogData, Recipe


class Family(StrEnum):
    """What a recipe is for; the value is what people read."""

    OWN = "To try"
    """Ours: no row of a paper's table, and nothing else starts from it."""
    COMPACT = "Compact"
    """A row of a paper's table, small enough for a CPU."""
    PAPER = "Paper size"
    """As the paper has it, on a catalog of one's own."""
    STARTS = "Starts"
    """What other recipes take their first weights from, or are taught by."""


MEANINGS: Mapping[Family, str] = {
    Family.OWN: "Ours, for a first look",
    Family.COMPACT: "Rows of the paper's tables, small enough for a CPU",
    Family.PAPER: "Rows of the paper's tables at its size, on a catalog of yours",
    Family.STARTS: "What other recipes take their first weights from, or are taught by",
}
"""A line for people."""


def families(recipes: Iterable[Recipe]) -> dict[Family, tuple[Recipe, ...]]:
    """Every family that has recipes, in the order of `Family`; recipes as they come."""
    known = tuple(recipes)
    begun = {run for recipe in known for run in recipe.needs}
    found: dict[Family, list[Recipe]] = {family: [] for family in Family}
    for recipe in known:
        found[_family(recipe, begun=recipe.name in begun)].append(recipe)
    return {family: tuple(some) for family, some in found.items() if some}


def _family(recipe: Recipe, *, begun: bool) -> Family:
    if begun:
        return Family.STARTS
    if isinstance(recipe.validation, CatalogData):
        return Family.PAPER
    return Family.COMPACT if recipe.rows else Family.OWN
