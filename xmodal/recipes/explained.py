"""Why something was found: the units of the shared layer that fire in the query and in the answer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from xmodal.embeddings.shared_units import SharedUnits, shared_units
from xmodal.modality import Modality
from xmodal.recipes.search_catalog import Collection, Hit, Part, query_of

SHOWN_UNITS = 5
"""Units that are named of one answer."""
TELLING = 10
"""Items of each sense that tell what a unit stands for."""


@dataclass(frozen=True)
class Why:
    """One answer to a query, and what joins them."""

    hit: Hit
    shared: SharedUnits


@dataclass(frozen=True)
class UnitAt:
    """What one unit of the shared layer fires at."""

    unit: int
    """From 0."""
    strongest: dict[Modality, tuple[Hit, ...]]
    """The items of each sense at which it fires most, at most `TELLING`."""
    scene: str
    """The commonest scene of these items; empty: they have none."""
    scene_share: float
    """Share of these items that have it."""


def why(collection: Collection, parts: Sequence[Part], item: str, sense: Modality, *, units: int = SHOWN_UNITS) -> Why:
    """Why an entry of an item answers the queries as it does; of several texts the nearest.

    Raises:
        InputError: nothing is asked for, or the entry has no vector.
    """
    query = query_of(parts)
    hit, vector = collection.answer(query, item, sense)
    return Why(hit, shared_units(query, vector, units))


def units_at(collection: Collection, units: Sequence[int]) -> tuple[UnitAt, ...]:
    """What each of some units (from 0) fires at, over the whole catalog."""
    found = {sense: collection.strongest(units, sense, TELLING) for sense in collection.senses}
    told = []
    for place, unit in enumerate(units):
        own = {sense: hits[place] for sense, hits in found.items()}
        scenes = [hit.scene for hits in own.values() for hit in hits]
        named = Counter(scene for scene in scenes if scene).most_common(1)
        scene, count = named[0] if named else ("", 0)
        told.append(UnitAt(int(unit), own, scene, count / max(1, len(scenes))))
    return tuple(told)
