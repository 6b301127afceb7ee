"""The sketch: a person's pen strokes of the scene, white where a nearer thing hides a farther one.

Hands differ (`_Hand`): tremor, slant, pressure, how much is left out. As in Cross-Modal Scene Networks (section 3, line
drawings by many people with a mouse) no stroke is a word.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image, ImageDraw

from xmodal.data.world.layout import Placement, place
from xmodal.data.world.outline import outlines
from xmodal.data.world.scene import Scene, Thing
from xmodal.data.world.stage import stage
from xmodal.seeding import stream

_PAPER, _INK = 255, 30


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
    sharp = 2 if size_px >= 256 else 3
    image = Image.new("L", (size_px * sharp, size_px * sharp), _PAPER)
    pen = ImageDraw.Draw(image)
    for line in stage(scene).lines:
        if generator.random() >= 0.6 * hand.omits:
            shaken = _shaken(generator, hand, _fine(line)) * image.width
            pen.line(shaken.ravel().tolist(), fill=_INK, width=max(1, round(0.8 * hand.pen * image.width)))
    for thing, box in zip(scene.things, place(scene), strict=True):
        _thing(pen, generator, hand, thing, box)
    small = image.resize((size_px, size_px), Image.Resampling.BOX)
    return np.repeat(np.asarray(small)[..., None], 3, axis=2)


def _thing(pen: ImageDraw.ImageDraw, generator: np.random.Generator, hand: _Hand, thing: Thing, box: Placement) -> None:
    """Every shape hides what lies behind it; small inner shapes may lack their line."""
    shapes = outlines(thing.kind, thing.variant)
    points = np.concatenate([shape.points for shape in shapes])
    x = 1.0 - points[:, 0] if thing.mirrored else points[:, 0]
    y = points[:, 1]
    spread = np.stack([box.left + box.width * (x + hand.slant * (1 - y)), box.top + box.height * y], axis=1)
    spread = _shaken(generator, hand, spread)
    starts = np.cumsum([0, *(len(shape.points) for shape in shapes)])
    skips = generator.random(len(shapes))
    scale, square = pen.im.size[0], max(box.width, box.height) ** 2
    for number, shape in enumerate(shapes):
        drawn = (spread[starts[number] : starts[number + 1]] * scale).ravel().tolist()
        pen.polygon(drawn, fill=_INK if shape.material == "dark" and shape.area * square < 0.0012 else _PAPER)
        tiny = shape.area * square < 0.0004
        if skips[number] >= (hand.omits * (1.6 if tiny else 0.35) if shape.area < 0.2 else 0.05):
            pen.line(drawn + drawn[: 2 + 2 * hand.overshoot], fill=_INK, width=max(1, round(hand.pen * scale)))


def _shaken(
    generator: np.random.Generator, hand: _Hand, points: Float[np.ndarray, "points 2"]
) -> Float[np.ndarray, "points 2"]:
    """Displaced smoothly: a slow drift over many points and a fast tremor."""
    count = len(points)
    knots = np.linspace(0, count, count // 6 + 2)
    drift = [np.interp(np.arange(count), knots, generator.random(len(knots)) - 0.5) for _ in range(2)]
    return points + hand.tremor * (2.4 * np.stack(drift, axis=1) + 0.7 * (generator.random((count, 2)) - 0.5))


def _fine(points: Float[np.ndarray, "points 2"]) -> Float[np.ndarray, "fine 2"]:
    """A long straight line in pieces that a hand can bend."""
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    where = np.unique(np.concatenate([steps, np.linspace(0.0, steps[-1], int(steps[-1] / 0.06) + 2)]))
    return np.stack([np.interp(where, steps, points[:, 0]), np.interp(where, steps, points[:, 1])], axis=1)
