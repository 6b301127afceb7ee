"""Green and white backdrops: forest, fields, park, playground, mountains, snow."""

import numpy as np

from xmodal.data.world.backdrops.open_air import (
    Ground,
    band,
    chance,
    crowns,
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
    tree_row,
    upright,
)
from xmodal.data.world.backdrops.view import View
from xmodal.data.world.texture import cell_shade, fractal, mix, ridge, smoothstep, stripes, tinted
from xmodal.data.world.tints import FLOORS, WALLS

_SNOW = np.full(3, 0.85, dtype=np.float32)


def trunks(view: View) -> None:
    """A forest from inside: mist between ranks of trunks, a canopy, leaf litter with spots of light."""
    light = view.light
    mist = (0.5 * light.air + 0.35 * plants(view) * light.front).astype(np.float32)
    view.fill(slice(0, view.rows), mist, "foliage")
    leaves = fractal(view.x, view.y + 0 * view.x, period_m=0.5, foot_m=1.0 / view.rows, seed=detail(view))
    view.colour[:] *= (0.9 + 0.3 * leaves)[..., None]
    floor = ground(view)
    litter = mix(
        0.7 * FLOORS[view.scene.ground_tint % len(FLOORS)], plants(view), smoothstep(-0.1, 0.4, floor.noise(6.0))
    )
    spots = 0.55 + 0.7 * smoothstep(0.1, 0.4, floor.noise(4.0, 1.4, 3))
    pave(view, floor, litter * ((0.8 + 0.5 * floor.noise(0.9, 1.0, 5)) * spots)[..., None], "soil")
    far = max(view.scene.depth_m, 14.0)
    for rank, distance in enumerate((2.4 * far, 1.6 * far, 1.1 * far, 0.75 * far, 0.5 * far)):
        _rank(view, distance, 1.5 + 0.5 * rank, rank)
    scallop = ridge(view.x[0], period=0.45, seed=detail(view), smooth=0.6)[None, :]
    canopy = 0.12 + 0.06 * scallop + 0.05 * chance(view, "canopy", 1)[0]
    share = np.clip((canopy + 0.05 * leaves - view.y) * view.rows + 0.5, 0.0, 1.0)
    shade = np.maximum(0.35 + 0.6 * leaves, 0.05)
    stand(view, share, tinted(plants(view, 1), shade), "foliage", 8.0)


def _rank(view: View, distance: float, spacing: float, rank: int) -> None:
    """One rank of trunks: jittered, of varied girth, flared at the foot, with bark."""
    x, t, foot = upright(view, distance)
    cell = np.floor(x / spacing)
    zero = np.zeros((1, 1))
    middle = (cell + 0.5 + 0.28 * cell_shade(cell, zero, foot=0.0, seed=detail(view) + rank)) * spacing
    girth = 0.20 + 0.10 * cell_shade(cell, zero, foot=0.0, seed=detail(view) + 7 * rank)
    there = cell_shade(cell, zero, foot=0.0, seed=detail(view) + 31 * rank) > -0.35
    lean = 0.03 * cell_shade(cell, zero, foot=0.0, seed=detail(view) + 3) * t
    radius = girth * (1.0 + 0.9 * np.exp(-np.maximum(t, 0.0) / 0.25))
    offset = (x - middle - lean) / radius
    share = np.clip((1.0 - np.abs(offset)) * radius / foot + 0.5, 0.0, 1.0) * np.clip(t / foot + 0.5, 0.0, 1.0)
    round_shade = np.sqrt(np.clip(1.0 - offset**2, 0.04, 1.0)) + 0.4 * view.scene.light_from * offset
    bark = fractal(x * 2.0, t / 4.0 + 0 * x, period_m=2.0, foot_m=2 * foot, seed=detail(view))
    shade = np.maximum(round_shade * (0.7 + 0.55 * bark), 0.05)
    stand(
        view,
        share * there,
        tinted(0.55 * FLOORS[(view.scene.wall_tint + 1) % len(FLOORS)], shade),
        "trunk",
        distance,
    )


