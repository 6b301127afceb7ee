"""A run as the beginning of another one: its recipe with changes, from its weights if wanted."""

from collections.abc import Sequence

from xmodal.recipes.changes import changed
from xmodal.recipes.networks import recipe_of
from xmodal.recipes.recipe import Recipe, Start
from xmodal.runs.run import Run


def forked(run: Run, changes: Sequence[str] = (), *, weights: bool = True) -> Recipe:
    """The recipe of a run with changes.

    Args:
        run: trained or not.
        changes: as `--set` takes them.
        weights: begin with the run's newest weights, both branches; else as that run began.

    Raises:
        RunError: it has no weights yet, or its recipe cannot be read.
        ChangeError, pydantic.ValidationError: a change does not fit.
    """
    recipe = recipe_of(run)
    if weights:
        run.checkpoint()  # says so where there is none
        recipe = recipe.model_copy(update={"start": (Start(run=run.name),)})
    return changed(recipe, changes)
