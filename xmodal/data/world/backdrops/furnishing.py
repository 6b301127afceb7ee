"""What is fixed inside a room: cupboards, pipes, rugs, lamps, beams. None of it is one of the world's kinds."""

import numpy as np
from jaxtyping import Float

from xmodal.data.world.backdrops.room import Room, back_wall
from xmodal.data.world.labels import LABELS
from xmodal.data.world.texture import cell_shade, cover, mix, smoothstep, stripes, tinted
from xmodal.data.world.tints import FLOORS, WALLS

Plane = Float[np.ndarray, "rows cols"]
_FRONT = 0.62
"""How near to the light upright fittings are."""


def _band(values: np.ndarray, low: float, high: float, foot: float) -> np.ndarray:
    """Share of a pixel between two limits (a box filter)."""
    return np.clip((values - low) / foot + 0.5, 0.0, 1.0) * np.clip((high - values) / foot + 0.5, 0.0, 1.0)


def _on_wall(room: Room, share: Plane, colour: np.ndarray, label: str | None = None) -> None:
    """Paint over the back wall; `share` and `colour` on its own pixels."""
    top, bottom, low, high = room.box
    region = room.view.colour[top:bottom, low:high]
    share = np.broadcast_to(share, region.shape[:2])
    cover(region, colour, share)
    if label is not None:
        room.view.labels[top:bottom, low:high][share > 0.5] = LABELS[label]


def _lit(room: Room, albedo: np.ndarray, nearness: float = _FRONT) -> np.ndarray:
    return albedo * (room.view.light.fill + np.float32(nearness) * room.view.light.key)


def _foot(room: Room) -> float:
    """Metres across one pixel on the back wall."""
    return room.depth_m * room.view.pixel


def cupboards(room: Room) -> None:
    """A kitchen's fitted row: cupboards above, worktop and drawers below, tiles between."""
    x, t = back_wall(room)
    if x.size == 0 or t.size == 0:
        return
    foot = _foot(room)
    wood = FLOORS[(room.view.scene.ground_tint + 3) % len(FLOORS)] * np.float32(1.2)
    gap = (room.seed % 100) / 100 * 1.2 - 1.2
    for low, high, width in ((1.55, 2.25, 0.5), (0.1, 0.86, 0.62)):
        inside = _band(t, low, high, foot) * (1.0 - (_band(x, gap, gap + 0.75, foot) if low > 1 else 0.0))
        door = stripes(x, period_m=width, width_m=0.03, foot_m=foot)
        frame = _band(t, low + 0.07, high - 0.07, foot) * (
            1.0 - stripes(x + 0.05, period_m=width, width_m=0.13, foot_m=foot)
        )
        shade = (0.95 - 0.18 * frame) * (1.0 - 0.7 * door)
        _on_wall(room, inside, _lit(room, tinted(wood, shade)), "cupboard")
        knob = _band(x % width, width - 0.12, width - 0.07, foot) * _band(t, low + 0.1, low + 0.26, foot)
        _on_wall(room, inside * knob, _lit(room, np.float32(0.75) + 0 * wood))
        shadow = _band(t, low - 0.22, low, foot) * (1.0 - (_band(x, gap, gap + 0.75, foot) if low > 1 else 0.0))
        _on_wall(room, 0.35 * shadow, np.zeros(3, dtype=np.float32))
    top = _band(t, 0.86, 0.92, foot) + 0 * x
    _on_wall(room, top, _lit(room, 0.5 * wood + np.float32(0.12), 0.9), "cupboard")


def pipes(room: Room) -> None:
    """Two pipes along the wall and three down it."""
    x, t = back_wall(room)
    if x.size == 0 or t.size == 0:
        return
    foot = _foot(room)
    metal = np.array([0.42, 0.36, 0.31], dtype=np.float32)
    for at, radius, level in ((-1.3, 0.05, False), (0.35, 0.035, False), (1.5, 0.05, False), (2.05, 0.06, True)):
        across = (t if level else x) - at
        shadow = _band(across, -radius - 0.08 * (1 if level else -1), radius, foot) + 0 * (x + t)
        _on_wall(room, 0.4 * np.clip(shadow, 0, 1), np.zeros(3, dtype=np.float32))
        bulge = np.sqrt(np.clip(1.0 - (across / radius) ** 2, 0.05, 1.0)) + 0 * (x + t)
        inside = _band(across, -radius, radius, foot) + 0 * (x + t)
        _on_wall(room, inside, _lit(room, tinted(metal, bulge), 0.9))


