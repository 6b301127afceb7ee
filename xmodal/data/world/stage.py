"""The backdrop as a few lines and flat shapes: what a pen or a pair of scissors keeps of a kitchen or a harbour.

Points are (x, y) in fractions of the picture, y downwards. The structure depends on the category alone, its details on
`Scene.backdrop`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from jaxtyping import Float

from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.scene import Scene
from xmodal.seeding import stream

Points = Float[np.ndarray, "_ 2"]


@dataclass(frozen=True)
class Stage:
    """Flat shapes (role, polygon) in painter's order, and lines over them."""

    flats: tuple[tuple[str, Points], ...]
    """Roles: `far` (wall or sky), `ground`, `middle` (hills, houses, hedges), `water`, `feature` (rails, boards)."""
    lines: tuple[Points, ...] = field(default=())


def stage(scene: Scene) -> Stage:
    """The backdrop of a scene."""
    generator = stream([scene.backdrop], "stage")
    name = CATEGORIES[scene.category].backdrop
    edge = scene.camera.row(scene.depth_m)
    base = (("far", _box(0, 0, 1, edge)), ("ground", _box(0, edge, 1, 1)))
    middle = _MIDDLE.get(name)
    flats, lines = middle(generator, edge, scene) if middle else ([], [])
    if CATEGORIES[scene.category].indoors:
        margin = 0.04 + 0.05 * generator.random()
        corners = [_path((0, 1.25 * edge), (margin, edge), (1 - margin, edge), (1, 1.25 * edge))]
        lines = [*corners, _path((margin, 0), (margin, edge)), _path((1 - margin, 0), (1 - margin, edge)), *lines]
    else:
        lines = [_path((0, edge), (1, edge)), *lines]
    return Stage((*base, *flats), tuple(lines))


_Parts = tuple[list[tuple[str, Points]], list[Points]]
_Maker = Callable[[np.random.Generator, float, Scene], _Parts]


def _path(*points: tuple[float, float]) -> Points:
    return np.array(points, dtype=np.float64)


def _box(left: float, top: float, right: float, bottom: float) -> Points:
    return _path((left, top), (right, top), (right, bottom), (left, bottom))


def _closed(points: Points) -> Points:
    return np.concatenate([points, points[:1]])


