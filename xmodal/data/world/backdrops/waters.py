"""Backdrops with water: beach, harbour, lake, waterfall."""

import numpy as np

from xmodal.data.world.backdrops.finishes import bricks
from xmodal.data.world.backdrops.open_air import (
    Ground,
    Plane,
    band,
    chance,
    detail,
    grass,
    ground,
    minerals,
    pave,
    plants,
    ridge_line,
    sky,
    slope_shade,
    stand,
    tree_row,
    upright,
)
from xmodal.data.world.backdrops.view import View
from xmodal.data.world.texture import cell_shade, fractal, mix, ridge, smoothstep, stripes, tinted
from xmodal.data.world.tints import WALLS, WATERS


def _shore(view: View, floor: Ground, wander_m: float) -> np.ndarray:
    """Distance of the shoreline for each ground pixel: nearer and farther along the beach."""
    bend = ridge(floor.x[-1] if floor.x.size else np.zeros(1), period=3.0, seed=detail(view), smooth=1.0)
    return view.scene.depth_m + wander_m * bend[None, :]


def _water(view: View, floor: Ground, share: Plane, label: str, *, swell: float) -> None:
    """Water as a mirror of the sky, more so far away, broken by waves that run sideways."""
    body = WATERS[view.scene.wall_tint % len(WATERS)] * np.float32(0.55)
    grazing = np.clip(1.0 - view.camera.height_m / np.hypot(floor.z, view.camera.height_m), 0.0, 1.0)
    waves = floor.noise(5.0, 5.0, 11) + 0.7 * floor.noise(16.0, 6.0, 12)
    mirror = np.clip(0.12 + 0.75 * grazing**3 + swell * waves, 0.03, 1.0)
    deep = body * (view.light.fill + 0.5 * view.light.key)
    colour = mix(deep, 0.92 * view.light.air, mirror)
    glint = tinted(view.light.key * np.float32(0.35), smoothstep(0.45, 0.9, waves))
    view.lay(share, colour + glint, label, floor.first)


def sea_sand(view: View) -> None:
    """A beach: horizon, rows of waves, surf, wet and dry sand."""
    sky(view)
    floor = ground(view)
    shore = _shore(view, floor, 0.7)
    sand = tinted(minerals(view), 0.95 + 0.22 * floor.noise(2.5) + 0.15 * floor.noise(0.9, 3.0, 5))
    wet = smoothstep(shore - 1.6, shore - 0.3, floor.z)
    pave(view, floor, sand * (1.0 - 0.45 * wet)[..., None], "sand")
    _water(view, floor, floor.within(shore, 1e9), "sea", swell=0.3)
    for number in range(5):
        at = shore + (0.0, 2.2, 5.5, 12.0, 24.0)[number] + 0.5 * floor.noise(30.0, 1.0, number)
        crest = floor.within(at, at * 1.035 + 0.22) * np.clip(0.75 + 1.1 * floor.noise(3.0, 3.0, number), 0.0, 1.0)
        view.lay(crest, (view.light.ground * np.float32(0.85)).astype(np.float32), "sea", floor.first)


def sea_quay(view: View) -> None:
    """A harbour: basin, a far mole with sheds and masts, stone slabs and an edge with bollards near by."""
    sky(view)
    floor = ground(view, 60.0)
    _sheds(view)
    edge = view.scene.depth_m
    slabs = bricks(1.5, 0.75, contrast=0.22)(floor.surface(minerals(view), 0.45 * minerals(view)))
    pave(view, floor, slabs, "quay")
    _water(view, floor, floor.within(edge, 60.0), "sea", swell=0.14)
    kerb = floor.within(edge - 0.5, edge)
    pave(view, floor, 0.45 * minerals(view) + np.float32(0.3), "quay", kerb)
    x, t, foot = upright(view, edge - 0.25)
    post = stripes(x + 0.4, period_m=2.1, width_m=0.26, foot_m=foot) * band(t, 0.0, 0.38, foot)
    head = stripes(x + 0.47, period_m=2.1, width_m=0.4, foot_m=foot) * band(t, 0.3, 0.42, foot)
    stand(view, np.maximum(post, head), np.full(3, 0.05, dtype=np.float32), "quay", edge)


def _sheds(view: View) -> None:
    """The far side of the basin: a wall, gabled sheds and a forest of masts."""
    x, t, foot = upright(view, 60.0)
    width = 9.0
    tall = 4.5 + 2.0 * cell_shade(x / width, np.zeros((1, 1)), foot=0.0, seed=detail(view))
    gable = tall + 2.4 * (1.0 - np.abs(2.0 * (x % width / width) - 1.0))
    mast = stripes(x + 0.7, period_m=3.7, width_m=0.28, foot_m=foot)
    reach = 8.5 + 3.0 * cell_shade(x / 3.7, np.zeros((1, 1)), foot=0.0, seed=detail(view) + 1)
    stand(view, mast * band(t, 0.0, reach, foot), np.full(3, 0.12, dtype=np.float32), "building", 60.0)
    own = 0.7 + 0.4 * cell_shade(x / width, np.zeros((1, 1)), foot=0.0, seed=detail(view) + 2)
    door = band(x % width / width, 0.35, 0.65, foot / width) * band(t, 0.0, 3.0, foot)
    colour = tinted(WALLS[view.scene.wall_tint % len(WALLS)], own * (1.0 - 0.7 * door))
    stand(view, band(t, 0.0, gable, foot) + 0 * x, colour, "building", 60.0)
    roof = band(t, tall, gable, foot) + 0 * x
    stand(view, roof, 0.45 * WALLS[(view.scene.wall_tint + 4) % len(WALLS)], "roof", 60.0)


