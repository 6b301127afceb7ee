"""Built backdrops: street, stadium, village, building site."""

import numpy as np

from xmodal.data.world.backdrops.finishes import bricks
from xmodal.data.world.backdrops.open_air import (
    Ground,
    band,
    chance,
    detail,
    far_m,
    grass,
    ground,
    minerals,
    pave,
    plants,
    ridge_line,
    sky,
    slope_shade,
    stand,
    upright,
)
from xmodal.data.world.backdrops.view import View
from xmodal.data.world.texture import cell_shade, fractal, smoothstep, stripes, tinted
from xmodal.data.world.tints import FLOORS, WALLS

_ZERO = np.zeros((1, 1), dtype=np.float32)
_WARM = np.array([1.0, 0.72, 0.36], dtype=np.float32)


def asphalt(view: View, floor: Ground) -> np.ndarray:
    """Albedo of a tarred surface."""
    return tinted(minerals(view, 3), 0.55 + 0.12 * floor.noise(3.0) + 0.1 * floor.noise(0.8, 1.0, 2))


def _wall_tints(view: View, number: np.ndarray) -> np.ndarray:
    """Albedo of the house with that number, for each column."""
    return WALLS[(number.astype(int) * 5 + view.scene.wall_tint) % len(WALLS)]


def facades(view: View) -> None:
    """A street: a row of house fronts with windows, pavement, kerb, asphalt with dashes."""
    sky(view)
    distance = far_m(view) + 1.5
    _house_fronts(view, distance, storey_m=3.0, house_m=6.5)
    floor = ground(view, distance)
    pave(view, floor, asphalt(view, floor), "road")
    kerb = distance - 3.6
    walk = bricks(0.9, 0.9, contrast=0.1)(floor.surface(0.9 * minerals(view), 0.5 * minerals(view)))
    pave(view, floor, walk, "pavement", floor.within(kerb, 1e9))
    pave(view, floor, np.full(3, 0.6, dtype=np.float32), "pavement", floor.within(kerb - 0.3, kerb))
    nearest = view.camera.focal * view.camera.height_m / (1.0 - view.camera.horizon)
    middle = nearest + 0.3 * (kerb - nearest)
    dash = stripes(floor.x, period_m=2.6, width_m=1.4, foot_m=floor.foot_x)
    for at, share in ((middle, dash), (kerb - 1.0, np.ones_like(floor.x))):
        line = floor.within(at, at + 0.05 * at) * share
        pave(view, floor, np.full(3, 0.75, dtype=np.float32), "road", line)


def _house_fronts(view: View, distance: float, *, storey_m: float, house_m: float) -> None:
    x, t, foot = upright(view, distance)
    x = x + house_m * float(chance(view, "fronts", 1)[0])
    house = np.floor(x / house_m)
    storeys = np.round(3.5 + 1.2 * cell_shade(house, _ZERO, foot=0.0, seed=detail(view)))
    top = storeys * storey_m + 0.5
    wall = band(t, 0.0, top, foot)
    noise = fractal(x, t + 0 * x, period_m=5.0, foot_m=foot, seed=detail(view))
    seam = stripes(x, period_m=house_m, width_m=0.18, foot_m=foot)
    ledge = stripes(t + 0.05, period_m=storey_m, width_m=0.2, foot_m=foot)
    shade = (0.85 + 0.25 * noise) * (1.0 - 0.5 * seam) * (1.0 + 0.35 * ledge)
    stand(view, wall, tinted(_wall_tints(view, house), shade), "building", distance)
    eaves = band(t, top - 0.35, top + 0.1, foot)
    stand(view, eaves, 0.35 * _wall_tints(view, house + 3), "roof", distance)
    across, up = x % (house_m / 3) / (house_m / 3), t % storey_m / storey_m
    pane_foot = (foot / (house_m / 3), foot / storey_m)
    frame = band(across, 0.24, 0.76, pane_foot[0]) * band(up, 0.24, 0.84, pane_foot[1]) * wall
    stand(view, frame, np.full(3, 0.62, dtype=np.float32), "building", distance)
    bars = 1.0 - band(across, 0.48, 0.52, pane_foot[0])
    glass = band(across, 0.29, 0.71, pane_foot[0]) * band(up, 0.29, 0.80, pane_foot[1]) * wall * bars
    glaze(view, glass, cell_shade(3 * x / house_m, t / storey_m, foot=0.0, seed=detail(view) + 2), distance)
    door = band(x % house_m, 0.9, 1.9, foot) * band(t, 0.0, 2.3, foot)
    stand(view, door, 0.4 * _wall_tints(view, house + 5), "building", distance)


