"""Noise and regular patterns on surfaces measured in metres, filtered to the size of a pixel.

Everything is a function of position and of the pixel's footprint, so that a picture of 64 px and one of 512 px show the
same planks and the same clouds, one blurred and one sharp. Coordinates broadcast: give `[1, cols]` and `[rows, 1]`
where they depend on one axis only.
"""

from functools import lru_cache

import numpy as np
from jaxtyping import Float
from PIL import Image

from xmodal.seeding import stream

_TILE = 512
"""Side of the largest noise tile; a power of two, so that wrapping round is a bit mask."""

Coordinate = Float[np.ndarray, "#rows #cols"]
"""Metres along one direction of a surface."""
Plane = Float[np.ndarray, "rows cols"]


def fractal(s: Coordinate, t: Coordinate, *, period_m: float, foot_m: Coordinate | float, seed: int) -> Plane:
    """Cloud-like noise in about [-1, 1] (standard deviation 0.35) that repeats after `period_m`.

    Its finest grain is a 512th of the period; grain finer than the footprint `foot_m` of a pixel is averaged away.
    """
    flat, starts = _pyramid()
    wanted = np.log2(np.maximum(np.asarray(foot_m, dtype=np.float32) * (_TILE / period_m), 1.0))
    level = np.minimum(np.rint(wanted).astype(np.int32), len(starts) - 1)
    side = np.right_shift(_TILE, level)
    shift = (seed * 0.381966) % 1.0
    col = np.floor((s / period_m + shift) * side).astype(np.int32) & (side - 1)
    row = np.floor((t / period_m + shift * 7.31) * side).astype(np.int32) & (side - 1)
    return flat[starts[level] + row * side + col]


@lru_cache(maxsize=1)
def _pyramid() -> tuple[Float[np.ndarray, " values"], np.ndarray]:
    """Noise tiles of 512, 256, ... 4 on a side in one flat array, and where each begins."""
    frequency = np.hypot(np.fft.fftfreq(_TILE)[:, None], np.fft.rfftfreq(_TILE)[None, :])
    frequency[0, 0] = 1.0
    white = np.fft.rfft2(stream(0, "texture noise").standard_normal((_TILE, _TILE)))
    spectrum = white * np.where(frequency < 3.5 / _TILE, 0.0, frequency**-1.4)
    tile = np.fft.irfft2(spectrum, s=(_TILE, _TILE))
    tile = np.clip(0.35 * tile / tile.std(), -1.0, 1.0).astype(np.float32)
    levels = [tile]
    while levels[-1].shape[0] > 4:
        last = levels[-1]
        side = last.shape[0] // 2
        levels.append(last.reshape(side, 2, side, 2).mean(axis=(1, 3)))
    starts = np.cumsum([0] + [level.size for level in levels[:-1]]).astype(np.int32)
    return np.concatenate([level.ravel() for level in levels]), starts


def grain_image(side_px: float) -> Image.Image:
    """The noise tile (128 = 0, 96 levels to 1) repeated twice both ways, at least that wide if it can be."""
    return _grain_levels()[min(6, max(0, int(np.floor(np.log2(2 * _TILE / max(1.0, side_px))))))]


@lru_cache(maxsize=1)
def _grain_levels() -> tuple[Image.Image, ...]:
    flat, starts = _pyramid()
    tile = np.tile(flat[: starts[1]].reshape(_TILE, _TILE), (2, 2))
    whole = Image.fromarray(np.clip(128 + 96 * tile, 0, 255).astype(np.uint8))
    return tuple(whole.reduce(2**level) if level else whole for level in range(7))


def ridge(x: Float[np.ndarray, " cols"], *, period: float, seed: int, smooth: float) -> Float[np.ndarray, " cols"]:
    """A jagged line in about [-1, 1] over `x`; `smooth` in [0, 1] takes away its fine teeth."""
    phases = stream(seed, "ridge").random(9)
    line = np.zeros_like(x, dtype=np.float32)
    for octave, phase in enumerate(phases):
        turns = x / period * 1.9**octave + phase
        tooth = 2.0 * np.abs(2.0 * (turns % 1.0) - 1.0) - 1.0
        line += (tooth * (1.0 - smooth) + np.cos(2 * np.pi * turns) * smooth) * (0.55 - 0.15 * smooth) ** octave
    return line / (1.6 - 0.2 * smooth)