def lake_hills(view: View) -> None:
    """A lake: round hills mirrored in still water, reeds and grass on the near shore."""
    sky(view)
    for number, (base, height) in enumerate(((0.03, 0.2), (0.012, 0.11))):
        line = ridge_line(view, base=base, height=height, period=0.9 - 0.3 * number, smooth=1.0, turn=number)
        woods = fractal(view.x, view.y + 0 * view.x, period_m=0.35, foot_m=1.0 / view.rows, seed=detail(view))
        shade = slope_shade(view, line) * (0.7 + 0.5 * woods)
        stand(view, view.above(line), tinted(plants(view, number), shade), "hill", 150.0 - 70.0 * number)
    tree_row(view, distance_m=85.0, spacing_m=6.0, height_m=6.0, turn=1)
    floor = ground(view)
    pave(view, floor, grass(floor, plants(view)), "grass")
    shore = _shore(view, floor, 0.9)
    lake = floor.within(shore, 1e9)
    _water(view, floor, lake, "lake", swell=0.07)
    _mirror(view, floor, lake)
    x, t, foot = upright(view, view.scene.depth_m)
    blade = stripes(x + 0.05 * t, period_m=0.16, width_m=0.06, foot_m=foot)
    clump = smoothstep(0.05, 0.35, fractal(x, 0 * x, period_m=9.0, foot_m=foot, seed=detail(view) + 4))
    stand(view, blade * clump * band(t, 0.0, 0.75, foot), 0.7 * plants(view, 2), "foliage", view.scene.depth_m)


def _mirror(view: View, floor: Ground, share: Plane) -> None:
    """Mix the upside-down picture above the horizon into the water."""
    first = floor.first
    count = min(first, view.rows - first)
    if count <= 0:
        return
    upside = view.colour[first - count : first][::-1]
    view.lay(0.62 * share[:count], upside * np.float32(0.8), "lake", first)


def cliff_water(view: View) -> None:
    """A waterfall: strata of rock to the top of the picture, white threads of water, a pool and a stream."""
    sky(view)
    distance = view.scene.depth_m + 12.0
    x, t, foot = upright(view, distance)
    rim = (0.62 + 0.3 * chance(view, "rim", 1)[0]) * view.camera.horizon * distance / view.camera.focal
    line = rim + 1.6 * ridge(x[0], period=9.0, seed=detail(view), smooth=0.2)[None, :]
    strata = fractal(x / 6.0, t + 0.15 * x, period_m=5.0, foot_m=foot, seed=detail(view))
    cracks = fractal(x, t / 3.0 + 0 * x, period_m=6.0, foot_m=foot, seed=detail(view) + 1)
    layer = stripes(t + 0.2 * x + 0.6 * cracks, period_m=1.1, width_m=0.22, foot_m=foot)
    shade = np.maximum(0.85 + 0.55 * strata + 0.55 * cracks, 0.1) * (1.0 - 0.45 * layer)
    moss = smoothstep(0.15, 0.5, strata - 0.3 * cracks) * 0.6
    rock = mix(minerals(view, 1) * np.float32(0.75), 0.8 * plants(view), moss) * shade[..., None]
    stand(view, np.clip((line - t) / foot + 0.5, 0.0, 1.0), rock, "cliff", distance)
    tree_row_on = np.clip((line + 1.3 + 0.8 * cracks - t) / foot + 0.5, 0, 1) * np.clip((t - line) / foot + 0.5, 0, 1)
    stand(view, tree_row_on, 0.6 * plants(view, 1), "foliage", distance)
    centre = (chance(view, "fall", 2)[0] - 0.5) * 0.5 * distance / view.camera.focal
    _fall(view, distance, centre, line)
    floor = ground(view, distance)
    stones = floor.noise(2.2, 1.3, 4)
    pave(view, floor, mix(grass(floor, plants(view)), minerals(view), smoothstep(0.2, 0.5, stones)), "grass")
    bed = centre * floor.z / distance + 0.9 * np.sin(floor.z * 0.8 + floor.seed) * np.clip(1.5 - floor.z / 9, 0.15, 1)
    wide = 0.7 + 0.16 * floor.z
    share = np.maximum(floor.between(bed - wide, bed + wide), floor.within(view.scene.depth_m + 3.0, distance + 1.0))
    _water(view, floor, share, "stream", swell=0.35)
    foam = share * smoothstep(0.1, 0.6, floor.noise(2.0, 0.6, 7))
    pave(view, floor, np.full(3, 0.8, dtype=np.float32), "stream", 0.7 * foam)


def _fall(view: View, distance: float, centre: float, line: np.ndarray) -> None:
    x, t, foot = upright(view, distance - 0.4)
    wide = 1.5 + 0.12 * np.maximum(0.0, line - t)
    edge = 0.3 * fractal(x, t / 4.0, period_m=3.0, foot_m=foot, seed=detail(view) + 2)
    share = np.clip((wide - np.abs(x - centre) + edge) / foot + 0.5, 0.0, 1.0)
    share = share * np.clip((line - t) / foot + 0.5, 0.0, 1.0) * np.clip(t / foot + 0.5, 0.0, 1.0)
    threads = fractal(x * 2.0, t / 7.0, period_m=4.0, foot_m=2.0 * foot, seed=detail(view) + 3)
    white = np.clip(0.72 + 0.5 * threads, 0.25, 1.0)
    stand(view, 0.92 * share, tinted(np.array([0.9, 0.95, 1.0], dtype=np.float32), white), "stream", distance)
    spray = np.exp(-(((x - centre) / 3.2) ** 2) - (t / 0.9) ** 2)
    view.lay((0.6 * spray).astype(np.float32), (0.8 * view.light.front).astype(np.float32), "stream")
