"""Clip art: the scene as flat bright shapes with dark outlines, as drawn for a children's book."""

from functools import lru_cache

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image, ImageDraw

from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.kinds import COLOUR_RGB
from xmodal.data.world.layout import Placement, place, sample, window
from xmodal.data.world.outline import EDGE_MARGIN, edge_distance
from xmodal.data.world.scene import Scene, Thing
from xmodal.data.world.stage import stage
from xmodal.data.world.symbol import MATERIALS, raster_for, read_symbol
from xmodal.data.world.texture import cover
from xmodal.seeding import stream

_OUTLINE = (43, 43, 51)


def render_clip_art(scene: Scene, *, size_px: int) -> UInt8[np.ndarray, "rows cols 3"]:
    """Flat colours, saturated; the same drawing at every size."""
    generator = stream([scene.seed, scene.index], "clip_art")
    outline = 0.8 + 1.2 * generator.random() if generator.random() < 0.85 else 0.0
    backdrop = np.asarray(_background(scene, generator, size_px))
    picture = np.ascontiguousarray(backdrop.transpose(2, 0, 1), dtype=np.float32).transpose(1, 2, 0)
    for thing, box in zip(scene.things, place(scene), strict=True):
        _fill(picture, thing, box)
        if outline:
            _draw_outline(picture, thing, box, 0.0035 * outline * size_px)
    return np.ascontiguousarray(np.clip(picture + np.float32(0.5), 0, 255).astype(np.uint8))


def _fill(picture: Float[np.ndarray, "rows cols 3"], thing: Thing, box: Placement) -> None:
    """Lay the thing's flat colours over the picture."""
    part = window(box, picture.shape[0], picture.shape[1])
    if part is None:
        return
    raster = raster_for(thing.kind, thing.variant, picture.shape[0] * max(box.width, box.height))
    first = sample(raster.first, part, mirrored=thing.mirrored).transpose(2, 0, 1)
    last = sample(raster.last, part, mirrored=thing.mirrored).transpose(2, 0, 1)
    weights = np.concatenate([first[:3], last[:3]]).astype(np.float32)
    region = picture[part.rows, part.cols]
    region *= np.maximum(0.0, 1.0 - weights.sum(axis=0) * np.float32(1 / 255))[..., None]
    region += np.tensordot(_palette(thing.kind, thing.variant, thing.colour), weights, axes=(0, 0)).transpose(1, 2, 0)


def _draw_outline(picture: Float[np.ndarray, "rows cols 3"], thing: Thing, box: Placement, width_px: float) -> None:
    """Draw the edges of the thing's larger shapes with a pen of that width."""
    longer = max(box.width, box.height)
    rim = EDGE_MARGIN * longer
    wider = Placement(box.left - rim, box.top - rim, box.width + 2 * rim, box.height + 2 * rim)
    part = window(wider, picture.shape[0], picture.shape[1])
    if part is None:
        return
    longer_px = longer * picture.shape[0]
    field = edge_distance(thing.kind, thing.variant, longer_px)
    near = sample(field.image, part, mirrored=thing.mirrored).astype(np.float32)
    away = (255 - near) * np.float32(longer_px * field.unit)
    # how much of a pixel of width 1 a line of that width covers whose middle is that far from the pixel's
    half = np.float32(0.5 * width_px)
    share = np.minimum(away + half, 0.5) - np.maximum(away - half, -0.5)
    cover(picture[part.rows, part.cols], np.array(_OUTLINE, dtype=np.float32), np.maximum(share, 0.0))


@lru_cache(maxsize=1024)
def _palette(kind: str, variant: str, colour: str | None) -> Float[np.ndarray, "6 3"]:
    """The symbol's own colours, the main one by the thing's colour, all of them brightened; 1 = full."""
    palette = read_symbol(kind, variant).palette.copy()
    if colour is not None:
        palette[MATERIALS.index("main")] = np.array(COLOUR_RGB[colour]) / 255
    return np.stack([_vivid(rgb) for rgb in palette]).astype(np.float32)


def _vivid(rgb: Float[np.ndarray, "3"]) -> Float[np.ndarray, "3"]:
    grey = rgb.mean()
    return np.clip(grey + 1.35 * (rgb - grey) + 0.06, 0.0, 1.0)


_FAR = ("#bfe3ff", "#ffe9c7", "#e3d7ff", "#d5f2dd", "#ffd9dd", "#f3f3f3", "#c9d6ea", "#ffe08a")
_GROUND = ("#9ad17b", "#d9b98a", "#c9c9c9", "#e8d08c", "#b7a4d8", "#8fc7c0", "#e8a887", "#f4f4f4")
_MIDDLE = ("#6fa86a", "#b98b6a", "#8ea2c4", "#c7b37f", "#a58bc0", "#7fb3b0", "#c98f8f", "#a9a9a9")
_FEATURE = ("#7cc3ee", "#e9e4d2", "#b0d8c9", "#f2c879", "#98a9e0", "#d7e7f5", "#e2b7d0", "#cfcfcf")

_WATER = ("#7cc3ee", "#5aa9d6", "#8fd4d9", "#6f9fd8")


_FEATURES = {"middle": _MIDDLE, "water": _WATER, "feature": _FEATURE}


def _background(scene: Scene, generator: np.random.Generator, size_px: int) -> Image.Image:
    """Flat far, ground and middle shapes; colours come from shared tables, so they tell little about the category."""
    night = scene.daylight == "night" and not CATEGORIES[scene.category].indoors
    fills = {"far": "#34406e" if night else _FAR[scene.wall_tint], "ground": _GROUND[scene.ground_tint]}
    for role, colours in _FEATURES.items():
        fills[role] = colours[int(generator.integers(len(colours)))]
    sharp = 2 if size_px >= 256 else 3
    sheet_px = sharp * size_px
    sheet = Image.new("RGB", (sheet_px, sheet_px), "white")
    brush = ImageDraw.Draw(sheet, "RGBA")
    scenery = stage(scene)
    for role, points in scenery.flats:
        brush.polygon((points * sheet_px).ravel().tolist(), fill=fills[role])
    width_px = 0.0025 * sheet_px
    pen_px = max(1, round(width_px))
    # a line thinner than a pixel of the sheet is paler instead
    ink = (*_OUTLINE, round(255 * 0.35 * min(1.0, width_px / pen_px)))
    for points in scenery.lines:
        brush.line((points * sheet_px).ravel().tolist(), fill=ink, width=pen_px)
    return sheet.reduce(sharp)
