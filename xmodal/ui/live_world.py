"""Items of a world that nobody built: pages show them as they show a catalog's, every medium made when it is asked."""

from dataclasses import dataclass
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field

from xmodal.data.catalog import Catalog
from xmodal.data.sample import Sample
from xmodal.data.world.catalog import WorldItems
from xmodal.data.world.spec import WorldSpec
from xmodal.ui.catalogs import Where, open_catalog
from xmodal.ui.media_address import identity, token

_MARK = "world~"
"""First part of the name that a live world has in addresses; no catalog has such a name."""


class Stretch(BaseModel):
    """Which items of which world."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    world: WorldSpec
    items: int = Field(ge=1)
    first: int = Field(default=0, ge=0)


@dataclass(frozen=True)
class LiveWorld:
    """A stretch of a world, looked into like a catalog."""

    name: str
    items: WorldItems

    @property
    def digest(self) -> str:
        """Which items these are, in which version of the world."""
        return self.items.digest

    def sample(self, item: str) -> Sample:
        """The item of that id.

        Raises:
            LookupError: it is none of these.
        """
        number = item.rpartition("-")[2]
        found = self.items[int(number) - self.items.first] if number.isdecimal() else None
        if found is None or found.id != item:
            raise LookupError(f"{item!r} is none of these items")
        return found


def name_of(stretch: Stretch) -> str:
    """The name of a live world in addresses; it says everything about it."""
    return _MARK + token(stretch.model_dump_json())


def open_source(name: str) -> Catalog | LiveWorld:
    """A catalog of the workspace, or the live world of that name.

    Raises:
        CatalogError: there is no such catalog.
        ValueError: no world has such settings.
    """
    return _world(name) if name.startswith(_MARK) else open_catalog(name)


def where_of(stretch: Stretch) -> Where:
    """The key of a live world."""
    return Where(name_of(stretch), _world(name_of(stretch)).digest)


@lru_cache(maxsize=32)
def _world(name: str) -> LiveWorld:
    stretch = Stretch.model_validate_json(identity(name.removeprefix(_MARK)))
    return LiveWorld(name, WorldItems(stretch.world, stretch.items, stretch.first))
