"""A furnished box seen from inside: four walls' finishes in true perspective, corners in shade, light from one side."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from xmodal.data.world.backdrops.finishes import Finish, Surface, plaster
from xmodal.data.world.backdrops.view import View
from xmodal.data.world.labels import LABELS
from xmodal.data.world.layout import place
from xmodal.data.world.texture import smoothstep, tinted
from xmodal.data.world.tints import FLOORS, WALLS
from xmodal.seeding import stream

_CORNER_M = 0.28
"""How far the shade of a corner reaches."""
_SKIRTING_M = 0.11
"""Height of the board at the foot of the walls."""


@dataclass(frozen=True)
class Style:
    """What one kind of room looks like."""

    wall: Finish
    floor: Finish
    ceiling: Finish = plaster
    side: Finish | None = None
    """Finish of the side walls, if it differs from the back wall's."""
    furnish: "Callable[[Room], None] | None" = None
    """Paints what is fixed to the back wall, ceiling or floor."""
    wall_label: str = "wall"
    second_dark: float = 0.45
    """Brightness of the walls' second colour relative to its tint."""
    skirting: bool = True


@dataclass(frozen=True)
class Room:
    """One room's measures in metres, from the camera's foot."""

    view: View
    style: Style
    depth_m: float
    left_m: float
    """Where the left wall stands (negative)."""
    right_m: float
    height_m: float
    wall: Float[np.ndarray, "3"]
    trim: Float[np.ndarray, "3"]
    floor: Float[np.ndarray, "3"]
    floor_second: Float[np.ndarray, "3"]

    @property
    def seed(self) -> int:
        """Seed of the room's detail."""
        return self.view.scene.backdrop % 9973

    @property
    def box(self) -> tuple[int, int, int, int]:
        """First row, last row, first column, last column (exclusive) of the back wall."""
        view, camera = self.view, self.view.camera
        top = view.row_of(camera.row(self.depth_m, self.height_m))
        bottom = view.row_of(camera.row(self.depth_m))
        edges = [0.5 + camera.focal * x / self.depth_m - view.left for x in (self.left_m, self.right_m)]
        low, high = (int(np.clip(np.ceil(edge * view.rows - 0.5), 0, view.cols)) for edge in edges)
        return top, bottom, low, high

    def lamp_light(self, nearness: Float[np.ndarray, "#rows #cols"]) -> Float[np.ndarray, "rows cols 3"]:
        """Light on a surface: `nearness` to the window or lamp in about [0, 1]."""
        light = self.view.light
        return light.fill + tinted(light.key, nearness)


def open_room(view: View, style: Style) -> Room:
    """Measures of the scene's room: wide and high enough for its things."""
    scene = view.scene
    generator = stream(scene.backdrop, "room")
    wide_left, wide_right, extra = (float(number) for number in generator.random(3))
    left_m, right_m, height_m = -1.7 - 1.0 * wide_left, 1.7 + 1.0 * wide_right, 2.45 + 0.4 * extra
    depth_m = scene.depth_m
    for thing, box in zip(scene.things, place(scene), strict=True):
        scale = thing.distance_m / scene.camera.focal
        left_m = min(left_m, (max(0.0, box.left) - 0.5) * scale - 0.1)
        right_m = max(right_m, (min(1.0, box.right) - 0.5) * scale + 0.1)
        height_m = max(height_m, min(3.4, scene.camera.height_m + (scene.camera.horizon - box.top) * scale + 0.1))
        depth_m = max(depth_m, thing.distance_m + 0.04)
    walls, floors = len(WALLS), len(FLOORS)
    trim = WALLS[(scene.wall_tint + 3 + scene.backdrop % 3) % walls] * np.float32(style.second_dark)
    floor = FLOORS[scene.ground_tint % floors]
    second = FLOORS[(scene.ground_tint + 2 + scene.backdrop % 5) % floors]
    second = second * np.float32(0.45 if floor.sum() > second.sum() else 1.6)
    return Room(view, style, depth_m, left_m, right_m, height_m, WALLS[scene.wall_tint % walls], trim, floor, second)


def paint_room(view: View, style: Style) -> None:
    """Paint floor, ceiling, back wall, side walls, then what is fixed to them."""
    room = open_room(view, style)
    _paint_floor(room)
    _paint_ceiling(room)
    _paint_back(room)
    for sign in (-1.0, 1.0):
        _paint_side(room, sign)
    if style.furnish is not None:
        style.furnish(room)


def corner(distance_m: np.ndarray) -> np.ndarray:
    """Shade near an inner edge: 1 far from it."""
    return 1.0 - 0.42 * np.exp(-np.maximum(distance_m, 0.0) / np.float32(_CORNER_M))


