"""Items of some data that give one certain pair: no item gives two (see_hear_read section 2)."""

import numpy as np

from xmodal.data.catalog import Catalog, Filter
from xmodal.data.pairing import Pairing
from xmodal.data.world.catalog import WorldItems, item_id
from xmodal.errors import InputError
from xmodal.features.preparation import Source
from xmodal.modality import Modality
from xmodal.recipes.recipe import CatalogData, Data, SpokenDigitsData, WorldData
from xmodal.recipes.sources import SomeItems, catalog_of
from xmodal.workspace import Workspace


def paired_source(data: Data, pairing: Pairing, pair: frozenset[Modality], workspace: Workspace) -> SomeItems:
    """The items of some data that give that pair, in their order.

    Raises:
        InputError: none does, or the data are spoken digits, whose two halves are one pair.
        CatalogError: there is no such catalog.
    """
    if isinstance(data, SpokenDigitsData):
        raise InputError("spoken digits hold pictures and speech of their own recipes: choose a world or a catalog")
    if isinstance(data, WorldData):
        whole: Source = WorldItems(data.world, data.items, data.first)
        ids = [item_id(data.world, data.first + place) for place in range(data.items)]
        sets = [pairing.pairs] * len(ids)
    else:
        whole, ids, sets = _of_catalog(data, pairing, workspace)
    chosen = [place for place, (name, possible) in enumerate(zip(ids, sets, strict=True))
              if pairing.chosen(name, possible) == pair]  # fmt: skip
    if not chosen:
        raise InputError(f"no item of these data gives {' and '.join(sorted(pair))}")
    return SomeItems(whole, chosen, ",".join(sorted(pair)))


def _of_catalog(
    data: CatalogData, pairing: Pairing, workspace: Workspace
) -> tuple[Catalog, list[str], list[tuple[frozenset[Modality], ...]]]:
    """The selection, ids, and which pairs each item could give; the media are not looked at."""
    whole = catalog_of(data.catalog, workspace).select(data.select)
    count = len(whole) if data.items is None else min(data.items, len(whole))
    holds = {
        each: np.isin(whole.rows, whole.select(Filter(modality=each)).rows)
        for each in {modality for pair in pairing.pairs for modality in pair}
    }
    possible = [
        tuple(pair for pair in pairing.pairs if all(holds[each][place] for each in pair)) for place in range(count)
    ]
    return whole, whole.column("id").to_pylist()[:count], possible
