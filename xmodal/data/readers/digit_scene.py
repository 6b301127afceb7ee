"""One item of spoken digits: handwritten digits on a 2 x 2 canvas, and the same digits spoken in another order.

`DigitScene` names every part (which handwritten digits, which cells, which recordings, when), so that the item is the
same wherever and whenever it is drawn; what remains, the places within the cells and the noise, follows from its seed.
"""

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image
from pydantic import BaseModel, ConfigDict, Field

from xmodal.data.sample import LabelMap, Waveform
from xmodal.seeding import stream

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
RATE_HZ = 8000
"""Sample rate of the recordings."""
CANVAS_PX = 128
"""Side of the canvas as it is composed; other sizes are scaled from it."""
_CELL_PX = CANVAS_PX // 2
_GLYPH_PX = (40, 58)
"""Side of a digit with its margins, smallest and largest."""
_INK = (0.55, 1.0)
"""Brightness of a digit, faintest and brightest."""
_BACKGROUND = 0.16
_FINE_NOISE, _COARSE_NOISE = 0.06, 0.05
_MASKED_FROM = 0.35
"""Share of the full stroke from which a pixel belongs to the digit."""
_RMS = 0.08
_PEAK = 0.9
_FADE_SAMPLES = 40
_FLOOR_RMS = 3e-4
"""Noise under everything (-70 dB), so that pauses are quiet and not digital silence."""


class DigitScene(BaseModel):
    """Everything that decides how an item looks and sounds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    images: str
    """Reference to the idx file of handwritten digits."""
    recordings: str
    """Reference to the folder of recordings."""
    digits: tuple[int, ...] = Field(min_length=1, max_length=4)
    """The digits on the canvas, 0 to 9, distinct."""
    pictures: tuple[int, ...]
    """Index of each one's picture in the idx file."""
    cells: tuple[int, ...]
    """Cell of each: 0 and 1 above, 2 and 3 below."""
    spoken: tuple[str, ...]
    """Names of the recordings in the order in which they are heard."""
    starts: tuple[int, ...]
    """First sample of each recording."""
    length: int = Field(gt=0, le=RATE_HZ * 60)
    """Samples of the whole."""
    seed: int = Field(ge=0)


def canvas(scene: DigitScene, glyphs: UInt8[np.ndarray, "count rows cols"], size_px: int) -> UInt8[np.ndarray, "y x 3"]:
    """Grey digits on a noisy ground, `size_px` on a side; `glyphs` are the pictures of `scene.digits` in order."""
    noise = stream(scene.seed, "spoken_digits/noise")
    coarse = noise.normal(0.0, 1.0, (16, 16)).astype(np.float32)
    ground = _BACKGROUND + _COARSE_NOISE * _resized(coarse, CANVAS_PX)
    ground += _FINE_NOISE * noise.normal(0.0, 1.0, (CANVAS_PX, CANVAS_PX)).astype(np.float32)
    ink = stream(scene.seed, "spoken_digits/ink").uniform(*_INK, len(scene.digits))
    for brightness, stroke in zip(ink, _strokes(scene, glyphs), strict=True):
        ground = ground * (1 - stroke) + brightness * stroke + 0.3 * stroke * (ground - _BACKGROUND)
    grey = np.clip(np.rint(255 * _resized(ground, size_px)), 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def masks(scene: DigitScene, glyphs: UInt8[np.ndarray, "count rows cols"], size_px: int) -> LabelMap:
    """Class = digit + 1, one instance a digit in the order of `scene.digits`."""
    labels = np.zeros((size_px, size_px), np.int32)
    instances = np.zeros((size_px, size_px), np.int32)
    for place, (digit, stroke) in enumerate(zip(scene.digits, _strokes(scene, glyphs), strict=True)):
        drawn = _resized(stroke, size_px) >= _MASKED_FROM
        labels[drawn], instances[drawn] = digit + 1, place + 1
    names = tuple(WORDS[digit] for digit in scene.digits)
    return LabelMap(labels, {digit + 1: WORDS[digit] for digit in scene.digits}, instances, names)


def _strokes(
    scene: DigitScene, glyphs: UInt8[np.ndarray, "count rows cols"]
) -> list[Float[np.ndarray, "canvas canvas"]]:
    """Each digit alone on its canvas: 0 = ground, 1 = full stroke."""
    places = stream(scene.seed, "spoken_digits/places")
    strokes: list[np.ndarray] = []
    for cell, glyph in zip(scene.cells, glyphs, strict=True):
        side = int(places.integers(_GLYPH_PX[0], _GLYPH_PX[1] + 1))
        top, left = (int(start) for start in places.integers(0, _CELL_PX - side + 1, 2))
        plane = np.zeros((CANVAS_PX, CANVAS_PX), np.float32)
        top, left = top + cell // 2 * _CELL_PX, left + cell % 2 * _CELL_PX
        plane[top : top + side, left : left + side] = _resized(glyph.astype(np.float32) / 255, side)
        strokes.append(np.clip(plane, 0.0, 1.0))
    return strokes


def _resized(plane: Float[np.ndarray, "rows cols"], side: int) -> Float[np.ndarray, "side side"]:
    return np.asarray(Image.fromarray(plane.astype(np.float32)).resize((side, side), Image.Resampling.BICUBIC))


def speech(scene: DigitScene, recordings: list[Float[np.ndarray, "_"]]) -> Waveform:
    """The recordings, equally loud, at their times; `recordings` are those of `scene.spoken` in order at `RATE_HZ`."""
    floor = stream(scene.seed, "spoken_digits/floor").normal(0.0, _FLOOR_RMS, scene.length)
    samples = floor.astype(np.float32)
    for start, recording in zip(scene.starts, recordings, strict=True):
        part = _evened(recording)[: max(scene.length - start, 0)]
        samples[start : start + part.size] += part
    return Waveform(samples, RATE_HZ)


def _evened(recording: Float[np.ndarray, "samples"]) -> Float[np.ndarray, "samples"]:
    """Without offset, at `_RMS` (less if a peak would pass `_PEAK`), its ends faded so that nothing clicks."""
    centred = recording - recording.mean()
    loudness = max(float(np.sqrt(np.mean(centred**2))), 1e-6)
    gain = min(_RMS / loudness, _PEAK / max(float(np.abs(centred).max()), 1e-6))
    fade = np.linspace(0.0, 1.0, min(_FADE_SAMPLES, centred.size // 2), dtype=np.float32)
    shape = np.ones(centred.size, np.float32)
    shape[: fade.size], shape[shape.size - fade.size :] = fade, fade[::-1]
    return (centred * gain * shape).astype(np.float32)
