"""The drawn symbols as polygons: what pens and clip-art scissors follow."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float
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
