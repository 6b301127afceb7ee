"""The table of structures: which painter paints which backdrop."""

from collections.abc import Callable
from functools import partial

from xmodal.data.world.backdrops import countryside, town, transport, waters
from xmodal.data.world.backdrops.room import paint_room
from xmodal.data.world.backdrops.rooms import ROOMS
from xmodal.data.world.backdrops.view import Backdrop, View
from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.light import Light
from xmodal.data.world.scene import Scene

BACKDROPS: dict[str, Callable[[View], None]] = {
    **{name: partial(paint_room, style=style) for name, style in ROOMS.items()},
    "sea_sand": waters.sea_sand,
    "sea_quay": waters.sea_quay,
    "lake_hills": waters.lake_hills,
    "cliff_water": waters.cliff_water,
    "trunks": countryside.trunks,
    "fields": countryside.fields,
    "lawn_trees": countryside.lawn_trees,
    "lawn_hedge": countryside.lawn_hedge,
    "mountains": countryside.mountains,
    "snow_peaks": countryside.snow_peaks,
    "facades": town.facades,
    "rails": transport.rails,
    "runway": transport.runway,
    "stands": town.stands,
    "hill_roofs": town.hill_roofs,
    "scaffold": town.scaffold,
}
"""Painter of each structure."""


def paint_backdrop(scene: Scene, light: Light, *, rows: int, cols: int, left: float = 0.0) -> Backdrop:
    """What a scene shows without its things, on `rows` by `cols` square pixels that start at the fraction `left`."""
    view = View.open(scene, light, rows=rows, cols=cols, left=left)
    BACKDROPS[CATEGORIES[scene.category].backdrop](view)
    return view.done()