def glaze(view: View, share: np.ndarray, own: np.ndarray, distance: float) -> None:
    """Window panes: dark with some sky in them by day, some of them lit by night."""
    glass = 0.10 * view.light.front + tinted(view.light.air, 0.16 + 0.14 * own)
    if view.light.dark:
        glass = glass + tinted(_WARM * np.float32(0.75), own > 0.15)
    view.lay(share, view.light.through_air(glass, distance), "building")


def stands(view: View) -> None:
    """A stadium: tiers of seats with people, roof and floodlights, a mown pitch with lines."""
    sky(view)
    distance = far_m(view) + 3.0
    x, t, foot = upright(view, distance)
    rise = 0.36 * view.camera.horizon * distance / view.camera.focal + 3.0
    seat, row = 0.75 * distance / 24.0, 0.8 * distance / 24.0
    tier = stripes(t, period_m=row, width_m=0.3 * row, foot_m=foot)
    gap = stripes(x, period_m=seat, width_m=0.3 * seat, foot_m=foot)
    aisle = stripes(x, period_m=9 * seat, width_m=0.9 * seat, foot_m=foot)
    own = cell_shade(x / seat, t / row, foot=foot / seat, seed=detail(view))
    tone = (0.55 + 0.35 * own + 0 * t) * (1.0 - 0.6 * np.maximum(tier, gap))
    seats = tinted(WALLS[view.scene.wall_tint % len(WALLS)], tone)
    seats = seats + (np.float32(0.5) - seats) * (aisle * (0.7 + 0.3 * tier))[..., None]
    stand(view, band(t, 1.1, rise, foot) + 0 * x, seats, "stands", distance)
    board = cell_shade(x / (5 * seat), _ZERO, foot=0.0, seed=detail(view) + 3)
    stand(
        view,
        band(t, 0.0, 1.1, foot) + 0 * x,
        tinted(_wall_tints(view, np.floor(x / (5 * seat))), 0.8 + 0.2 * board),
        "stands",
        distance,
    )
    stand(view, band(t, rise, rise + 0.9, foot) + 0 * x, np.full(3, 0.12, dtype=np.float32), "stands", distance)
    mast = stripes(x, period_m=11.0, width_m=0.3, foot_m=foot) * band(t, rise, rise + 4.0, foot)
    stand(view, mast, np.full(3, 0.25, dtype=np.float32), "stands", distance)
    lamp = stripes(x + 1.0, period_m=11.0, width_m=2.3, foot_m=foot) * band(t, rise + 3.2, rise + 4.6, foot)
    view.lay(lamp, np.full(3, 1.6 if view.light.dark else 0.85, dtype=np.float32), "stands")
    _pitch(view, ground(view, distance), distance)


def _pitch(view: View, floor: Ground, distance: float) -> None:
    mown = stripes(floor.z, period_m=4.0, width_m=2.0, foot_m=floor.foot_z)
    pave(view, floor, grass(floor, plants(view)) * (0.78 + 0.4 * mown)[..., None], "pitch")
    white = np.full(3, 0.8, dtype=np.float32)
    goal_line = distance - 3.0
    box = 0.55 * goal_line
    for at in (goal_line, box):
        share = floor.within(at, at * 1.025)
        pave(view, floor, white, "pitch", share if at == goal_line else share * floor.between(-6.0, 6.0))
    for at in (-6.0, 6.0):
        pave(view, floor, white, "pitch", floor.between(at - 0.09, at + 0.09) * floor.within(box, goal_line))
    arc = np.abs(np.hypot(floor.x, 1.2 * (floor.z - box)) - 2.6) - 0.07
    share = np.clip(-arc / (floor.foot_x + 0.5 * floor.foot_z) + 0.5, 0.0, 1.0) * floor.within(0.0, box)
    pave(view, floor, white, "pitch", share)


def hill_roofs(view: View) -> None:
    """A village: gabled houses climbing a hill one row behind another, a cobbled square."""
    sky(view)
    line = ridge_line(view, base=0.05, height=0.16, period=1.3, smooth=1.0, turn=0)
    stand(
        view,
        view.above(line),
        tinted(plants(view, 1), slope_shade(view, line)),
        "hill",
        120.0,
    )
    base = far_m(view) + 8.0
    for row, (away, up) in enumerate(((2.2 * base, 7.0), (1.6 * base, 3.6), (1.15 * base, 0.0))):
        _roof_row(view, away, up, row)
    floor = ground(view, 1.15 * base)
    cobbles = bricks(0.34, 0.26, contrast=0.4)(floor.surface(0.8 * minerals(view), 0.4 * minerals(view)))
    pave(view, floor, cobbles, "pavement")
    pave(view, floor, grass(floor, plants(view)), "grass", floor.within(0.72 * base + 2.0 * floor.noise(30.0), 1e9))


