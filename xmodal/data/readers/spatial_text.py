"""Spatial text: the names of the things in a picture, written at their places (scene networks, section 3)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int, UInt8
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from xmodal.data import load
from xmodal.data.decode import MediaError
from xmodal.data.media import Rendered
from xmodal.data.readers import ReaderError, Source
from xmodal.data.sample import LabelMap, Sample
from xmodal.modality import Modality

PICTURE_PX = 512
"""Longer side where no size is wished."""
MAX_WORDS = 40
"""The largest things that are written; more would not be readable."""
_SMALLEST_SHARE = 0.001
"""Things below this share of the picture are left out."""
_LETTER_PX = (9, 96)
"""Letters of a picture of `PICTURE_PX`: smallest and largest height."""
_COARSE_PX = 256
"""Places are found on every n-th pixel, so that the longer side has about this many."""
_PAPER, _INK = 255, 0


@dataclass(frozen=True)
class Label:
    """A name and its box, in fractions of the picture."""

    name: str
    left: float
    top: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Share of the picture that the box covers."""
        return self.width * self.height


def wished(source: Source) -> bool:
    """Whether the option `spatial_text` asks for it.

    Raises:
        ReaderError: neither true nor false.
    """
    value = source.options.get("spatial_text", "false").casefold()
    if value not in ("true", "false"):
        raise ReaderError(f"option spatial_text={value!r}: write true or false")
    return value == "true"


def with_spatial_text(samples: Iterable[Sample]) -> Iterator[Sample]:
    """Add a computed spatial text to every sample that has a label map; the others pass unchanged."""
    for sample in samples:
        if sample.truth.label_map is None or Modality.SPATIAL_TEXT in sample.media:
            yield sample
        else:
            entry = Rendered("spatial_text", "{}")
            yield replace(sample, media={**sample.media, Modality.SPATIAL_TEXT: entry})


def render(
    sample: Sample, modality: Modality, arguments: Mapping[str, Any], size_px: int | None
) -> UInt8[np.ndarray, "rows cols 3"]:
    """The words on white, as large as their things; the larger first, so that small ones stay on top.

    `arguments` may hold `labels`, a list of `[name, left, top, width, height]` in fractions, with `aspect` (width /
    height); otherwise the sample's label map says what is where.

    Raises:
        MediaError: no label map and no labels, or they are unreadable.
    """
    if modality is not Modality.SPATIAL_TEXT:
        raise MediaError(f"spatial text is not {modality.display.lower()}")
    labels, aspect = _given(arguments) if "labels" in arguments else _from_label_map(sample, size_px)
    return written(labels, aspect=aspect, size_px=size_px or PICTURE_PX)


def written(labels: Iterable[Label], *, aspect: float, size_px: int) -> UInt8[np.ndarray, "rows cols 3"]:
    """Names on white paper of that proportion (width / height), the longer side `size_px`."""
    width, height = (
        (size_px, max(1, round(size_px / aspect))) if aspect >= 1 else (max(1, round(size_px * aspect)), size_px)
    )
    picture = Image.new("L", (width, height), _PAPER)
    for label in sorted(labels, key=lambda label: -label.area)[:MAX_WORDS]:
        _write(picture, label)
    return np.repeat(np.asarray(picture)[..., None], 3, axis=2)


def _given(arguments: Mapping[str, Any]) -> tuple[list[Label], float]:
    try:
        labels = [Label(str(name), *(float(side) for side in box)) for name, *box in arguments["labels"]]
        aspect = float(arguments.get("aspect", 1.0))
    except (TypeError, ValueError) as error:
        raise MediaError(f"labels must be [name, left, top, width, height]: {json.dumps(arguments)[:60]}") from error
    if not 0.05 <= aspect <= 20:
        raise MediaError(f"a picture {aspect:g} times as wide as high cannot be written")
    return labels, aspect


def _from_label_map(sample: Sample, size_px: int | None) -> tuple[list[Label], float]:
    found = load.label_map(sample, size_px=size_px)
    if found is None:
        raise MediaError(f"{sample.id} has no label map to write words from")
    rows, cols = found.labels.shape
    return labels_of(found), cols / rows


