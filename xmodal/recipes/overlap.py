"""Whether pairs to be measured on are pairs that a run has learned from, or was chosen by."""

from collections.abc import Iterator

from xmodal.recipes.networks import find_run, recipe_of
from xmodal.recipes.recipe import CatalogData, Data, WorldData
from xmodal.runs.run import Run, RunError
from xmodal.workspace import Workspace


def overlap(run: Run, asked: Data, workspace: Workspace) -> str:
    """One line that says what the run has seen of the data; empty if nothing."""
    found = (f"{why} {_shared(known, asked)}" for why, known in _known(run, workspace) if _shared(known, asked))
    return next(found, "")


def _known(run: Run, workspace: Workspace) -> Iterator[tuple[str, Data]]:
    """What the run was trained on, then what it was validated on, then the same of the runs that it started from."""
    recipe = recipe_of(run)
    for data in recipe.data.values():
        yield f"{run.name} was trained on", data
    yield f"{run.name} was validated on", recipe.validation
    for start in recipe.start:
        try:
            parent = find_run(start.run, workspace)
        except RunError:  # it was there when the run was launched, and is gone
            continue
        yield from _known(parent, workspace)


def _shared(known: Data, asked: Data) -> str:
    """What two stretches of data have in common, in words; empty if nothing."""
    if isinstance(known, WorldData) and isinstance(asked, WorldData):
        return _shared_items(known, asked)
    if isinstance(known, CatalogData) and isinstance(asked, CatalogData) and known.catalog == asked.catalog:
        splits = {known.select.split, asked.select.split}
        return f"items of catalog {asked.catalog}" if len(splits) == 1 or None in splits else ""
    return ""


def _shared_items(known: WorldData, asked: WorldData) -> str:
    """Item i of one seed is the same scene under the same settings, and one like it under others."""
    items = min(known.first + known.items, asked.first + asked.items) - max(known.first, asked.first)
    if known.world.seed != asked.world.seed or items <= 0:
        return ""
    alike = "these" if known.world == asked.world else "easier or harder forms of these"
    return f"{items:,} of {alike} {asked.items:,} items: world seed {asked.world.seed}"
