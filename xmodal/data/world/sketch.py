"""The sketch: a person's pen strokes of the scene, white where a nearer thing hides a farther one.

Hands differ (`_Hand`): tremor, slant, pressure, how much is left out. As in Cross-Modal Scene Networks (section 3, line
drawings by many people with a mouse) no stroke is a word.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image, ImageDraw

from xmodal.data.world.layout import Placement, place
from xmodal.data.world.outline import outlines
from xmodal.data.world.scene import Scene, Thing
from xmodal.data.world.stage import stage
from xmodal.seeding import stream

_PAPER, _INK = 255, 30
_PIECE = 0.06
"""Length of the pieces of a straight line, fraction of the picture."""


@dataclass(frozen=True)
class _Hand:
    """How one person draws."""

    tremor: float
    """Wobble, fraction of the picture."""
    slant: float
    """Horizontal shear of every thing."""
    pen: float
    """Width of the pen, fraction of the picture."""
    omits: float
    """Chance that an inner line is left out."""
    overshoot: int
    """How far a stroke runs on after closing, in points."""


def render_sketch(scene: Scene, *, size_px: int) -> UInt8[np.ndarray, "rows cols 3"]:
    """Black pen on white paper; the same drawing at every size."""
    generator = stream([scene.seed, scene.index], "sketch")
    hand = _Hand(
        tremor=0.002 + 0.006 * generator.random(),
        slant=0.16 * (generator.random() - 0.5),
        pen=0.005 + 0.006 * generator.random(),
        omits=0.45 * generator.random(),
        overshoot=int(generator.integers(4)),
    )
    sharp = 2 if size_px >= 128 else 3
    image = Image.new("L", (size_px * sharp, size_px * sharp), _PAPER)
    pen = ImageDraw.Draw(image)
    lines, counts = _fine(stage(scene).lines)
    boxes = place(scene)
    outline = [_spread(hand, thing, box) for thing, box in zip(scene.things, boxes, strict=True)]
    drawn = (_shaken(generator, hand, np.concatenate([lines, *outline])) * image.width).ravel().tolist()
    first = 0
    for count, chance in zip(counts, generator.random(len(counts)).tolist(), strict=True):
        if chance >= 0.6 * hand.omits:
            width = max(1, round(0.8 * hand.pen * image.width))
            pen.line(drawn[2 * first : 2 * (first + count)], fill=_INK, width=width)
        first += count
    for thing, box, points in zip(scene.things, boxes, outline, strict=True):
        _thing(pen, generator, hand, _Shapes(thing, box, drawn[2 * first : 2 * (first + len(points))]))
        first += len(points)
    return np.repeat(np.asarray(image.reduce(sharp))[..., None], 3, axis=2)


@dataclass(frozen=True)
class _Shapes:
    """One thing, ready to be drawn."""

    thing: Thing
    box: Placement
    drawn: list[float]
    """x and y in turn of the points of all its shapes, in pixels of the sheet."""


def _spread(hand: _Hand, thing: Thing, box: Placement) -> Float[np.ndarray, "points 2"]:
    """The points of a thing's shapes in fractions of the picture."""
    points = _points(thing.kind, thing.variant)
    x = 1.0 - points[:, 0] if thing.mirrored else points[:, 0]
    y = points[:, 1]
    return np.stack([box.left + box.width * (x + hand.slant * (1 - y)), box.top + box.height * y], axis=1)


@lru_cache(maxsize=256)
def _points(kind: str, variant: str) -> Float[np.ndarray, "points 2"]:
    return np.concatenate([shape.points for shape in outlines(kind, variant)])


def _thing(pen: ImageDraw.ImageDraw, generator: np.random.Generator, hand: _Hand, shapes: _Shapes) -> None:
    """Every shape hides what lies behind it; small inner shapes may lack their line."""
    found = outlines(shapes.thing.kind, shapes.thing.variant)
    scale, square = pen.im.size[0], max(shapes.box.width, shapes.box.height) ** 2
    width, again = max(1, round(hand.pen * scale)), 2 + 2 * hand.overshoot
    start = 0
    for shape, skip in zip(found, generator.random(len(found)).tolist(), strict=True):
        drawn = shapes.drawn[start : start + 2 * len(shape.points)]
        start += len(drawn)
        seen = shape.area * square
        pen.polygon(drawn, fill=_INK if shape.material == "dark" and seen < 0.0012 else _PAPER)
        if skip >= (hand.omits * (1.6 if seen < 0.0004 else 0.35) if shape.area < 0.2 else 0.05):
            pen.line(drawn + drawn[:again], fill=_INK, width=width)


def _shaken(
    generator: np.random.Generator, hand: _Hand, points: Float[np.ndarray, "points 2"]
) -> Float[np.ndarray, "points 2"]:
    """Displaced smoothly: a slow drift over many points and a fast tremor."""
    count = len(points)
    where, knots = np.arange(count), np.linspace(0, count, count // 6 + 2)
    drift = [np.interp(where, knots, generator.random(len(knots)) - 0.5) for _ in range(2)]
    return points + hand.tremor * (2.4 * np.stack(drift, axis=1) + 0.7 * (generator.random((count, 2)) - 0.5))


def _fine(lines: tuple[Float[np.ndarray, "_ 2"], ...]) -> tuple[Float[np.ndarray, "fine 2"], list[int]]:
    """Long straight lines in pieces that a hand can bend: the points of all lines, and how many each line has."""
    points = np.concatenate(lines)
    ends = np.cumsum([len(line) for line in lines])
    steps = np.diff(points, axis=0, append=points[-1:])
    pieces = np.maximum(1, np.ceil(np.hypot(steps[:, 0], steps[:, 1]) / _PIECE)).astype(int)
    # from the last point of a line no step leads on
    pieces[ends - 1], steps[ends - 1] = 1, 0.0
    start = np.repeat(np.arange(len(points)), pieces)
    along = np.arange(len(start)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    return points[start] + steps[start] * (along / pieces[start])[:, None], np.add.reduceat(
        pieces, np.concatenate([[0], ends[:-1]])
    ).tolist()
