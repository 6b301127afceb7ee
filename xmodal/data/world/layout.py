"""Where each thing of a scene lies in the picture: every renderer of pictures takes its geometry from here."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, UInt8
from PIL import Image

from xmodal.data.world.kinds import KINDS
from xmodal.data.world.scene import Scene, Thing
from xmodal.data.world.symbol import raster_for, read_symbol

_COARSE_PX = 96
"""Picture size at which `visible_fraction` counts pixels."""


@dataclass(frozen=True)
class Placement:
    """The upright box that a thing's symbol fills, in fractions of the (square) picture; may lie partly outside it."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Bottom edge: the row of its foot."""
        return self.top + self.height


@dataclass(frozen=True)
class Window:
    """The pixels of a picture that a placement touches, and the box of the symbol's raster that they show."""

    rows: slice
    cols: slice
    source: tuple[float, float, float, float]
    """Left, top, right, bottom in fractions of the raster; may go beyond [0, 1]."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows.stop - self.rows.start, self.cols.stop - self.cols.start


def place_thing(scene: Scene, thing: Thing) -> Placement:
    """The box of one thing: pinhole perspective, proportions of its symbol."""
    height = scene.camera.extent(KINDS[thing.kind].height_m * thing.size, thing.distance_m)
    width = height * read_symbol(thing.kind, thing.variant).aspect
    foot = scene.camera.row(thing.distance_m, thing.lift_m)
    return Placement(thing.x - width / 2, foot - height, width, height)


def place(scene: Scene) -> tuple[Placement, ...]:
    """The box of each of `scene.things`, in their order (far to near)."""
    return tuple(place_thing(scene, thing) for thing in scene.things)


def window(placement: Placement, rows: int, cols: int, *, left: float = 0.0) -> Window | None:
    """The part of a picture that shows this box; None if it lies outside.

    The picture is `rows` pixels high, a pixel is square, and its left edge lies at the fraction `left`.
    """
    x0, x1 = (placement.left - left) * rows, (placement.right - left) * rows
    y0, y1 = placement.top * rows, placement.bottom * rows
    col0, col1 = max(0, int(np.floor(x0))), min(cols, int(np.ceil(x1)))
    row0, row1 = max(0, int(np.floor(y0))), min(rows, int(np.ceil(y1)))
    if col0 >= col1 or row0 >= row1:
        return None
    wide, tall = x1 - x0, y1 - y0
    source = ((col0 - x0) / wide, (row0 - y0) / tall, (col1 - x0) / wide, (row1 - y0) / tall)
    return Window(slice(row0, row1), slice(col0, col1), source)


def sample(image: Image.Image, part: Window, *, mirrored: bool) -> UInt8[np.ndarray, "rows cols ..."]:
    """Resize the part of a raster that a window shows; beyond the raster everything is 0."""
    cols, rows = image.size
    x0, y0, x1, y1 = part.source
    if mirrored:
        x0, x1 = 1.0 - x1, 1.0 - x0
    box = (x0 * cols, y0 * rows, x1 * cols, y1 * rows)
    col0, row0 = int(np.floor(box[0])), int(np.floor(box[1]))
    col1, row1 = int(np.ceil(box[2])), int(np.ceil(box[3]))
    if col0 < 0 or row0 < 0 or col1 > cols or row1 > rows:
        image = image.crop((col0, row0, col1, row1))
        box = (box[0] - col0, box[1] - row0, box[2] - col0, box[3] - row0)
    resized = np.asarray(image.resize((part.shape[1], part.shape[0]), Image.Resampling.BILINEAR, box=box))
    return resized[:, ::-1] if mirrored else resized


def cover(thing: Thing, placement: Placement, part: Window, rows: int) -> UInt8[np.ndarray, "rows cols"]:
    """How far a thing covers each pixel of its window, 255 = all of it."""
    raster = raster_for(thing.kind, thing.variant, rows * max(placement.width, placement.height))
    return sample(raster.alpha, part, mirrored=thing.mirrored)


def instance_map(scene: Scene, *, size_px: int) -> Int[np.ndarray, "rows cols"]:
    """1 + index into `scene.things` of the nearest thing that covers more than half of a pixel; 0 where none does."""
    instances = np.zeros((size_px, size_px), dtype=np.int16)
    for index, (thing, placement) in enumerate(zip(scene.things, place(scene), strict=True)):
        part = window(placement, size_px, size_px)
        if part is not None:
            inside = cover(thing, placement, part, size_px) > 127
            instances[part.rows, part.cols][inside] = 1 + index
    return instances


def visible_fraction(scene: Scene) -> tuple[float, ...]:
    """Share of each thing's silhouette that lies in the picture and behind no nearer thing, counted at 96 px.

    A thing too small to cover half of any pixel counts as 0.
    """
    seen = np.bincount(instance_map(scene, size_px=_COARSE_PX).ravel(), minlength=1 + len(scene.things))
    shares = []
    for index, (thing, placement) in enumerate(zip(scene.things, place(scene), strict=True)):
        whole = Placement(0.0, 0.0, placement.width, placement.height)
        wide, tall = placement.width * _COARSE_PX, placement.height * _COARSE_PX
        cols, rows = int(np.ceil(wide)), int(np.ceil(tall))
        part = Window(slice(0, rows), slice(0, cols), (0.0, 0.0, cols / wide, rows / tall))
        total = float((cover(thing, whole, part, _COARSE_PX) > 127).sum())
        shares.append(min(1.0, float(seen[1 + index]) / total) if total else 0.0)
    return tuple(shares)
