"""The drawn symbols: their proportions, their own colours, and how much of each material lies in each pixel.

A symbol file has six material classes. It is rasterised with pure red, green and blue in place of its colours, once for
three classes and once for the other three, so that anti-aliased edges decode as six weights that sum to the coverage.
"""

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import resvg_py
from jaxtyping import Bool, Float, UInt8
from PIL import Image
from scipy import ndimage

SYMBOL_FOLDER = Path(__file__).parent / "symbols"

MATERIALS: tuple[str, ...] = ("main", "second", "third", "accent", "light", "dark")
"""The material classes of a symbol, in the order of every array of weights."""

LEVELS_PX: tuple[int, ...] = (16, 32, 64, 128, 256, 512)
"""Longer side of the rasters that are kept; a renderer takes the smallest that is not smaller than what it draws."""

_RELIEF_PX = 128
"""Resolution at which the relief is computed; it is smooth, so larger rasters enlarge it."""

_SLOPE_LIMIT = 2.0
"""Steepest slope that the relief keeps."""


@dataclass(frozen=True)
class Symbol:
    """One symbol file, parsed."""

    shapes: str
    """The file without its style sheet."""
    aspect: float
    """Width over height."""
    palette: Float[np.ndarray, "6 3"]
    """Its own sRGB colours in [0, 1], one row per material; black where it lacks one."""


@dataclass(frozen=True)
class Raster:
    """One symbol at one size, as images that Pillow resizes in one call each."""

    first: Image.Image
    """RGBX: weights of main, second and third in [0, 255]; then the slope to the right, 128 = level."""
    last: Image.Image
    """RGBX: weights of accent, light and dark; then the slope downwards."""
    alpha: Image.Image
    """L: coverage."""


@lru_cache(maxsize=512)
def read_symbol(kind: str, variant: str) -> Symbol:
    """Parse `symbols/<kind>_<variant>.svg`; FileNotFoundError if there is none."""
    text = (SYMBOL_FOLDER / f"{kind}_{variant}.svg").read_text(encoding="utf-8")
    box = re.search(r'viewBox="([^"]+)"', text)
    if box is None:
        raise ValueError(f"symbol {kind}_{variant} has no viewBox")
    _, _, width, height = (float(number) for number in box.group(1).split())
    palette = np.zeros((len(MATERIALS), 3))
    for name, digits in re.findall(r"\.(\w+)\s*\{\s*fill:\s*#([0-9a-fA-F]{6})", text):
        palette[MATERIALS.index(name)] = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    shapes = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    return Symbol(shapes, width / height, palette)


def raster_for(kind: str, variant: str, wanted_px: float) -> Raster:
    """The kept raster whose longer side is the least one not below `wanted_px` (or the largest there is)."""
    level_px = next((level for level in LEVELS_PX if level >= wanted_px), LEVELS_PX[-1])
    if level_px <= _RELIEF_PX:
        return _small_rasters(kind, variant)[level_px]
    return _middle_raster(kind, variant) if level_px == 256 else _large_raster(kind, variant)


@lru_cache(maxsize=256)
def _small_rasters(kind: str, variant: str) -> dict[int, Raster]:
    """The rasters of at most 128 px, by their longer side: the largest is drawn, the others are shrunk from it."""
    weights = _weights(read_symbol(kind, variant), _RELIEF_PX)
    raster = _raster(weights, _relief(weights))
    found = {_RELIEF_PX: raster}
    cols, rows = raster.alpha.size
    for level_px in LEVELS_PX:
        if level_px < _RELIEF_PX:
            size = (max(1, round(cols * level_px / _RELIEF_PX)), max(1, round(rows * level_px / _RELIEF_PX)))
            layers = (raster.first, raster.last, raster.alpha)
            found[level_px] = Raster(*(layer.resize(size, Image.Resampling.BOX) for layer in layers))
    return found


@lru_cache(maxsize=160)
def _middle_raster(kind: str, variant: str) -> Raster:
    """256 px; at most 0.6 MB each."""
    return _enlarged(kind, variant, 256)


@lru_cache(maxsize=64)
def _large_raster(kind: str, variant: str) -> Raster:
    """512 px; few are kept, at about 2 MB each."""
    return _enlarged(kind, variant, 512)


