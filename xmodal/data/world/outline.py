"""The drawn symbols as polygons: what pens and clip-art scissors follow."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw
from scipy import ndimage
from svgelements import SVG, Close, Line, Move, Path, Shape

from xmodal.data.world.symbol import SYMBOL_FOLDER, read_symbol

_WHERE = np.arange(1, 6) / 5
"""Where on a curve segment its points lie, 1 = its end."""


@dataclass(frozen=True)
class Outline:
    """One closed shape of a symbol."""

    material: str
    """One of `symbol.MATERIALS`."""
    points: Float[np.ndarray, "points 2"]
    """x and y in fractions of the symbol's box, y downwards."""
    area: float
    """Share of the box that it covers."""


@lru_cache(maxsize=256)
def outlines(kind: str, variant: str) -> tuple[Outline, ...]:
    """Every closed shape of a symbol, in painter's order."""
    symbol = read_symbol(kind, variant)
    scale = np.array([max(1.0, 1.0 / symbol.aspect), max(1.0, symbol.aspect)]) / 100.0
    found: list[Outline] = []
    for element in SVG.parse(SYMBOL_FOLDER / f"{kind}_{variant}.svg", reify=True).elements():
        if isinstance(element, Shape):
            material = str((element.values or {}).get("class", "dark"))
            for part in Path(element).as_subpaths():
                points = _points(Path(part)) * scale
                if len(points) >= 3:
                    found.append(Outline(material, points, _area(points)))
    return tuple(found)


@dataclass(frozen=True)
class EdgeDistance:
    """How far each point of a symbol lies from the nearest edge of one of its larger shapes."""

    image: Image.Image
    """L; 255 on an edge, less with each unit away from it, so that 0 (and whatever lies outside) is far from all edges.

    Wider than the symbol's box by `EDGE_MARGIN` of its longer side all round.
    """
    unit: float
    """What one level means, in lengths of the symbol's longer side."""


EDGE_MARGIN = 0.04
"""How far beyond the symbol's box its edge distances reach, in lengths of its longer side."""
_SMALL_PX = 160
"""Up to this longer side the small images serve; beyond it a large one, which costs ten times as much to make."""
_EDGED = ("main", "second", "third")
"""Materials whose shapes have an edge; small bright and dark details do without."""


def edge_distance(kind: str, variant: str, wanted_px: float) -> EdgeDistance:
    """The smallest kept image in which the symbol's longer side has that many pixels (or the largest there is)."""
    if wanted_px > _SMALL_PX:
        return _large_edges(kind, variant)
    return _small_edges(kind, variant)[int(np.clip(np.floor(np.log2(_SMALL_PX / max(1.0, wanted_px))), 0, 2))]


@lru_cache(maxsize=256)
def _small_edges(kind: str, variant: str) -> tuple[EdgeDistance, ...]:
    return tuple(_edges(kind, variant, _SMALL_PX // 2**step, 2 ** (step + 1), 0.12) for step in range(3))


@lru_cache(maxsize=96)
def _large_edges(kind: str, variant: str) -> EdgeDistance:
    return _edges(kind, variant, 480, 2, 0.03)


def _edges(kind: str, variant: str, longer_px: int, finer: int, reach: float) -> EdgeDistance:
    """Distances up to `reach`, measured on a grid that is finer than the image so that slanting edges are smooth."""
    pixels = _distance_px(kind, variant, longer_px * finer)
    levels = np.clip(255 - pixels * (255 / (reach * longer_px * finer)), 0, 255).astype(np.uint8)
    return EdgeDistance(Image.fromarray(levels).reduce(finer), reach / 255)


@lru_cache(maxsize=1)
def _distance_px(kind: str, variant: str, longer_px: int) -> Float[np.ndarray, "rows cols"]:
    """Pixels to the nearest edge; the next size of the same symbol finds it kept."""
    aspect = read_symbol(kind, variant).aspect
    size = np.array([min(1.0, aspect), min(1.0, 1.0 / aspect)])
    cols, rows = (_whole(side) for side in (size + 2 * EDGE_MARGIN) * longer_px)
    stretch = np.array([cols, rows]) / (size + 2 * EDGE_MARGIN)
    found = outlines(kind, variant)
    on_top = Image.new("I", (cols, rows), 0)
    brush = ImageDraw.Draw(on_top)
    for number, shape in enumerate(found, start=1):
        brush.polygon(((shape.points * size + EDGE_MARGIN) * stretch).ravel().tolist(), fill=number)
    edged = np.array([False, *(shape.material in _EDGED for shape in found)])
    numbers = np.asarray(on_top)
    inside = np.ones((rows, cols), dtype=bool)
    # the edge between two shapes belongs to the upper one
    across = (numbers[:, 1:] != numbers[:, :-1]) & edged[np.maximum(numbers[:, 1:], numbers[:, :-1])]
    down = (numbers[1:] != numbers[:-1]) & edged[np.maximum(numbers[1:], numbers[:-1])]
    inside[:, 1:][across] = False
    inside[1:][down] = False
    return np.asarray(ndimage.distance_transform_edt(inside), dtype=np.float64)


def _whole(side_px: float) -> int:
    """A side that all the reductions divide without a rest."""
    return 8 * int(np.ceil(side_px / 8))


def _points(path: Path) -> Float[np.ndarray, "points 2"]:
    """Corners of the lines and points on the curves, as x + iy and then as rows."""
    points: list[complex] = []
    for segment in path:
        if isinstance(segment, Move | Line | Close):
            if segment.end is not None:
                points.append(complex(segment.end))
        else:
            points.extend(complex(x, y) for x, y in np.asarray(segment.npoint(_WHERE)))
    return np.stack([np.real(points), np.imag(points)], axis=1)


def _area(points: Float[np.ndarray, "points 2"]) -> float:
    x, y = points[:, 0], points[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)