def shelf_and_tools(room: Room) -> None:
    """A workbench's shelf with a row of tins, and upright rails on the pegboard."""
    x, t = back_wall(room)
    if x.size == 0 or t.size == 0:
        return
    foot = _foot(room)
    tins = _band(t, 1.62, 1.8, foot) * (1.0 - stripes(x, period_m=0.19, width_m=0.06, foot_m=foot))
    tone = 0.5 + 0.35 * cell_shade(x / 0.19, np.zeros_like(t), foot=foot / 0.19, seed=room.seed)
    _on_wall(room, tins, _lit(room, tinted(WALLS[(room.seed + 1) % len(WALLS)], tone)))
    wood = FLOORS[(room.view.scene.ground_tint + 1) % len(FLOORS)]
    _on_wall(room, 0.5 * _band(t, 1.42, 1.56, foot) + 0 * x, np.zeros(3, dtype=np.float32))
    _on_wall(room, _band(t, 1.55, 1.62, foot) + 0 * x, _lit(room, wood, 0.9))
    _on_wall(room, _band(t, 0.82, 0.92, foot) + 0 * x, _lit(room, wood, 0.9))


def pinned_sheets(room: Room) -> None:
    """Rows of drawings pinned to a classroom's wall."""
    x, t = back_wall(room)
    if x.size == 0 or t.size == 0:
        return
    foot = _foot(room)
    for low, period, size in ((2.0, 0.42, 0.3), (1.55, 0.42, 0.3)):
        shift = 0.1 * float(np.sin(low * 9 + room.seed))
        sheet = _band((x + shift) % period, 0.06, 0.06 + size, foot) * _band(t, low, low + 0.36, foot)
        tone = 0.62 + 0.3 * cell_shade((x + shift) / period, low + 0 * t, foot=foot / period, seed=room.seed)
        _on_wall(room, sheet, _lit(room, tinted(np.ones(3, dtype=np.float32), tone)))
        writing = stripes(t, period_m=0.09, width_m=0.03, foot_m=foot) * _band(t, low + 0.05, low + 0.32, foot)
        inner = _band((x + shift) % period, 0.11, 0.01 + size, foot)
        _on_wall(room, 0.55 * writing * inner, _lit(room, room.trim * np.float32(0.5)))


def bunting(room: Room) -> None:
    """A string of little flags under the ceiling."""
    x, t = back_wall(room)
    if x.size == 0 or t.size == 0:
        return
    foot, width = _foot(room), 0.26
    sag = 2.12 + 0.12 * (x / 1.3) ** 2
    along = x % width / width
    depth = 0.26 * (1.0 - np.abs(2.0 * along - 1.0))
    flag = np.clip((sag - t) / foot + 0.5, 0, 1) * np.clip((t - sag + depth) / foot + 0.5, 0, 1)
    order = np.floor(x[0] / width).astype(int) + room.seed
    colours = WALLS[(order * 3) % len(WALLS)][None] * np.float32(0.9)
    _on_wall(room, flag, _lit(room, colours, 0.8))


def stage_front(room: Room) -> None:
    """A valance over the curtain: scallops along its lower edge."""
    x, t = back_wall(room)
    if x.size == 0 or t.size == 0:
        return
    foot = _foot(room)
    edge = room.height_m - 0.42 - 0.10 * np.abs(np.sin(np.pi * x / 0.62))
    share = np.clip((t - edge) / foot + 0.5, 0.0, 1.0)
    fold = 0.7 + 0.25 * np.cos(2 * np.pi * x / 0.155) * np.clip(1.3 - foot / 0.08, 0, 1) + 0 * t
    _on_wall(room, share, _lit(room, tinted(room.wall * np.float32(0.75), fold)), "curtain")
    hem = np.clip((0.03 - np.abs(t - edge)) / foot + 0.5, 0.0, 1.0)
    _on_wall(room, hem, _lit(room, np.array([0.62, 0.5, 0.24], dtype=np.float32)))


