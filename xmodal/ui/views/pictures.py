"""Pictures for cards and for looking closely, and the tile shown where one is broken."""

import textwrap

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw, ImageFont

from xmodal.data import load
from xmodal.data.sample import Sample
from xmodal.modality import Modality
from xmodal.ui.palette import SURFACES
from xmodal.ui.views.rendition import Rendition, png, webp

THUMB_PX = 224
LARGE_PX = 1024
WISH_PX = 640
"""Size asked of renderers for close looking: they draw at any size, and this one shows every detail they have."""


def thumb(sample: Sample, modality: Modality) -> Rendition:
    """At most `THUMB_PX` on the longer side; pictures of a few pixels (digits) are enlarged with sharp pixels."""
    return webp(fitted(load.picture(sample, modality, size_px=THUMB_PX), THUMB_PX), quality=82)


def large(sample: Sample, modality: Modality) -> Rendition:
    """At most `LARGE_PX` on the longer side."""
    return webp(fitted(load.picture(sample, modality, size_px=WISH_PX), LARGE_PX), quality=90)


def fitted(pixels: UInt8[np.ndarray, "rows cols 3"], side_px: int) -> Image.Image:
    """The picture with its longer side at most `side_px`; below half of `THUMB_PX` it grows by a whole factor."""
    image = Image.fromarray(pixels)
    longer = max(image.size)
    if longer * 2 <= THUMB_PX:
        factor = THUMB_PX // longer
        return image.resize((image.width * factor, image.height * factor), Image.Resampling.NEAREST)
    if longer <= side_px:
        return image
    ratio = side_px / longer
    size = (max(1, round(image.width * ratio)), max(1, round(image.height * ratio)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def error_tile(reason: str) -> Rendition:
    """A calm square that says why there is no picture: readable on both themes."""
    surface, ink = SURFACES["dark"][1], "#C9CCD1"
    tile = Image.new("RGB", (THUMB_PX, THUMB_PX), surface)
    draw = ImageDraw.Draw(tile)
    draw.line((92, 28, 132, 68), fill=ink, width=4)
    draw.line((132, 28, 92, 68), fill=ink, width=4)
    lines = textwrap.wrap(reason, 26)[:6]
    text = "\n".join(["Cannot be shown", *lines])
    draw.multiline_text(
        (THUMB_PX / 2, 84), text, fill=ink, font=ImageFont.load_default(15), anchor="ma", align="center", spacing=5
    )
    return png(np.asarray(tile))
