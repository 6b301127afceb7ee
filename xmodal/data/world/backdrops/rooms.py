"""The twelve rooms: which finishes they have and what is fixed to their walls, floors and ceilings."""

import numpy as np

from xmodal.data.world.backdrops.finishes import (
    Surface,
    blinds,
    boards,
    bricks,
    carpet,
    chequered,
    concrete,
    damask,
    dotted,
    folds,
    halves,
    panelling,
    parquet,
    plaster,
    striped,
    tiles,
)
from xmodal.data.world.backdrops.furnishing import (
    beams,
    bunting,
    cupboards,
    hanging_lamps,
    light_panels,
    pinned_sheets,
    pipes,
    rug,
    shelf_and_tools,
    stage_front,
)
from xmodal.data.world.backdrops.room import Room, Style
from xmodal.data.world.texture import stripes, tinted


def _round_rug(room: Room) -> None:
    rug(room, round_m=1.15, rings=4)


def _nursery(room: Room) -> None:
    rug(room, round_m=0.95, rings=5)
    bunting(room)


def _long_rug(room: Room) -> None:
    rug(room, round_m=0.0, rings=3)


def _beamed(surface: Surface) -> np.ndarray:
    beam = stripes(surface.s, period_m=0.8, width_m=0.2, foot_m=surface.foot_s)
    return tinted(surface.colour, 0.75 - 0.6 * beam + 0 * surface.t)


def _restaurant(room: Room) -> None:
    beams(room)
    hanging_lamps(room)


ROOMS: dict[str, Style] = {
    "tiled_room": Style(
        wall=tiles(0.30, 0.20, 0.022), floor=chequered(0.42), side=plaster, furnish=cupboards, second_dark=0.35
    ),
    "plain_room": Style(wall=plaster, floor=carpet, furnish=_long_rug),
    "papered_room": Style(wall=damask(0.42), floor=parquet(0.42), furnish=_round_rug, second_dark=0.6),
    "small_tiled_room": Style(
        wall=halves(tiles(0.16, 0.16, 0.02), tiles(0.16, 0.16, 0.02), 1.25, rail_m=0.12),
        floor=tiles(0.24, 0.24, 0.03),
        second_dark=0.5,
        skirting=False,
    ),
    "concrete_room": Style(
        wall=bricks(0.62, 0.30, contrast=0.14), floor=concrete, furnish=pipes, second_dark=0.6, skirting=False
    ),
    "panelled_room": Style(
        wall=blinds(0.17, 1.2), floor=tiles(0.6, 0.6, 0.02), ceiling=tiles(0.6, 0.6, 0.04), furnish=light_panels
    ),
    "school_room": Style(
        wall=halves(plaster, plaster, 1.15, rail_m=0.08),
        floor=boards(0.14, 1.6, along_t=True),
        furnish=pinned_sheets,
        second_dark=0.4,
    ),
    "wooden_room": Style(wall=panelling(0.8, 1.05), floor=parquet(0.4), ceiling=_beamed),
    "pegboard_room": Style(
        wall=dotted(0.24, 0.042),
        floor=concrete,
        side=boards(0.2, 2.2, along_t=True),
        furnish=shelf_and_tools,
        second_dark=0.12,
    ),
    "dotted_room": Style(
        wall=halves(boards(0.13, 9.0, along_t=True), dotted(0.44, 0.105), 0.85, rail_m=0.07),
        floor=boards(0.2, 2.4, along_t=False),
        furnish=_nursery,
        second_dark=0.65,
    ),
    "curtained_room": Style(
        wall=folds(0.34),
        floor=boards(0.16, 3.0, along_t=False),
        furnish=stage_front,
        wall_label="curtain",
        side=striped(0.5),
        skirting=False,
    ),
    "brick_room": Style(
        wall=bricks(0.36, 0.125, contrast=0.3),
        floor=boards(0.22, 2.4, along_t=True),
        furnish=_restaurant,
        second_dark=0.75,
    ),
}
"""Every room, by the name of its backdrop."""