def fields(view: View) -> None:
    """Farmland: far hills with hedgerows, a ploughed field with furrows that converge, a near meadow."""
    sky(view)
    line = ridge_line(view, base=0.01, height=0.09, period=1.1, smooth=1.0, turn=1)
    patch = cell_shade(view.x * 7 + 3 * view.y, (view.y - line) * 28, foot=0.3, seed=detail(view))
    hedge = stripes((view.y - line) * 1.0, period_m=1 / 28, width_m=0.006, foot_m=1.0 / view.rows)
    shade = (slope_shade(view, line) + 0.35 * patch) * (1.0 - 0.55 * hedge)
    stand(view, view.above(line), tinted(plants(view, 2), shade), "hill", 110.0)
    floor = ground(view)
    pave(view, floor, grass(floor, plants(view)), "grass")
    slant = (chance(view, "furrows", 1)[0] - 0.5) * 0.8
    start = 0.55 * view.scene.depth_m
    furrow = stripes(
        floor.x + slant * floor.z, period_m=1.3, width_m=0.55, foot_m=floor.foot_x + abs(slant) * floor.foot_z
    )
    soil = mix(0.85 * FLOORS[view.scene.wall_tint % len(FLOORS)], 1.1 * plants(view, 3), furrow)
    soil = soil * (0.85 + 0.35 * floor.noise(2.0))[..., None]
    pave(view, floor, soil, "field", floor.within(start + 0.8 * floor.noise(20.0, 1.0, 2), 1e9))
    _post_fence(view, start)


def _post_fence(view: View, distance: float) -> None:
    x, t, foot = upright(view, distance)
    post = stripes(x, period_m=1.9, width_m=0.09, foot_m=foot) * band(t, 0.0, 0.75, foot)
    wire = band(t, 0.58, 0.61, foot) + band(t, 0.33, 0.36, foot) + 0 * x
    stand(view, np.clip(post + 0.6 * wire, 0, 1), np.array([0.16, 0.13, 0.1], dtype=np.float32), "field", distance)


def lawn_trees(view: View) -> None:
    """A park: two rows of round trees, a mown lawn, a gravel path that winds away."""
    sky(view)
    far = far_m(view)
    tree_row(view, distance_m=far + 22.0, spacing_m=6.5, height_m=9.5, turn=1)
    tree_row(view, distance_m=far + 6.0, spacing_m=5.0, height_m=4.6, turn=2)
    floor = ground(view, far + 6.0)
    mown = stripes(floor.x + 0.3 * floor.z, period_m=2.4, width_m=1.2, foot_m=floor.foot_x + 0.3 * floor.foot_z)
    pave(view, floor, grass(floor, plants(view)) * (0.88 + 0.24 * mown)[..., None], "grass")
    bend, phase = chance(view, "path", 2)
    middle = (bend - 0.5) * 3.0 + 1.7 * np.sin(floor.z * 0.42 + 6.0 * phase) * np.clip(floor.z / 9.0, 0.3, 1.6)
    path = floor.between(middle - 0.95, middle + 0.95)
    edge = floor.between(middle - 1.12, middle + 1.12)
    pave(view, floor, 0.5 * minerals(view, 2), "gravel", edge)
    pave(view, floor, tinted(minerals(view, 2), 0.95 + 0.4 * floor.noise(0.8)), "gravel", path)


def lawn_hedge(view: View) -> None:
    """A playground: a clipped hedge with a light top, posts and rails, safety tiles in a round sandpit."""
    sky(view)
    far = far_m(view)
    _roofline(view, far + 20.0)
    x, t, foot = upright(view, far)
    leaves = fractal(x, t + 0 * x, period_m=3.0, foot_m=foot, seed=detail(view))
    top = 2.3 + 0.12 * leaves
    share = np.clip((top - t) / foot + 0.5, 0.0, 1.0) * np.clip(t / foot + 0.5, 0.0, 1.0)
    lit = 0.5 + 0.6 * leaves + 0.7 * smoothstep(2.0, 2.25, t)
    stand(view, share, tinted(plants(view, 1), np.maximum(lit, 0.08)), "hedge", far)
    rail = stripes(x, period_m=1.1, width_m=0.14, foot_m=foot) * band(t, 0.0, 1.25, foot)
    rail = np.maximum(rail, band(t, 0.95, 1.1, foot) + band(t, 0.4, 0.55, foot) + 0 * x)
    stand(view, np.clip(rail, 0, 1), WALLS[(view.scene.wall_tint + 1) % len(WALLS)], "hedge", far - 0.3)
    floor = ground(view, far)
    pave(view, floor, grass(floor, plants(view)), "grass")
    centre = 0.55 * view.scene.depth_m * 0.6 + 2.0
    radius = np.hypot(floor.x / 1.5, floor.z - centre)
    pit = np.clip((0.38 * centre + 1.0 - radius) / floor.foot_z + 0.5, 0.0, 1.0)
    rim = np.clip((0.38 * centre + 1.25 - radius) / floor.foot_z + 0.5, 0.0, 1.0)
    pave(view, floor, FLOORS[view.scene.wall_tint % len(FLOORS)], "pavement", rim)
    tile = np.maximum(
        stripes(floor.x, period_m=0.5, width_m=0.035, foot_m=floor.foot_x),
        stripes(floor.z, period_m=0.5, width_m=0.035, foot_m=floor.foot_z),
    )
    own = cell_shade(floor.x / 0.5, floor.z / 0.5, foot=floor.foot_z / 0.5, seed=floor.seed)
    pave(view, floor, tinted(minerals(view), (1.0 + 0.2 * own) * (1.0 - 0.5 * tile)), "sand", pit)


