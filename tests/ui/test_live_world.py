"""Items of a world that nobody built have addresses of their own; only they do."""

import pytest
from pydantic import ValidationError

from xmodal.data.catalog import CatalogError
from xmodal.data.world.spec import WorldSpec
from xmodal.ui.live_world import LiveWorld, Stretch, name_of, open_source, where_of
from xmodal.ui.media_address import token

STRETCH = Stretch(world=WorldSpec(seed=9), items=5, first=20)


def test_an_item_by_its_id() -> None:
    where = where_of(STRETCH)
    world = open_source(where.catalog)
    assert isinstance(world, LiveWorld)
    assert (world.name, world.digest) == (where.catalog, where.digest)
    first = world.items[0].id
    assert first.endswith("-000020")
    assert world.sample(first).id == first


@pytest.mark.parametrize("item", ["", "x", "w1-9-000019", "w1-9-000025", "w1-8-000021", "w1-9-21"])
def test_other_items_are_not_in_it(item: str) -> None:
    with pytest.raises(LookupError):
        open_source(name_of(STRETCH)).sample(item)


def test_nonsense_is_refused_and_other_names_are_catalogs() -> None:
    with pytest.raises(ValidationError):
        open_source("world~" + token('{"world": {"seed": 1}, "items": 0}'))
    with pytest.raises(ValueError, match="is no item"):
        open_source("world~!")
    with pytest.raises(CatalogError):
        open_source("nothing")
