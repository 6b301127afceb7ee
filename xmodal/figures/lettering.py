"""The letters of drawn figures."""

from functools import cache
from pathlib import Path

from PIL import ImageFont


@cache
def font(size_px: int = 14) -> ImageFont.FreeTypeFont:
    """DejaVu Sans, which matplotlib brings along: Latin, Greek, Cyrillic and more."""
    from matplotlib import get_data_path

    return ImageFont.truetype(Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf", size_px)