def _grid(cols: int, rows: int, top: float) -> _Maker:
    """Tiles on the wall: `cols` by `rows` cells from the row `top` (fraction of the wall) to the floor."""

    def make(_generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
        ys = np.linspace(top * edge, edge, rows + 1)[:-1]
        xs = np.linspace(0, 1, cols + 1)[1:-1]
        lines = [_path((0, y), (1, y)) for y in ys] + [_path((x, top * edge), (x, edge)) for x in xs]
        return [], lines

    return make


def _stripes(count: int) -> _Maker:
    def make(_generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
        return [], [_path((x, 0), (x, edge)) for x in np.linspace(0, 1, count + 2)[1:-1]]

    return make


def _boards(count: int) -> _Maker:
    def make(_generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
        return [], [_path((0, y), (1, y)) for y in np.linspace(0, edge, count + 2)[1:-1]]

    return make


def _bricks(_generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    ys = np.linspace(0, edge, 7)
    lines = [_path((0, y), (1, y)) for y in ys[1:-1]]
    for row, (top, bottom) in enumerate(pairwise(ys)):
        lines += [_path((x, top), (x, bottom)) for x in np.arange(0.08 + 0.08 * (row % 2), 1, 0.16)]
    return [], lines


def _dots(_generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    turn = np.linspace(0, 2 * np.pi, 9)
    circle = 0.012 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    places = [
        (x + 0.07 * (row % 2), y) for row, y in enumerate(np.arange(0.06, edge, 0.1)) for x in np.arange(0.07, 1, 0.14)
    ]
    return [("feature", circle + np.array(place)) for place in places], []


def _curtains(_generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    ys = np.linspace(0, edge, 7)
    folds = [np.stack([x + 0.012 * np.sin(9 * ys + 20 * x), ys], axis=1) for x in np.linspace(0, 1, 12)]
    return [], folds


def _pegs(_generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    board = _box(0.1, 0.1 * edge, 0.9, 0.7 * edge)
    marks = [
        _path((x, y), (x, y + 0.015)) for y in np.arange(0.16, 0.66, 0.12) * edge for x in np.arange(0.16, 0.9, 0.1)
    ]
    return [("feature", board)], [_closed(board), *marks]


def _school(_generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    return [("middle", _box(0, 0.72 * edge, 1, edge))], [_path((0, 0.72 * edge), (1, 0.72 * edge))]


def _sea(_generator: np.random.Generator, edge: float, scene: Scene) -> _Parts:
    horizon = scene.camera.horizon
    xs = np.linspace(0, 1, 40)
    waves = [
        np.stack([xs, row + 0.006 * np.sin(xs * 46 + 9 * row)], axis=1) for row in np.linspace(horizon, edge, 6)[1:]
    ]
    return [("water", _box(0, horizon, 1, edge))], [_path((0, horizon), (1, horizon)), *waves]


def _quay(generator: np.random.Generator, edge: float, scene: Scene) -> _Parts:
    flats, lines = _sea(generator, edge, scene)
    slabs = [_path((0.5 + (x - 0.5) * 0.7, edge), (0.5 + (x - 0.5) * 2.4, 1)) for x in np.linspace(-0.2, 1.2, 8)]
    return flats, [*lines, *slabs, _path((0, edge + 0.03), (1, edge + 0.03))]


def _ridge(generator: np.random.Generator, edge: float, *, height: float, knots: int, sharp: bool) -> Points:
    """A skyline from left to right standing on the row `edge`, closed below."""
    xs = np.linspace(0, 1, knots)
    ys = edge - height * (0.3 + 0.7 * generator.random(knots))
    if sharp:
        ys[1::2] = edge - height * 0.25 * (1 + generator.random(len(ys[1::2])))
        line = np.stack([xs, ys], axis=1)
    else:
        fine = np.linspace(0, 1, 8 * knots)
        line = np.stack([fine, np.interp(fine, xs, ys) + 0.0 * fine], axis=1)
        line[1:-1, 1] = np.convolve(line[:, 1], np.ones(9) / 9, "same")[1:-1] if knots > 3 else line[1:-1, 1]
        line[:5, 1], line[-5:, 1] = line[5, 1], line[-6, 1]
    return np.concatenate([_path((0, edge)), line, _path((1, edge))])


def _hills(generator: np.random.Generator, edge: float, scene: Scene) -> _Parts:
    horizon = scene.camera.horizon
    hills = _ridge(generator, horizon, height=0.16, knots=6, sharp=False)
    flats, lines = _sea(generator, edge, scene)
    return [("middle", hills), *flats], [hills[1:-1], *lines]


def _peaks(generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    peaks = _ridge(generator, edge, height=0.36, knots=9, sharp=True)
    return [("middle", peaks)], [peaks[1:-1]]


def _caps(generator: np.random.Generator, edge: float, scene: Scene) -> _Parts:
    flats, lines = _peaks(generator, edge, scene)
    line = lines[0]
    caps = []
    for left, top, right in zip(line[1:-2:2], line[2:-1:2], line[3::2], strict=False):
        caps.append(
            np.stack(
                [top + 0.35 * (left - top), top + 0.25 * (right + left - 2 * top) * 0.4, top + 0.35 * (right - top)]
            )
        )
    return flats, [*lines, *caps]


def _roofs(generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    hill = _ridge(generator, edge, height=0.14, knots=5, sharp=False)
    houses = []
    for x in np.arange(0.05, 0.95, 0.15):
        left, wide, tall = x + 0.03 * generator.random(), 0.09, 0.05 + 0.03 * generator.random()
        foot = edge - 0.05
        houses.append(
            _path(
                (left, foot),
                (left, foot - tall),
                (left + wide / 2, foot - tall - 0.05),
                (left + wide, foot - tall),
                (left + wide, foot),
            )
        )
    return [("middle", hill), *(("feature", house) for house in houses)], [hill[1:-1], *map(_closed, houses)]


def _facades(generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    flats: list[tuple[str, Points]] = []
    lines: list[Points] = []
    left = -0.05
    while left < 1:
        wide, top = 0.16 + 0.12 * generator.random(), edge * (0.05 + 0.45 * generator.random())
        house = _box(left, top, left + wide, edge)
        flats.append(("middle", house))
        lines.append(_closed(house))
        for y in np.arange(top + 0.05, edge - 0.09, 0.11):
            lines += [
                _closed(_box(x, y, x + 0.035, y + 0.055)) for x in np.arange(left + 0.03, left + wide - 0.05, 0.065)
            ]
        left += wide
    kerb = edge + 0.35 * (1 - edge)
    return flats, [*lines, _path((0, kerb), (1, kerb))]


def _trunks(generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    flats: list[tuple[str, Points]] = []
    lines: list[Points] = []
    for x in np.arange(0.02, 1, 0.095) + 0.03 * generator.random(11)[: len(np.arange(0.02, 1, 0.095))]:
        wide, foot = 0.018 + 0.022 * generator.random(), edge + 0.03 * generator.random()
        flats.append(("middle", _box(x, 0, x + wide, foot)))
        lines += [_path((x, 0), (x, foot)), _path((x + wide, 0), (x + wide, foot))]
    return flats, lines


def _bumps(generator: np.random.Generator, edge: float, *, top: float, count: int) -> Points:
    xs = np.linspace(0, 1, 12 * count)
    ys = edge - top * (0.75 + 0.25 * generator.random()) + 0.25 * top * np.abs(np.sin(np.pi * count * xs))
    return np.concatenate([_path((0, edge)), np.stack([xs, ys], axis=1), _path((1, edge))])


def _trees(generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    crowns = _bumps(generator, edge, top=0.24, count=7)
    return [("middle", crowns)], [crowns[1:-1]]


def _hedge(generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    hedge = _bumps(generator, edge, top=0.09, count=14)
    mat = _path((0.2, 1.0), (0.34, edge + 0.12), (0.66, edge + 0.12), (0.8, 1.0))
    return [("middle", hedge), ("feature", mat)], [hedge[1:-1], mat]


def _fields(generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    hill = _ridge(generator, edge, height=0.07, knots=4, sharp=False)
    furrows = [_path((0.5 + 0.35 * x, edge + 0.02), (0.5 + 2.2 * x, 1)) for x in np.linspace(-0.9, 0.9, 11)]
    return [("middle", hill)], [hill[1:-1], *furrows]


def _falls(generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    cliff = _path((0, edge), (0, 0.1), (0.34, 0.06), (0.4, 0.1), (0.6, 0.1), (0.68, 0.05), (1, 0.12), (1, edge))
    water = _box(0.4, 0.1, 0.6, edge + 0.12)
    streaks = [_path((x, 0.1), (x + 0.01 * generator.random(), edge + 0.1)) for x in np.linspace(0.42, 0.58, 6)]
    pool = _path((0.25, edge + 0.16), (0.4, edge + 0.1), (0.6, edge + 0.1), (0.75, edge + 0.16))
    return [("middle", cliff), ("water", water)], [cliff[1:-1], *streaks, pool]


def _rails(_generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    deck = _path((0, edge + 0.04), (0.46, edge), (0.12, 1), (0, 1))
    rails = [_path((0.55, edge), (0.42, 1)), _path((0.57, edge), (0.86, 1))]
    ties = [
        _path((0.55 - 0.13 * t * t, edge + (1 - edge) * t * t), (0.57 + 0.29 * t * t, edge + (1 - edge) * t * t))
        for t in np.linspace(0.25, 1, 9)
    ]
    roof = _path((0, 0.12), (0.5, 0.3), (0, 0.2))
    return [("feature", deck), ("middle", roof)], [_closed(deck), *rails, *ties, _closed(roof)]


def _runway(_generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    strip = _path((0.47, edge), (0.53, edge), (1.1, 1), (-0.1, 1))
    dashes = [
        _path((0.5, edge + (1 - edge) * t * t), (0.5, edge + (1 - edge) * (t + 0.09) ** 2))
        for t in np.linspace(0.15, 0.85, 5)
    ]
    hall = _box(0.62, edge - 0.07, 0.95, edge)
    tower = _path(
        (0.55, edge), (0.55, edge - 0.13), (0.53, edge - 0.17), (0.6, edge - 0.17), (0.58, edge - 0.13), (0.58, edge)
    )
    return [("feature", strip), ("middle", hall), ("middle", tower)], [
        strip[[0, 3]],
        strip[[1, 2]],
        *dashes,
        _closed(hall),
        _closed(tower),
    ]


def _stands(_generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    rows = [_path((0, y), (1, y)) for y in np.linspace(0.25 * edge, edge, 8)]
    steps = [_path((0.5 + (x - 0.5) * 0.9, 0.25 * edge), (x, edge)) for x in np.linspace(0, 1, 6)]
    pitch = [_path((0, y), (1, y)) for y in edge + (1 - edge) * np.array([0.15, 0.4, 0.75])]
    return [("middle", _box(0, 0.25 * edge, 1, edge))], [*rows, *steps, *pitch]


def _scaffold(_generator: np.random.Generator, edge: float, _scene: Scene) -> _Parts:
    frame = _box(0.12, 0.08, 0.88, edge)
    poles = [_path((x, 0.05), (x, edge)) for x in np.linspace(0.12, 0.88, 6)]
    decks = [_path((0.1, y), (0.9, y)) for y in np.linspace(0.1, edge, 5)[:-1]]
    braces = [_path((x, edge), (x + 0.152, edge * 0.55)) for x in np.linspace(0.12, 0.728, 5)]
    return [("middle", frame)], [*poles, *decks, *braces]


_MIDDLE: dict[str, _Maker] = {
    "tiled_room": _grid(10, 5, 0.35),
    "small_tiled_room": _grid(16, 10, 0.0),
    "papered_room": _stripes(12),
    "concrete_room": _boards(2),
    "panelled_room": _grid(6, 2, 0.0),
    "school_room": _school,
    "wooden_room": _boards(8),
    "pegboard_room": _pegs,
    "dotted_room": _dots,
    "curtained_room": _curtains,
    "brick_room": _bricks,
    "sea_sand": _sea,
    "sea_quay": _quay,
    "lake_hills": _hills,
    "cliff_water": _falls,
    "trunks": _trunks,
    "fields": _fields,
    "lawn_trees": _trees,
    "lawn_hedge": _hedge,
    "mountains": _peaks,
    "facades": _facades,
    "rails": _rails,
    "runway": _runway,
    "stands": _stands,
    "hill_roofs": _roofs,
    "scaffold": _scaffold,
    "snow_peaks": _caps,
}
"""Maker of each structure; a plain room has none."""