def _roof_row(view: View, away: float, up: float, row: int) -> None:
    x, t, foot = upright(view, away)
    width = 5.6 + row
    x = x + 3.1 * row + 5.0 * float(chance(view, "roofs", 1)[0])
    house = np.floor(x / width)
    within = x % width / width
    there = cell_shade(house, _ZERO, foot=0.0, seed=detail(view) + 11 * row) > -0.55
    eave = up + 2.6 + 0.5 * cell_shade(house, _ZERO, foot=0.0, seed=detail(view) + row)
    across = np.clip(np.minimum(within - 0.06, 0.94 - within) / 0.44, 0.0, 1.0)
    gable = eave + 3.4 * across
    body = band(within, 0.1, 0.9, foot / width) * band(t, up - 2.0, gable, foot) * there
    stand(view, body, _wall_tints(view, house + row) * 0.95, "building", away)
    roof = band(within, 0.06, 0.94, foot / width) * band(t, gable - 1.0, gable, foot) * there
    tint = FLOORS[(house.astype(int) + view.scene.wall_tint) % len(FLOORS)] * np.float32(0.7)
    stand(view, roof, tint, "roof", away)
    pane = stripes(within - 0.22, period_m=0.3, width_m=0.14, foot_m=foot / width) * band(
        within, 0.2, 0.8, foot / width
    )
    glass = pane * band(t, up + 1.0, up + 2.1, foot) * there
    glaze(view, glass, cell_shade(house * 3, t, foot=0.0, seed=detail(view)), away)


def scaffold(view: View) -> None:
    """A building site: a bare concrete frame behind a grid of poles, braces and planks; rutted earth."""
    sky(view)
    distance = far_m(view) + 4.0
    x, t, foot = upright(view, distance)
    storey, bay = 3.2, 4.0
    top = storey * (3.0 + np.round(1.5 + 1.5 * cell_shade(np.floor(x / (2 * bay)), _ZERO, foot=0.0, seed=detail(view))))
    inside = band(t, 0.0, top, foot)
    hollow = 0.10 + 0.12 * fractal(x, t + 0 * x, period_m=8.0, foot_m=foot, seed=detail(view))
    stand(view, inside, tinted(minerals(view, 1), np.maximum(hollow, 0.03)), "building", distance)
    frame = np.maximum(
        stripes(t + 0.4, period_m=storey, width_m=0.55, foot_m=foot) + 0 * x,
        stripes(x, period_m=bay, width_m=0.6, foot_m=foot) + 0 * t,
    )
    stand(view, frame * inside, 0.95 * minerals(view, 1), "building", distance)
    reach = band(t, 0.0, top + 1.2, foot)
    pole = stripes(x + 0.9, period_m=1.33, width_m=0.12, foot_m=foot) * reach
    rail = stripes(t + 0.7, period_m=1.6, width_m=0.12, foot_m=foot) * reach
    brace = stripes(x + 0.8 * t, period_m=5.3, width_m=0.14, foot_m=1.6 * foot) * reach
    metal = WALLS[(view.scene.wall_tint + 2) % len(WALLS)] * np.float32(0.8)
    stand(view, np.maximum(np.maximum(pole, rail), brace), metal, "scaffold", distance - 0.8)
    plank = stripes(t - 0.1, period_m=storey, width_m=0.22, foot_m=foot) * reach + 0 * x
    stand(view, plank, FLOORS[view.scene.ground_tint % len(FLOORS)], "scaffold", distance - 0.9)
    floor = ground(view, distance)
    soil = FLOORS[(view.scene.ground_tint + 4) % len(FLOORS)]
    earth = tinted(soil, 0.85 + 0.5 * floor.noise(4.0) + 0.3 * floor.noise(1.0))
    pave(view, floor, earth, "soil")
    bend = 2.0 * np.sin(0.25 * floor.z + detail(view))
    for wheel in (-1.0, 0.9):
        rut = floor.between(bend + wheel - 0.24, bend + wheel + 0.24)
        lug = stripes(floor.z, period_m=0.3, width_m=0.13, foot_m=floor.foot_z)
        pave(view, floor, 0.4 * earth, "soil", (0.55 + 0.3 * lug) * rut)
    smooth = smoothstep(0.3, 0.5, floor.noise(6.0, 1.5, 8))
    pave(view, floor, 0.35 * view.light.air + 0.05, "soil", 0.5 * smooth)