def stripes(coordinate: Coordinate, *, period_m: float, width_m: float, foot_m: Coordinate | float) -> Coordinate:
    """Share of a pixel covered by lines of that width which start at every multiple of the period (a box filter)."""
    foot = np.maximum(np.asarray(foot_m, dtype=np.float32), 1e-6 * period_m)
    low, high = coordinate - 0.5 * foot, coordinate + 0.5 * foot
    return np.clip((_covered(high, period_m, width_m) - _covered(low, period_m, width_m)) / foot, 0.0, 1.0)


def _covered(coordinate: Coordinate, period_m: float, width_m: float) -> Coordinate:
    """Length covered by the lines between 0 and the coordinate."""
    turns = np.floor(coordinate / period_m)
    return turns * width_m + np.minimum(coordinate - turns * period_m, width_m)


def checks(
    s: Coordinate, t: Coordinate, *, side_m: float, foot_s: Coordinate | float, foot_t: Coordinate | float
) -> Plane:
    """A chequered pattern: 0 or 1, 0.5 where the squares are too small to see."""
    across = 2.0 * stripes(s, period_m=2 * side_m, width_m=side_m, foot_m=foot_s) - 1.0
    along = 2.0 * stripes(t, period_m=2 * side_m, width_m=side_m, foot_m=foot_t) - 1.0
    return 0.5 + 0.5 * across * along


def cell_shade(s: Coordinate, t: Coordinate, *, foot: Coordinate | float, seed: int) -> Plane:
    """A random number in [-1, 1] for each unit cell; fades to 0 where a pixel (footprint in cells) holds many."""
    table = _cells()
    row = (np.floor(t).astype(np.int32) * 7 + seed) & 63
    col = (np.floor(s).astype(np.int32) + seed // 64) & 63
    return table[row, col] * np.clip(1.4 - np.asarray(foot, dtype=np.float32), 0.0, 1.0)


@lru_cache(maxsize=1)
def _cells() -> Float[np.ndarray, "64 64"]:
    return stream(0, "texture cells").uniform(-1.0, 1.0, (64, 64)).astype(np.float32)


def mix(low: np.ndarray, high: np.ndarray, share: Plane) -> Float[np.ndarray, "rows cols 3"]:
    """Colours between `low` (share 0) and `high` (share 1); either is one colour or a plane of them."""
    return low + tinted(high - low, share)


def tinted(colour: np.ndarray, shade: np.ndarray) -> Float[np.ndarray, "rows cols 3"]:
    """One colour, or a plane of them, times a brightness per pixel.

    Stored as three planes, which NumPy works through several times faster than pixel by pixel.
    """
    if colour.ndim == 1:
        return np.multiply.outer(colour, shade).transpose(1, 2, 0)
    return planar(colour) * shade[..., None]


def planar(colour: np.ndarray) -> np.ndarray:
    """The same array, stored as three planes if it is a plane of colours that is not stored so yet."""
    if colour.ndim < 3 or colour.strides[2] > abs(colour.strides[1]):
        return colour
    return np.ascontiguousarray(colour.transpose(2, 0, 1)).transpose(1, 2, 0)


def cover(region: Float[np.ndarray, "rows cols 3"], colour: np.ndarray, share: np.ndarray) -> None:
    """Mix a colour (one, or a plane) into a region in place, as far as `share` says for each pixel."""
    change = planar(colour) - region
    change *= share[..., None]
    region += change


def smoothstep(low: np.ndarray | float, high: np.ndarray | float, values: np.ndarray) -> np.ndarray:
    """0 below `low`, 1 above `high`, smooth between (either may be the larger)."""
    share = np.clip((values - low) / (high - low), 0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)
