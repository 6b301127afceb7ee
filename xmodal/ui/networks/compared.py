"""Several runs side by side, as plain values."""

from collections.abc import Sequence

from xmodal import workspace
from xmodal.errors import InputError
from xmodal.recipes.compared import Difference, differing
from xmodal.recipes.networks import find_run, recipe_of, run_names


def names() -> tuple[str, ...]:
    """Every run whose recipe can be read."""
    here, found = workspace.current(), []
    for name in run_names(here):
        try:
            recipe_of(find_run(name, here))
        except InputError:  # the Jobs tab says which cannot be opened
            continue
        found.append(name)
    return tuple(found)


def differences(runs: Sequence[str]) -> tuple[Difference, ...]:
    """In what their recipes differ.

    Raises:
        RunError: one of them is gone.
    """
    here = workspace.current()
    return differing({name: recipe_of(find_run(name, here)) for name in runs})