def _paint_floor(room: Room) -> None:
    view = room.view
    first = room.box[1]
    if first >= view.rows:
        return
    x, z = view.ground(first)
    foot = z * view.pixel
    surface = Surface(x, z, foot, foot * z / view.camera.height_m, room.floor, room.floor_second, room.seed)
    nearness = 0.6 * corner(room.depth_m - z) * corner(x - room.left_m) * corner(room.right_m - x)
    if view.light.dark:
        nearness = nearness * 1.35 * np.exp(-0.07 * (x * x + (z - 0.6 * room.depth_m) ** 2))
    else:
        nearness = nearness + _window_patch(room, x, z)
    view.lay(np.ones_like(x), room.style.floor(surface) * room.lamp_light(nearness), "floor", first)


def _window_patch(room: Room, x: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Two slanted patches of daylight on the floor, on the side that the light comes from."""
    slant = 1.0 if room.view.scene.light_from > 0 else -1.0
    across = slant * x + 0.55 * (z - 0.62 * room.depth_m)
    patch = np.zeros_like(x)
    for start in (0.1, 0.75):
        patch += smoothstep(start, start + 0.1, across) * smoothstep(start + 0.55, start + 0.45, across)
    low, high = 0.45 * room.depth_m, 0.8 * room.depth_m
    return (
        0.55 * abs(room.view.scene.light_from) * patch * smoothstep(low, low + 0.2, z) * smoothstep(high, high - 0.2, z)
    )


def _paint_ceiling(room: Room) -> None:
    view = room.view
    last = room.box[0]
    if last <= 0:
        return
    z = (room.height_m - view.camera.height_m) / np.maximum(-view.down[:last], 1e-3)
    x = view.right * z
    foot = z * view.pixel
    pale = 0.55 * room.wall + np.float32(0.36)
    surface = Surface(x, z, foot, foot * z / (room.height_m - view.camera.height_m), pale, 0.3 * pale, room.seed + 5)
    nearness = 0.42 * corner(room.depth_m - z) * corner(x - room.left_m) * corner(room.right_m - x)
    view.lay(np.ones_like(x), room.style.ceiling(surface) * room.lamp_light(nearness), "ceiling", 0)


def _paint_back(room: Room) -> None:
    view = room.view
    top, bottom, low, high = room.box
    if bottom <= top or high <= low:
        return
    x, t = back_wall(room)
    foot = np.full((1, 1), room.depth_m * view.pixel, dtype=np.float32)
    surface = Surface(x, t, foot, foot, room.wall, room.trim, room.seed + 2)
    albedo = room.style.wall(surface)
    if room.style.skirting:
        board = np.clip((_SKIRTING_M - t) / foot + 0.5, 0.0, 1.0)
        albedo = albedo + (0.35 * room.trim + 0.25 * room.wall + 0.05 - albedo) * board[..., None]
    side = room.view.scene.light_from
    nearness = (0.62 + 0.2 * side * x) * corner(t) * corner(room.height_m - t)
    nearness = nearness * corner(x - room.left_m) * corner(room.right_m - x)
    view.colour[top:bottom, low:high] = albedo * room.lamp_light(nearness)
    view.labels[top:bottom, low:high] = LABELS[room.style.wall_label]


def back_wall(room: Room) -> tuple[Float[np.ndarray, "1 n"], Float[np.ndarray, "m 1"]]:
    """Metres to the right, and above the floor, of the back wall's columns and rows."""
    top, bottom, low, high = room.box
    return room.view.right[:, low:high] * room.depth_m, room.view.camera.height_m - room.view.down[
        top:bottom
    ] * room.depth_m


def _paint_side(room: Room, sign: float) -> None:
    view = room.view
    low, high = room.box[2:]
    cols = slice(0, low) if sign < 0 else slice(high, view.cols)
    away_m = -room.left_m if sign < 0 else room.right_m
    if cols.start >= cols.stop:
        return
    z = away_m / np.maximum(sign * view.right[:, cols], 1e-3)
    t = view.camera.height_m - view.down * z
    foot_t = z * view.pixel
    surface = Surface(z, t, foot_t * z / away_m, foot_t, room.wall, room.trim, room.seed + 3)
    albedo = (room.style.side or room.style.wall)(surface)
    if room.style.skirting:
        board = np.clip((_SKIRTING_M - t) / foot_t + 0.5, 0.0, 1.0)
        albedo = albedo + (0.35 * room.trim + 0.25 * room.wall + 0.05 - albedo) * board[..., None]
    facing = 0.6 - 0.38 * sign * view.scene.light_from
    nearness = facing * corner(t) * corner(room.height_m - t) * corner(room.depth_m - z)
    share = np.clip(t / foot_t + 0.5, 0.0, 1.0) * np.clip((room.height_m - t) / foot_t + 0.5, 0.0, 1.0)
    region = view.colour[:, cols]
    region += (albedo * room.lamp_light(nearness) - region) * share[..., None]
    view.labels[:, cols][share > 0.5] = LABELS[room.style.wall_label]