def _enlarged(kind: str, variant: str, level_px: int) -> Raster:
    """A raster with the weights of its own size and the relief of the small one."""
    small = _small_rasters(kind, variant)[_RELIEF_PX]
    weights = _weights(read_symbol(kind, variant), level_px)
    size = (weights.shape[1], weights.shape[0])
    slopes = [layer.getchannel(3).resize(size, Image.Resampling.BILINEAR) for layer in (small.first, small.last)]
    return _raster(weights, np.stack([np.asarray(slope) for slope in slopes], axis=2))


def _raster(weights: UInt8[np.ndarray, "rows cols 6"], slopes: UInt8[np.ndarray, "rows cols 2"]) -> Raster:
    first = np.concatenate([weights[..., :3], slopes[..., :1]], axis=2)
    last = np.concatenate([weights[..., 3:], slopes[..., 1:]], axis=2)
    alpha = np.minimum(weights.sum(axis=2, dtype=np.uint16), 255).astype(np.uint8)
    size = (alpha.shape[1], alpha.shape[0])
    return Raster(
        Image.frombytes("RGBX", size, first.tobytes()),
        Image.frombytes("RGBX", size, last.tobytes()),
        Image.fromarray(alpha),
    )


def _weights(symbol: Symbol, level_px: int) -> UInt8[np.ndarray, "rows cols 6"]:
    """Coverage of each pixel by each material, 255 = all of it; the longer side is `level_px`."""
    passes = []
    for trio in (MATERIALS[:3], MATERIALS[3:]):
        # fills are written into the shapes: a style sheet costs twice the time
        document = symbol.shapes
        for name in MATERIALS:
            hue = ("#f00", "#0f0", "#00f")[trio.index(name)] if name in trio else "#000"
            document = document.replace(f'class="{name}"', f'fill="{hue}"')
        png = resvg_py.svg_to_bytes(svg_string=document, width=level_px, height=level_px, skip_system_fonts=True)
        image = Image.open(io.BytesIO(bytes(png)))
        pixels = np.asarray(image.convert("RGBA"), dtype=np.uint16)
        passes.append(pixels[..., :3] * pixels[..., 3:] // 255)
    return np.concatenate(passes, axis=2).astype(np.uint8)


def _relief(weights: UInt8[np.ndarray, "rows cols 6"]) -> UInt8[np.ndarray, "rows cols 2"]:
    """Slopes (right, down) of a pillow blown up from the silhouette and, finer, from each patch of one material.

    128 is level, one unit is 1/60.
    """
    cover = np.pad(weights.sum(axis=2, dtype=np.uint16) > 127, 2)
    patch = np.pad(weights.argmax(axis=2) + 1, ((2, 2), (2, 2))) * cover
    border = (ndimage.maximum_filter(patch, 3) != ndimage.minimum_filter(patch, 3)) | ~cover
    height = _pillow(_depth(cover), 0.3 * _RELIEF_PX)
    height += 0.5 * _pillow(_depth(~border), 0.045 * _RELIEF_PX)
    height = ndimage.gaussian_filter(height, 1.0)[2:-2, 2:-2]
    down, right = np.gradient(height)
    slopes = np.clip(np.stack([right, down], axis=2), -_SLOPE_LIMIT, _SLOPE_LIMIT)
    return np.clip(128 + 60 * slopes, 0, 255).astype(np.uint8)


def _depth(inside: Bool[np.ndarray, "rows cols"]) -> Float[np.ndarray, "rows cols"]:
    """Pixels to the nearest point outside."""
    return np.asarray(ndimage.distance_transform_edt(inside), dtype=np.float64)


def _pillow(distance: Float[np.ndarray, "rows cols"], radius: float) -> Float[np.ndarray, "rows cols"]:
    """Height of a quarter-round edge of that radius (or of the widest inscribed disc, if that is smaller)."""
    radius = max(1.0, min(radius, float(distance.max())))
    inward = np.minimum(distance / radius, 1.0)
    return radius * np.sqrt(np.maximum(0.0, 1.0 - (1.0 - inward) ** 2))
