"""Clip art: the scene as flat bright shapes with dark outlines, as drawn for a children's book."""

import io
from functools import lru_cache

import numpy as np
import resvg_py
from jaxtyping import Float, UInt8
from PIL import Image

from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.kinds import COLOUR_RGB
from xmodal.data.world.layout import Placement, place
from xmodal.data.world.scene import Scene, Thing
from xmodal.data.world.stage import stage
from xmodal.data.world.symbol import MATERIALS, read_symbol
from xmodal.seeding import stream

_OUTLINE = "#2b2b33"
_OUTLINED = ("main", "second", "third")
"""Materials whose shapes get an outline; small bright and dark details do without (strokes are half of the cost)."""


def render_clip_art(scene: Scene, *, size_px: int) -> UInt8[np.ndarray, "rows cols 3"]:
    """Flat colours, saturated; the same drawing at every size."""
    generator = stream([scene.seed, scene.index], "clip_art")
    outline = 0.8 + 1.2 * generator.random() if generator.random() < 0.85 else 0.0
    parts = [_background(scene, generator)]
    parts += [_thing(thing, box, outline) for thing, box in zip(scene.things, place(scene), strict=True)]
    document = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000">{"".join(parts)}</svg>'
    content = resvg_py.svg_to_bytes(
        svg_string=document, width=size_px, height=size_px, background="#ffffff", skip_system_fonts=True
    )
    return np.asarray(Image.open(io.BytesIO(bytes(content))).convert("RGB"))


def _thing(thing: Thing, box: Placement, outline: float) -> str:
    symbol = read_symbol(thing.kind, thing.variant)
    wide = 100.0 * min(1.0, symbol.aspect)
    scale = 1000.0 * box.width / wide
    flip = f"translate({wide} 0) scale(-1 1)" if thing.mirrored else ""
    move = f"translate({1000 * box.left:.2f} {1000 * box.top:.2f}) scale({scale:.4f}) {flip}"
    pen = f'stroke="{_OUTLINE}" stroke-linejoin="round" stroke-width="{3.5 * outline / scale:.3f}"'
    return f'<g transform="{move}" {pen if outline else ""}>{_painted(thing.kind, thing.variant, thing.colour)}</g>'


@lru_cache(maxsize=1024)
def _painted(kind: str, variant: str, colour: str | None) -> str:
    """The symbol's shapes in its own colours, the main one by the thing's colour, all of them brightened.

    Fills are written into the shapes: a style sheet costs twice the time.
    """
    symbol = read_symbol(kind, variant)
    start = symbol.shapes.index(">", symbol.shapes.index("<svg")) + 1
    inner = symbol.shapes[start : symbol.shapes.rindex("</svg>")]
    palette = symbol.palette.copy()
    if colour is not None:
        palette[MATERIALS.index("main")] = np.array(COLOUR_RGB[colour]) / 255
    for name, rgb in zip(MATERIALS, palette, strict=True):
        line = "" if name in _OUTLINED else ' stroke="none"'
        inner = inner.replace(f'class="{name}"', f'fill="{_hex(_vivid(rgb))}"{line}')
    return inner


def _vivid(rgb: Float[np.ndarray, "3"]) -> Float[np.ndarray, "3"]:
    grey = rgb.mean()
    return np.clip(grey + 1.35 * (rgb - grey) + 0.06, 0.0, 1.0)


def _hex(rgb: Float[np.ndarray, "3"]) -> str:
    return "#" + "".join(f"{round(255 * float(value)):02x}" for value in rgb)


_FAR = ("#bfe3ff", "#ffe9c7", "#e3d7ff", "#d5f2dd", "#ffd9dd", "#f3f3f3", "#c9d6ea", "#ffe08a")
_GROUND = ("#9ad17b", "#d9b98a", "#c9c9c9", "#e8d08c", "#b7a4d8", "#8fc7c0", "#e8a887", "#f4f4f4")
_MIDDLE = ("#6fa86a", "#b98b6a", "#8ea2c4", "#c7b37f", "#a58bc0", "#7fb3b0", "#c98f8f", "#a9a9a9")
_FEATURE = ("#7cc3ee", "#e9e4d2", "#b0d8c9", "#f2c879", "#98a9e0", "#d7e7f5", "#e2b7d0", "#cfcfcf")

_WATER = ("#7cc3ee", "#5aa9d6", "#8fd4d9", "#6f9fd8")


def _background(scene: Scene, generator: np.random.Generator) -> str:
    """Flat far, ground and middle shapes; colours come from shared tables, so they tell little about the category."""
    night = scene.daylight == "night" and not CATEGORIES[scene.category].indoors
    fills = {
        "far": "#34406e" if night else _FAR[scene.wall_tint],
        "ground": _GROUND[scene.ground_tint],
        "middle": _MIDDLE[int(generator.integers(len(_MIDDLE)))],
        "water": _WATER[int(generator.integers(len(_WATER)))],
        "feature": _FEATURE[int(generator.integers(len(_FEATURE)))],
    }
    scenery = stage(scene)
    shapes = [f'<polygon points="{_points(points)}" fill="{fills[role]}"/>' for role, points in scenery.flats]
    pen = f'fill="none" stroke="{_OUTLINE}" stroke-opacity="0.35" stroke-width="2.5"'
    lines = [f'<polyline points="{_points(points)}" {pen}/>' for points in scenery.lines]
    return f'<g style="stroke-width:0">{"".join(shapes)}</g>{"".join(lines)}'


def _points(points: Float[np.ndarray, "points 2"]) -> str:
    return " ".join(f"{1000 * x:.1f},{1000 * y:.1f}" for x, y in points)
