"""A picture under a heat map, with the outline of what is really there."""

import numpy as np
from jaxtyping import Bool, Float, UInt8
from PIL import Image

from xmodal.figures.heat import heat_table
from xmodal.ui.views.rendition import Rendition, webp

SIDE_PX = 224
OPACITY = 0.65
"""Of the hottest place; where there is no heat the picture shows as it is."""
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)


def heated(
    picture: UInt8[np.ndarray, "rows cols 3"],
    heat: Float[np.ndarray, "rows cols"],
    target: Bool[np.ndarray, "rows cols"] | None,
) -> UInt8[np.ndarray, "rows cols 3"]:
    """The picture in grey under the colours of heat in [0, 1]; the target outlined in white on black."""
    colours = np.frombuffer(heat_table(), np.uint8).reshape(256, 3)[np.rint(heat * 255).astype(int)]
    grey = picture.mean(axis=2, keepdims=True)
    cover = OPACITY * np.sqrt(heat)[..., None]
    shown = np.rint(grey * (1.0 - cover) + colours * cover).astype(np.uint8)
    if target is not None:
        shown[_rim(target, 3)] = _BLACK
        shown[_rim(target, 2) & ~_rim(target, 1)] = _WHITE
    return shown


def framed(pixels: UInt8[np.ndarray, "rows cols 3"]) -> Rendition:
    """The whole picture in a square of `SIDE_PX`, black where it does not reach."""
    image = Image.fromarray(pixels)
    image.thumbnail((SIDE_PX, SIDE_PX))
    square = Image.new("RGB", (SIDE_PX, SIDE_PX))
    square.paste(image, ((SIDE_PX - image.width) // 2, (SIDE_PX - image.height) // 2))
    return webp(square, quality=82)


def at_size(picture: UInt8[np.ndarray, "_ _ 3"], longest_px: int = SIDE_PX) -> UInt8[np.ndarray, "_ _ 3"]:
    """The picture with its longer side at that length."""
    rows, cols = picture.shape[:2]
    scale = longest_px / max(rows, cols)
    size = (max(1, round(cols * scale)), max(1, round(rows * scale)))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR))


def mask_at(mask: Bool[np.ndarray, "_ _"], rows: int, cols: int) -> Bool[np.ndarray, "rows cols"]:
    """A mask at another size: each pixel is what lies under its centre."""
    down = ((np.arange(rows) + 0.5) / rows * mask.shape[0]).astype(int)
    across = ((np.arange(cols) + 0.5) / cols * mask.shape[1]).astype(int)
    return mask[np.ix_(down, across)]


def _rim(mask: Bool[np.ndarray, "rows cols"], width: int) -> Bool[np.ndarray, "rows cols"]:
    """Pixels of the mask less than `width` steps from its edge; the picture's own border is no edge."""
    inner = mask
    for _ in range(width):
        wide = np.pad(inner, 1, mode="edge")
        inner = inner & wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]
    return mask & ~inner
