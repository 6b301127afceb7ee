"""What a view yields: bytes that a browser shows or plays, and their type."""

import io
from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from xmodal.data import encode


@dataclass(frozen=True)
class Rendition:
    """Bytes for the browser."""

    content: bytes
    media_type: str
    """One of `SUFFIXES`."""


SUFFIXES: dict[str, str] = {
    "image/png": ".png",
    "image/webp": ".webp",
    "audio/wav": ".wav",
    "video/webm": ".webm",
}
"""Media type -> file suffix in the cache."""


def png(pixels: UInt8[np.ndarray, "rows cols channels"]) -> Rendition:
    """Exact: for masks, numbers and spectrograms."""
    return Rendition(encode.png(pixels), "image/png")


def webp(image: Image.Image, *, quality: int) -> Rendition:
    """Small: for photographs and drawings. `quality` 0 to 100."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=quality, method=3)
    return Rendition(buffer.getvalue(), "image/webp")
