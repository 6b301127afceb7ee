"""Built backdrops: station and airport."""

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
    sky,
    stand,
    tree_row,
    upright,
)
from xmodal.data.world.backdrops.town import asphalt, glaze
from xmodal.data.world.backdrops.view import View
from xmodal.data.world.texture import cell_shade, stripes, tinted
from xmodal.data.world.tints import FLOORS, WALLS

_ZERO = np.zeros((1, 1), dtype=np.float32)


def rails(view: View) -> None:
    """A station: tracks with sleepers that converge, a platform with a line along its edge, a roof on columns."""
    sky(view)
    side = 1.0 if view.scene.backdrop % 2 else -1.0
    tree_row(view, distance_m=80.0, spacing_m=7.0, height_m=6.0, turn=1)
    floor = ground(view, 80.0)
    stones = floor.noise(0.6) + cell_shade(floor.x / 0.12, floor.z / 0.12, foot=floor.foot_z / 0.12, seed=1)
    pave(view, floor, tinted(0.62 * minerals(view, 1), 0.9 + 0.5 * stones), "gravel")
    edge = 0.25 + 0.5 * float(chance(view, "edge", 1)[0])
    for middle in (edge + 1.25, edge + 4.4, edge + 7.6):
        _track(view, floor, side * middle)
    low, high = (-1e4, side * edge) if side > 0 else (side * edge, 1e4)
    slabs = bricks(1.2, 0.6, contrast=0.12)(floor.surface(minerals(view), 0.55 * minerals(view)))
    pave(view, floor, slabs, "platform", floor.between(low, high))
    for offset, wide, tone in ((0.0, 0.16, 0.30), (0.55, 0.14, 0.8)):
        outer = side * (edge - offset)
        line = floor.between(min(outer, outer - side * wide), max(outer, outer - side * wide))
        pave(view, floor, np.full(3, tone, dtype=np.float32), "platform", line)
    _canopy(view, side, edge)


def _track(view: View, floor: Ground, middle: float) -> None:
    sleeper = stripes(floor.z, period_m=0.75, width_m=0.3, foot_m=floor.foot_z) * floor.between(
        middle - 1.2, middle + 1.2
    )
    pave(view, floor, 0.4 * FLOORS[(view.scene.ground_tint + 1) % len(FLOORS)], "rails", sleeper)
    for rail in (middle - 0.72, middle + 0.72):
        share = floor.between(rail - 0.07, rail + 0.07)
        pave(view, floor, np.array([0.55, 0.56, 0.6], dtype=np.float32), "rails", share)


def _canopy(view: View, side: float, edge: float) -> None:
    """The platform's roof from below, and the columns that carry it."""
    last = view.row_of(view.camera.horizon)
    over = 4.3 - view.camera.height_m
    z = over / np.maximum(-view.down[:last], 1e-3)
    x = view.right * z
    foot = z * view.pixel
    inside = np.clip((side * (edge - 0.4) - x) * side / foot + 0.5, 0.0, 1.0)
    inside = inside * np.clip((x * side + 7.0) / foot + 0.5, 0.0, 1.0) * (z < 60.0)
    rib = stripes(z, period_m=2.4, width_m=0.35, foot_m=foot * z / over)
    slat = stripes(x, period_m=0.5, width_m=0.07, foot_m=foot)
    albedo = tinted(WALLS[view.scene.wall_tint % len(WALLS)], 0.55 * (1 - 0.55 * rib) * (1 - 0.4 * slat))
    lit = view.light.through_air(albedo * (view.light.fill + 0.2 * view.light.key), z[..., None])
    view.lay(inside, lit, "building")
    for away in (34.0, 26.0, 18.5):
        x_m, t, foot_m = upright(view, away)
        at = -side * 3.3
        post = band(x_m, at - 0.14, at + 0.14, foot_m) * band(t, 0.0, 4.3, foot_m)
        stand(view, post, np.full(3, 0.16, dtype=np.float32), "platform", away)


def runway(view: View) -> None:
    """An airfield: terminal and tower on the horizon, grass, a runway with dashes and threshold bars."""
    sky(view)
    distance = far_m(view) + 45.0
    _terminal(view, distance)
    floor = ground(view, distance)
    pave(view, floor, grass(floor, plants(view)), "grass")
    slant = 0.5 * (float(chance(view, "slant", 1)[0]) - 0.5)
    across = Ground(floor.first, floor.x - slant * (floor.z - 6.0), floor.z, floor.foot_x, floor.foot_z, floor.seed)
    foot = floor.foot_x + abs(slant) * floor.foot_z
    tarmac = across.between(-7.0, 7.0)
    seam = stripes(floor.z, period_m=5.0, width_m=0.12, foot_m=floor.foot_z)
    pave(view, floor, asphalt(view, floor) * (1.0 - 0.3 * seam)[..., None], "runway", tarmac)
    white = np.full(3, 0.78, dtype=np.float32)
    dash = stripes(floor.z, period_m=6.0, width_m=3.4, foot_m=floor.foot_z)
    pave(view, floor, white, "runway", band(across.x, -0.22, 0.22, foot) * dash)
    for edge in (-6.3, 6.3):
        pave(view, floor, white, "runway", band(across.x, edge - 0.18, edge + 0.18, foot))
    bars = stripes(across.x + 0.3, period_m=1.2, width_m=0.6, foot_m=foot) * tarmac
    pave(view, floor, white, "runway", bars * floor.within(3.6, 5.4) * (np.abs(across.x) < 5.8))


def _terminal(view: View, distance: float) -> None:
    x, t, foot = upright(view, distance)
    tree_row(view, distance_m=distance + 30.0, spacing_m=8.0, height_m=4.5, turn=2)
    tower = (float(chance(view, "tower", 1)[0]) - 0.5) * 0.7 * distance / view.camera.focal
    wall = WALLS[view.scene.wall_tint % len(WALLS)]
    long = band(x, tower + 3.0, tower + 45.0, foot)
    stand(view, long * band(t, 0.0, 5.5, foot), 0.9 * wall, "building", distance)
    pane = stripes(x, period_m=2.2, width_m=1.7, foot_m=foot) * long * band(t, 1.6, 4.4, foot)
    glaze(view, pane, cell_shade(x / 2.2, _ZERO, foot=0.0, seed=detail(view)) + 0 * t, distance)
    hangar = 6.5 * np.sqrt(np.clip(1.0 - ((x - tower + 16.0) / 9.0) ** 2, 0.0, 1.0))
    stand(view, band(t, 0.0, hangar, foot) * (hangar > 0), 0.6 * wall, "building", distance)
    stand(view, band(x, tower - 1.1, tower + 1.1, foot) * band(t, 0.0, 12.0, foot), 0.85 * wall, "building", distance)
    cab = 1.5 + 0.35 * (t - 12.0)
    head = np.clip((cab - np.abs(x - tower)) / foot + 0.5, 0.0, 1.0) * band(t, 11.5, 15.0, foot)
    stand(view, head, np.full(3, 0.10, dtype=np.float32), "building", distance)
    stand(view, band(x, tower - 3.0, tower + 3.0, foot) * band(t, 15.0, 15.8, foot), wall, "building", distance)