def labels_of(found: LabelMap) -> list[Label]:
    """The places of the instances; of the classes where no instances are known."""
    if found.instance_names:
        plane, names = found.instances, dict(enumerate(found.instance_names, start=1))
    else:
        plane, names = found.labels, dict(found.names)
    step = max(1, max(plane.shape) // _COARSE_PX)
    plane = plane[::step, ::step]
    rows, cols = plane.shape
    codes, inverse = np.unique(plane, return_inverse=True)
    inverse = inverse.reshape(plane.shape)
    by_row = _counts(inverse * rows + np.arange(rows)[:, None], len(codes), rows)
    by_col = _counts(inverse * cols + np.arange(cols), len(codes), cols)
    labels: list[Label] = []
    for place, code in enumerate(codes.tolist()):
        name = names.get(code)
        if name is None or name == "unlabelled" or by_row[place].sum() < _SMALLEST_SHARE * plane.size:
            continue
        labels.append(_box(name, by_row[place], by_col[place]))
    return labels


def _counts(numbers: Int[np.ndarray, "rows cols"], codes: int, lines: int) -> Int[np.ndarray, "codes lines"]:
    """How many pixels of each code lie in each row (or column); `numbers` is code * lines + line."""
    return np.bincount(numbers.ravel(), minlength=codes * lines).reshape(codes, lines)


def _box(name: str, by_row: Int[np.ndarray, " rows"], by_col: Int[np.ndarray, " cols"]) -> Label:
    """Around the median of the thing's pixels, as large as its bounding box would be without the holes."""
    rows, cols, count = len(by_row), len(by_col), int(by_row.sum())
    ys, xs = np.flatnonzero(by_row), np.flatnonzero(by_col)
    high, wide = int(ys[-1] - ys[0] + 1), int(xs[-1] - xs[0] + 1)
    filled = (count / (high * wide)) ** 0.5
    y = float(np.searchsorted(np.cumsum(by_row), count / 2)) / rows
    x = float(np.searchsorted(np.cumsum(by_col), count / 2)) / cols
    width, height = filled * wide / cols, filled * high / rows
    return Label(name, x - width / 2, y - height / 2, width, height)


def _write(picture: Image.Image, label: Label) -> None:
    """The name in the middle of its box, as large as fits the box's width and half its height."""
    width, height = picture.size
    scale = max(width, height) / PICTURE_PX
    smallest, largest = _LETTER_PX[0] * scale, _LETTER_PX[1] * scale
    size = min(label.width * width / max(_ems(label.name), 0.1), label.height * height / 2, largest)
    letters, halo = _stamp(label.name, max(1, round(max(size, smallest))))
    x, y = (label.left + label.width / 2) * width, (label.top + label.height / 2) * height
    half = letters.width / 2
    x = min(max(x, half), max(width - half, half))
    corner = (round(x - half), round(y - letters.height / 2))
    picture.paste(_PAPER, corner, halo)
    picture.paste(_INK, corner, letters)


@lru_cache(maxsize=1024)
def _stamp(name: str, size_px: int) -> tuple[Image.Image, Image.Image]:
    """A word's letters, and the rim that keeps them readable over other words, as masks of one size.

    The rim is a blur made opaque: outlining the letters themselves would take six times as long as writing them.
    """
    font, rim = _font(size_px), round(size_px / 14)
    tall = sum(font.getmetrics()) + 2 * rim
    letters = Image.new("L", (int(np.ceil(font.getlength(name))) + 2 * rim, tall))
    ImageDraw.Draw(letters).text((letters.width / 2, tall / 2), name, fill=255, font=font, anchor="mm")
    if rim == 0:
        return letters, letters
    soft = letters.filter(ImageFilter.BoxBlur(rim))
    return letters, soft.point([min(255, level * (2 * rim + 1)) for level in range(256)])


@lru_cache(maxsize=4096)
def _ems(name: str) -> float:
    """Width of a name over the height of its letters."""
    return _font(100).getlength(name) / 100


@lru_cache(maxsize=128)
def _font(size_px: int) -> ImageFont.FreeTypeFont:
    """DejaVu Sans out of matplotlib's bundle: the same letters on every machine."""
    import matplotlib

    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    # the basic layout is faster than Raqm, and on every machine
    return ImageFont.truetype(str(path), size_px, layout_engine=ImageFont.Layout.BASIC)
