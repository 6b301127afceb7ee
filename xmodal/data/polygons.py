"""Instance outlines as COCO writes them (polygons, run-length codes) -> masks and label maps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from PIL import Image, ImageDraw

from xmodal.data.decode import MAX_PIXELS, MediaError
from xmodal.data.sample import LabelMap

_FINE = 4
"""Parts of a pixel's side that polygons are drawn with."""


@dataclass(frozen=True)
class Shape:
    """One annotated instance."""

    name: str
    """Name of its class."""
    class_id: int
    """From 1 on."""
    segmentation: Any
    """COCO: list of polygons `[x0, y0, x1, y1, ...]` in pixels, or `{"counts": list or text, "size": [rows, cols]}`."""


def label_map(shapes: Sequence[Shape], *, rows: int, cols: int) -> LabelMap:
    """Paint the shapes, largest first, so that small things on large ones stay visible.

    Raises:
        MediaError: a shape that is not an outline of this picture, or the picture is too large.
    """
    if not 0 < rows * cols <= MAX_PIXELS:
        raise MediaError(f"label map is {cols} x {rows} pixels")
    masks = [mask(shape.segmentation, rows=rows, cols=cols) for shape in shapes]
    labels = np.zeros((rows, cols), np.int32)
    instances = np.zeros((rows, cols), np.int32)
    for place in sorted(range(len(shapes)), key=lambda place: -int(masks[place].sum())):
        labels[masks[place]] = shapes[place].class_id
        instances[masks[place]] = place + 1
    names = {shape.class_id: shape.name for shape in shapes}
    return LabelMap(labels, names, instances, tuple(shape.name for shape in shapes))


def mask(segmentation: Any, *, rows: int, cols: int) -> Bool[np.ndarray, "rows cols"]:
    """The pixels of one segmentation.

    Raises:
        MediaError: neither polygons nor a run-length code of this size.
    """
    if isinstance(segmentation, dict):
        return _from_runs(segmentation, rows, cols)
    if not isinstance(segmentation, list):
        raise MediaError(f"segmentation is neither polygons nor runs: {str(segmentation)[:40]!r}")
    drawn = np.zeros((rows, cols), dtype=bool)
    for outline in segmentation:
        try:
            points = np.asarray(outline, dtype=np.float64).reshape(-1, 2)
        except (TypeError, ValueError) as error:
            raise MediaError(f"polygon is not a list of x, y pairs: {str(outline)[:40]!r}") from error
        if len(points) < 3 or not np.isfinite(points).all() or float(np.abs(points).max()) > 1e6:
            raise MediaError(f"polygon of {len(points)} points cannot be drawn")
        _fill(drawn, points)
    return drawn


def _fill(drawn: Bool[np.ndarray, "rows cols"], points: Float[np.ndarray, "points 2"]) -> None:
    """Set the pixels that lie in the polygon by half or more.

    Pillow paints every pixel that the outline touches; drawn `_FINE` times as large, that is too much by little.
    """
    left, top = np.maximum(np.floor(points.min(axis=0)), 0).astype(int)
    right, bottom = np.minimum(np.ceil(points.max(axis=0)), drawn.shape[::-1]).astype(int)
    if right <= left or bottom <= top:
        return
    plane = Image.new("1", ((right - left) * _FINE, (bottom - top) * _FINE))
    # COCO's coordinates are pixel edges, Pillow's are pixel centres
    corners = (points - (left, top)) * _FINE - 0.5
    ImageDraw.Draw(plane).polygon([(float(x), float(y)) for x, y in corners], fill=1)
    covered = np.asarray(plane).reshape(bottom - top, _FINE, right - left, _FINE).sum(axis=(1, 3), dtype=np.int32)
    drawn[top:bottom, left:right] |= 2 * covered >= _FINE**2


def _from_runs(segmentation: dict[str, Any], rows: int, cols: int) -> Bool[np.ndarray, "rows cols"]:
    size, counts = segmentation.get("size"), segmentation.get("counts")
    if size != [rows, cols]:
        raise MediaError(f"run-length code is for {size} pixels, the picture has {[rows, cols]}")
    runs = _decoded(counts) if isinstance(counts, str) else counts
    if not isinstance(runs, list) or not all(isinstance(run, int) and run >= 0 for run in runs):
        raise MediaError("run-length code is not a list of counts")
    if sum(runs) != rows * cols:
        raise MediaError(f"run-length code covers {sum(runs)} of {rows * cols} pixels")
    values = np.arange(len(runs)) % 2 == 1
    return np.repeat(values, runs).reshape(cols, rows).T


def _decoded(text: str) -> list[int]:
    """COCO's compressed text: 5 bits a sign from 48 on, bit 5: more follows, bit 4: negative; from the third count on

    the difference to the count two before is written.
    """
    runs: list[int] = []
    value = shift = 0
    for sign in text:
        bits = ord(sign) - 48
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits & 0x20:
            continue
        if bits & 0x10:
            value -= 1 << shift
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
        value = shift = 0
    return runs