def light_panels(room: Room) -> None:
    """Luminous squares in an office's ceiling."""
    view = room.view
    last = room.box[0]
    z = (room.height_m - view.camera.height_m) / np.maximum(-view.down[:last], 1e-3)
    x = view.right * z
    foot_s, foot_t = z * view.pixel, z * z * view.pixel / (room.height_m - view.camera.height_m)
    share = stripes(x + 0.3, period_m=1.8, width_m=0.6, foot_m=foot_s) * stripes(
        z, period_m=1.8, width_m=1.2, foot_m=foot_t
    )
    view.colour[:last] += (np.float32(1.25) - view.colour[:last]) * share[..., None]


def beams(room: Room) -> None:
    """Dark beams across the ceiling, towards the back wall."""
    view = room.view
    last = room.box[0]
    z = (room.height_m - view.camera.height_m) / np.maximum(-view.down[:last], 1e-3)
    foot = z * z * view.pixel / (room.height_m - view.camera.height_m)
    share = stripes(z, period_m=1.1, width_m=0.32, foot_m=foot) + 0 * view.right
    region = view.colour[:last]
    region += (_lit(room, 0.35 * room.floor, 0.5) - region) * share[..., None]


def hanging_lamps(room: Room) -> None:
    """Three shaded lamps on long wires before the back wall, each with a pool of warm light on the bricks."""
    x, t = back_wall(room)
    if x.size == 0 or t.size == 0:
        return
    foot = _foot(room)
    warm = np.array([1.5, 1.1, 0.6], dtype=np.float32)
    top, bottom, low, high = room.box
    for at in (-1.25, 0.0, 1.25):
        wire = _band(x, at - 0.012, at + 0.012, foot) * np.clip((t - 2.15) / foot + 0.5, 0, 1)
        _on_wall(room, wire, np.full(3, 0.02, dtype=np.float32))
        reach = 0.05 + 0.45 * (2.18 - t)
        shade = np.clip((reach - np.abs(x - at)) / foot + 0.5, 0, 1) * _band(t, 1.96, 2.18, foot)
        _on_wall(room, shade, _lit(room, room.trim * np.float32(0.5)))
        bulb = np.clip((0.06 - np.hypot(x - at, t - 1.95)) / foot + 0.5, 0, 1)
        _on_wall(room, bulb, 1.5 * warm)
        pool = np.exp(-((x - at) ** 2 + 0.6 * (t - 1.7) ** 2) / 0.22)
        room.view.colour[top:bottom, low:high] *= 1.0 + tinted(warm, 0.4 * pool)


def rug(room: Room, *, round_m: float, rings: int) -> None:
    """A rug on the floor: round with rings (`round_m` its radius), or oblong with a border if `round_m` is 0."""
    view = room.view
    first = room.box[1]
    x, z = view.ground(first)
    foot = np.sqrt(z * view.pixel * z * z * view.pixel / view.camera.height_m)
    centre = 0.62 * room.depth_m
    if round_m > 0:
        radius = np.hypot(x, z - centre) / round_m
        share = np.clip((1.0 - radius) * round_m / foot + 0.5, 0.0, 1.0)
    else:
        radius = np.maximum(np.abs(x) / 1.5, np.abs(z - centre) / 0.95)
        share = np.clip((1.0 - radius) / foot + 0.5, 0.0, 1.0)
    band = stripes(radius, period_m=2.0 / rings, width_m=1.0 / rings, foot_m=foot)
    pile = 0.9 + 0.2 * smoothstep(-1, 1, np.sin(40 * radius))
    one, two = WALLS[(room.seed + 2) % len(WALLS)], WALLS[(room.seed + 5) % len(WALLS)] * np.float32(0.45)
    albedo = mix(one, two, band) * pile[..., None]
    view.lay(share, albedo * room.lamp_light(np.full_like(x, 0.7)), "rug", first)
