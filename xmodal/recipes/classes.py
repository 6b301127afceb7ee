"""The classes of a training with labels."""

from collections.abc import Set

from xmodal.data.world.kinds import KINDS
from xmodal.errors import InputError
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.recipe import WorldData
from xmodal.recipes.sources import source_of
from xmodal.workspace import Workspace

SEEN = frozenset(KINDS)
"""What may be seen in a world."""
HEARD = frozenset(kind for kind, row in KINDS.items() if row.sound is not None)
"""What may be heard in it."""


def with_classes(recipe: MatchmapRecipe, workspace: Workspace) -> MatchmapRecipe:
    """The recipe with `seen_labels` and `heard_labels` for its stages with labels, unless it names some itself: every
    name that occurs in its training data, in alphabetic order.

    Raises:
        InputError: nothing in the data has a label.
        CatalogError: there is no such catalog.
    """
    model = recipe.model
    if not recipe.learns_labels or model.seen_labels or model.heard_labels:
        return recipe
    seen, heard = _names(recipe, workspace)
    if not seen and not heard:
        raise InputError(f"{recipe.name} learns labels, but no training item has any (objects, sound events)")
    labels = {"seen_labels": tuple(sorted(seen)), "heard_labels": tuple(sorted(heard))}
    return recipe.model_copy(update={"model": model.model_copy(update=labels)})


def _names(recipe: MatchmapRecipe, workspace: Workspace) -> tuple[Set[str], Set[str]]:
    seen: set[str] = set()
    heard: set[str] = set()
    for data in recipe.data.values():
        if isinstance(data, WorldData):
            seen |= SEEN
            heard |= HEARD
            continue
        source = source_of(data, workspace)
        for place in range(len(source)):
            truth = source[place].truth
            seen.update(truth.objects)
            heard.update(event.label for event in truth.sound_events)
    return seen, heard
