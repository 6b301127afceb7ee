"""What ties a thing to its place: contact shade, cast shadow, the shadow on a wall, the reflection in water."""

from functools import lru_cache

import numpy as np
from jaxtyping import Float
from PIL import Image

from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.kinds import KINDS, Place
from xmodal.data.world.layout import Placement, Window, cover, sample, window
from xmodal.data.world.light import Light
from xmodal.data.world.scene import Scene, Thing
from xmodal.data.world.sprite import Sprite
from xmodal.data.world.symbol import raster_for

Picture = Float[np.ndarray, "rows cols 3"]

WATER_BACKDROPS = frozenset({"sea_sand", "sea_quay", "lake_hills"})
"""Backdrops in which things of the water float and are mirrored."""
_SOFT_PX = 64
"""Largest symbol raster that a shadow uses: it is blurred anyway."""
_NO_SHADOW = frozenset({"fire"})


def ground_shadow(picture: Picture, scene: Scene, thing: Thing, box: Placement, light: Light, left: float) -> None:
    """Darken what lies under and behind a thing, before it is painted (in place)."""
    place = KINDS[thing.kind].place
    indoors = CATEGORIES[scene.category].indoors
    if thing.kind in _NO_SHADOW or (place is Place.SKY and thing.lift_m > 0) or floats(scene, thing):
        return
    if indoors and scene.depth_m - thing.distance_m < 1.3:
        _wall_shadow(picture, scene, thing, box, left)
    if place is Place.WALL:
        return
    _contact(picture, scene, thing, box, left)
    strength = float(light.key[1] * -light.toward[1] / light.ground[1])
    if thing.lift_m == 0.0 and not indoors and strength > 0.1:
        _cast(picture, scene, thing, box, (light, left))


def floats(scene: Scene, thing: Thing) -> bool:
    """Whether it lies in water."""
    on_water = CATEGORIES[scene.category].backdrop in WATER_BACKDROPS
    return on_water and KINDS[thing.kind].place is Place.WATER and thing.distance_m > scene.depth_m


@lru_cache(maxsize=1)
def _blob() -> Image.Image:
    """A soft disc."""
    axis = np.linspace(-1, 1, 33)
    radius = np.hypot(axis[:, None], axis[None, :])
    return Image.fromarray((255 * np.clip(1.0 - radius, 0, 1) ** 1.3).astype(np.uint8))


def _contact(picture: Picture, scene: Scene, thing: Thing, box: Placement, left: float) -> None:
    """The dark line where it touches what carries it."""
    depth = scene.camera.extent(0.55 * box.width * thing.distance_m / scene.camera.focal, thing.distance_m)
    flat = max(0.010, depth * max(0.12, scene.camera.height_m - thing.lift_m) / thing.distance_m)
    wide = 1.16 * box.width
    blob = Placement(box.left + 0.5 * (box.width - wide), box.bottom - 0.55 * flat, wide, flat)
    part = _seen(blob, picture, left)
    if part is not None:
        _darken(picture, part, sample(_blob(), part, mirrored=False), 0.62)


def _seen(box: Placement, picture: Picture, left: float) -> Window | None:
    return window(box, picture.shape[0], picture.shape[1], left=left)


def _darken(picture: Picture, part: Window, share: np.ndarray, strength: float) -> None:
    region = picture[part.rows, part.cols]
    region *= 1.0 - share.astype(np.float32)[..., None] * np.float32(strength / 255)


def _wall_shadow(picture: Picture, scene: Scene, thing: Thing, box: Placement, left: float) -> None:
    """A soft, shifted copy on the wall behind it."""
    gap_m = scene.depth_m - thing.distance_m
    shift = scene.camera.extent(0.06 + 0.22 * gap_m, scene.depth_m)
    grown = 1.04
    wide, tall = box.width * grown, box.height * grown
    moved = Placement(
        box.left - shift * scene.light_from - 0.5 * (wide - box.width), box.top + 0.35 * shift, wide, tall
    )
    part = _seen(moved, picture, left)
    if part is not None:
        share = cover(thing, moved, part, min(picture.shape[0], int(24 / max(0.05, moved.height))))
        _darken(picture, part, share, 0.38 * max(0.0, 1.0 - gap_m / 1.3))


def _cast(picture: Picture, scene: Scene, thing: Thing, box: Placement, view: tuple[Light, float]) -> None:
    """The slanted shadow on level ground of an upright board, to first order in its length."""
    light, left = view
    rows = picture.shape[0]
    along = float(light.toward[0] / light.toward[1])
    away = float(light.toward[2] / -light.toward[1]) * scene.camera.height_m / thing.distance_m
    if away * box.height * rows < 0.7:
        return
    reach = along * box.height
    start = min(box.left, box.left + reach)
    flat = Placement(start, box.bottom - away * box.height, box.width + abs(reach), away * box.height)
    part = _seen(flat, picture, left)
    if part is None:
        return
    alpha = raster_for(thing.kind, thing.variant, min(_SOFT_PX, rows * box.height)).alpha
    wide, tall = alpha.width / (box.width * rows), alpha.height / (away * box.height * rows)
    if thing.mirrored:
        alpha = alpha.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    # picture pixel (col, row) of the window -> raster pixel
    foot_row, left_col = box.bottom * rows - part.rows.start, (box.left - left) * rows - part.cols.start
    slant = along / away
    across = (wide, wide * slant, -wide * (left_col + slant * foot_row))
    upright = (0.0, tall, alpha.height - tall * foot_row)
    rows_cols = part.shape
    share = alpha.transform(
        (rows_cols[1], rows_cols[0]), Image.Transform.AFFINE, (*across, *upright), Image.Resampling.BILINEAR
    )
    strength = float(light.key[1] * -light.toward[1] / light.ground[1])
    _darken(picture, part, np.asarray(share), 0.85 * strength)


def reflect(picture: Picture, sprite: Sprite) -> None:
    """Mirror a floating thing in the water below it, dim and broken by ripples (in place)."""
    first = sprite.part.rows.stop
    count = min(sprite.alpha.shape[0], picture.shape[0] - first)
    if count <= 0:
        return
    fade = np.linspace(0.5, 0.0, count, dtype=np.float32)[:, None]
    ripple = 0.75 + 0.25 * np.sin(np.arange(count, dtype=np.float32) * 240.0 / picture.shape[0])[:, None]
    share = sprite.alpha[::-1][:count] * fade * ripple
    colour = sprite.colour[::-1][:count] * (fade * ripple)[..., None] * np.float32(0.75)
    region = picture[first : first + count, sprite.part.cols]
    region *= (1.0 - share)[..., None]
    region += colour