def _roofline(view: View, distance: float) -> None:
    x, t, foot = upright(view, distance)
    width = 9.0
    gable = 4.6 + 3.0 * (1.0 - np.abs(2.0 * (x % width / width) - 1.0))
    stand(view, band(t, 0.0, gable, foot), 0.5 * WALLS[(view.scene.wall_tint + 3) % len(WALLS)], "roof", distance)


def mountains(view: View) -> None:
    """A valley: jagged peaks one behind another, a conifer wood, a stony meadow."""
    sky(view)
    for number, (base, height, away) in enumerate(((0.06, 0.30, 190.0), (0.02, 0.20, 110.0))):
        line = ridge_line(view, base=base, height=height, period=0.75, smooth=0.0, turn=number)
        _massif(view, line, minerals(view, 1) * np.float32(0.85), away, 0.0)
    far = far_m(view) + 8.0
    tree_row(view, distance_m=far + 18.0, spacing_m=3.2, height_m=8.0, turn=1, pointed=True)
    tree_row(view, distance_m=far, spacing_m=2.6, height_m=5.0, turn=3, pointed=True)
    floor = ground(view, far)
    meadow = mix(grass(floor, plants(view)), minerals(view), smoothstep(0.2, 0.45, floor.noise(3.0, 1.0, 9)))
    pave(view, floor, meadow, "grass")


def _massif(view: View, line: np.ndarray, rock: np.ndarray, away: float, snow_line: float) -> None:
    """A mountain side: ribs of rock lit from one side; snow from the top down by `snow_line` (fraction)."""
    below = view.y - line
    ribs = fractal(view.x + 0.6 * below, below * 0.8, period_m=0.5, foot_m=1.0 / view.rows, seed=detail(view))
    tilt = slope_shade(view, line + 0.12 * ribs)
    shade = np.clip(0.75 * tilt + 0.7 * ribs, 0.15, 1.8)
    colour = tinted(rock, shade)
    if snow_line > 0:
        white = smoothstep(snow_line, 0.4 * snow_line, below + 0.10 * ribs) * smoothstep(-0.45, -0.1, ribs)
        colour = mix(colour, tinted(_SNOW, np.clip(0.55 + 0.5 * tilt, 0.3, 1.1)), white)
    stand(view, view.above(line), colour, "mountain", away)


def snow_peaks(view: View) -> None:
    """A snowfield: white peaks with bare ribs, scattered firs, drifts and tracks."""
    sky(view)
    for number, (base, height, away) in enumerate(((0.08, 0.30, 150.0), (0.02, 0.14, 90.0))):
        line = ridge_line(view, base=base, height=height, period=0.8, smooth=0.0, turn=number)
        _massif(view, line, minerals(view, 1) * np.float32(0.6), away, 0.35)
    x, t, foot = upright(view, far_m(view) + 14.0)
    top = crowns(x, spacing_m=3.4, height_m=6.0, seed=detail(view) + 2, pointed=True)
    gaps = cell_shade(x / 10.2, np.zeros((1, 1)), foot=0.0, seed=detail(view)) > 0.1
    share = band(t, 0.0, top * gaps, foot) * (top * gaps > 0)
    stand(view, share, 0.4 * plants(view, 1), "foliage", far_m(view))
    _snow(view, ground(view, far_m(view) + 14.0))


def _snow(view: View, floor: Ground) -> None:
    drifts = floor.noise(9.0, 2.5, 1)
    shade = 0.8 + 0.3 * drifts
    pave(view, floor, tinted(np.array([0.82, 0.85, 0.9], dtype=np.float32), shade), "snow")
    bend, phase = chance(view, "tracks", 2)
    middle = 4.0 * (bend - 0.5) + 1.5 * np.sin(0.35 * floor.z + 6 * phase)
    for side in (-0.28, 0.28):
        track = floor.between(middle + side - 0.07, middle + side + 0.07)
        pave(view, floor, np.array([0.5, 0.55, 0.66], dtype=np.float32), "snow", 0.8 * track)
