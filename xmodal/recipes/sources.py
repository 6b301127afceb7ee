"""Where a recipe's pairs come from: a stretch of the world, a catalog, or spoken digits."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from xmodal.data.catalog import Catalog, Filter
from xmodal.data.sample import Sample, Split
from xmodal.data.world.catalog import WorldItems
from xmodal.data.world.spec import WorldSpec
from xmodal.features.pairs import PreparedPairs, share_of
from xmodal.features.perturbation import UNCHANGED
from xmodal.features.preparation import Source, prepare
from xmodal.features.words import Vocabulary
from xmodal.progress import Progress
from xmodal.recipes.digit_items import digit_items
from xmodal.recipes.digit_pairs import DigitPairs
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.recipe import CatalogData, Data, SpokenDigitsData, WorldData
from xmodal.storage import digest
from xmodal.workspace import Workspace


class Selected:
    """A selection of a catalog as a source, or its first `most` items."""

    def __init__(self, catalog: Catalog, select: Filter, most: int | None = None) -> None:
        self._items = catalog.select(select)
        self._count = len(self._items) if most is None else min(most, len(self._items))
        self.digest = digest(catalog.digest, select.model_dump_json(), str(self._count))

    def __len__(self) -> int:
        """Number of items."""
        return self._count

    def __getitem__(self, position: int, /) -> Sample:
        """One sample."""
        return self._items[position]


class SomeItems:
    """Some items of a source as one; `why` tells apart the same items that are chosen for something else."""

    def __init__(self, whole: Source, positions: Sequence[int], why: str) -> None:
        self._whole, self._positions = whole, positions
        self.digest = digest(whole.digest, np.asarray(positions, np.int64).tobytes().hex(), why)

    def __len__(self) -> int:
        """Number of items."""
        return len(self._positions)

    def __getitem__(self, position: int, /) -> Sample:
        """One sample."""
        return self._whole[self._positions[position]]


def source_of(data: Data, workspace: Workspace) -> Source:
    """The samples that the data name.

    Raises:
        CatalogError: there is no such catalog.
        ReaderError: the two halves of spoken digits are not there.
    """
    if isinstance(data, WorldData):
        return WorldItems(data.world, data.items, data.first)
    if isinstance(data, SpokenDigitsData):
        return digit_items(data)
    return Selected(catalog_of(data.catalog, workspace), data.select, data.items)


def catalog_of(name: str, workspace: Workspace) -> Catalog:
    """A catalog by its folder, or by its name in the workspace.

    Raises:
        CatalogError: there is no such catalog.
    """
    folder = Path(name)
    return Catalog(folder) if (folder / "catalog.json").is_file() else workspace.catalog(name)


def pairs_of(
    recipe: MatchmapRecipe, data: Data, workspace: Workspace, progress: Progress, vocabulary: Vocabulary | None = None
) -> PreparedPairs:
    """The pairs of some data, prepared in the workspace's cache if they are not yet."""
    prepared = prepare(source_of(data, workspace), recipe.pair, workspace.cache / "pairs", progress=progress)
    return PreparedPairs(prepared, recipe.picture, share_of(prepared, data.share, recipe.seed), vocabulary)


def training_pairs(
    recipe: MatchmapRecipe, workspace: Workspace, progress: Progress
) -> tuple[dict[str, PreparedPairs], dict[str, DigitPairs]]:
    """What the recipe learns from, by name, perturbed as it says: pairs that are prepared, and pairs that are composed
    while the network trains."""
    prepared, composed = {}, {}
    for name, data in recipe.data.items():
        change = recipe.perturbations.get(name, UNCHANGED)
        if isinstance(data, SpokenDigitsData) and data.composed:
            composed[name] = DigitPairs(digit_items(data), recipe.pair, recipe.picture, change)
        else:
            prepared[name] = replace(pairs_of(recipe, data, workspace, progress), perturbation=change)
    return prepared, composed


def data_of(text: str, *, items: int, split: Split | None = None) -> WorldData | CatalogData:
    """What a command line names: `world:seed=7,objects_max=2,scenes=beach+farm`, or a catalog's name or folder.

    `items` is the length of the world's stretch; `split` is for catalogs.

    Raises:
        pydantic.ValidationError: a setting that the world does not have.
    """
    kind, _, settings = text.partition(":")
    if kind == "world":
        parts = [part.partition("=") for part in settings.split(",") if part]
        named = {name: value.split("+") if name == "scenes" else value for name, _, value in parts}
        return WorldData(world=WorldSpec.model_validate(named), items=items)
    return CatalogData(catalog=text, select=Filter(split=split))
