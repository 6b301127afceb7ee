"""Pictures as networks read them: shorter side resized, a square cut out, pixels normalised (matchmaps section 4.1).

A cut is resized straight from its place in the original, so that the cost does not grow with what is cut away: a
picture of 1 x 10,000 pixels is as cheap as any other. The pixels are those of resizing first and cutting afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image
from pydantic import BaseModel, Field, model_validator
from torch import Tensor

IMAGENET_MEAN = (0.485, 0.456, 0.406)
"""Of red, green and blue in [0, 1] over ImageNet."""
IMAGENET_STD = (0.229, 0.224, 0.225)


class Picture(BaseModel, frozen=True, extra="forbid"):
    """How a picture becomes a network's input; the defaults are matchmaps section 4.1."""

    shorter_side_px: int = Field(default=256, gt=0)
    """The shorter side after resizing; proportions are kept."""
    crop_px: int | None = Field(default=224, gt=0)
    """Side of the square that is cut out; None: the whole picture, as for drawing matchmaps."""
    longest_side_px: int = Field(default=2048, gt=0)
    """Without a square, of a picture longer than this (when resized) the middle is used."""
    random_cut: Literal["crop", "resized_crop"] = "crop"
    """In training: a square anywhere in the resized picture, as the paper writes; or 8 to 100 % of the original's
    area at 3:4 to 4:3, resized to the square, as the released code does (torchvision's RandomResizedCrop)."""
    mean: tuple[float, float, float] = IMAGENET_MEAN
    """Taken from each channel in [0, 1]."""
    std: tuple[float, float, float] = IMAGENET_STD
    """Each channel is divided by it."""

    @model_validator(mode="after")
    def _fits(self) -> "Picture":
        if self.crop_px is not None and self.crop_px > self.shorter_side_px:
            raise ValueError(f"a square of {self.crop_px} px does not fit a side of {self.shorter_side_px} px")
        if self.longest_side_px < self.shorter_side_px:
            raise ValueError(f"longest side {self.longest_side_px} px is under the shorter, {self.shorter_side_px} px")
        if min(self.std) <= 0.0:
            raise ValueError("a standard deviation must be over 0")
        return self


DEFAULT = Picture()
WHOLE = Picture(crop_px=None)
"""For drawing matchmaps: the shorter side 256, nothing cut (matchmaps section 4.1)."""
RELEASED = Picture(random_cut="resized_crop")
"""As the authors' checkpoints were trained."""

_AREA_SHARES = (0.08, 1.0)
_LOG_SHAPES = (float(np.log(3 / 4)), float(np.log(4 / 3)))
_ATTEMPTS = 10


@dataclass(frozen=True)
class Cut:
    """A part of an original picture, and the size it is resized to."""

    top_px: float
    left_px: float
    bottom_px: float
    right_px: float
    rows: int
    cols: int


def prepared(picture: UInt8[np.ndarray, "rows cols 3"], options: Picture = DEFAULT) -> UInt8[np.ndarray, "_ _ 3"]:
    """Resized, and its middle square: always the same for the same picture (validation, analysis)."""
    return resized(picture, centre_cut(picture.shape[0], picture.shape[1], options))


def randomly_prepared(
    picture: UInt8[np.ndarray, "rows cols 3"], options: Picture, generator: np.random.Generator
) -> UInt8[np.ndarray, "_ _ 3"]:
    """Resized, and a random square of it (training); whole if the options have no square.

    The same generator state gives the same cut.
    """
    rows, cols = picture.shape[:2]
    if options.crop_px is None:
        return prepared(picture, options)
    if options.random_cut == "crop":
        return resized(picture, _random_square(rows, cols, options, generator))
    return resized(picture, _random_area(rows, cols, options.crop_px, generator))


def centre_cut(rows: int, cols: int, options: Picture = DEFAULT) -> Cut:
    """Where in an original of this size the middle square lies, in its pixels."""
    full_rows, full_cols = _resized_size(rows, cols, options.shorter_side_px)
    if options.crop_px is None:
        kept_rows, kept_cols = min(full_rows, options.longest_side_px), min(full_cols, options.longest_side_px)
    else:
        kept_rows = kept_cols = options.crop_px
    corner = (round((full_rows - kept_rows) / 2), round((full_cols - kept_cols) / 2))
    return _cut((rows, cols), (full_rows, full_cols), corner, (kept_rows, kept_cols))


def resized(picture: UInt8[np.ndarray, "rows cols 3"], cut: Cut) -> UInt8[np.ndarray, "_ _ 3"]:
    """A part of a picture at its new size (bilinear, over all pixels that a new one covers)."""
    box = (cut.left_px, cut.top_px, cut.right_px, cut.bottom_px)
    image = Image.fromarray(np.ascontiguousarray(picture))
    return np.array(image.resize((cut.cols, cut.rows), Image.Resampling.BILINEAR, box=box))


def batch(pictures: Sequence[UInt8[np.ndarray, "_ _ 3"]]) -> UInt8[Tensor, "items rows cols 3"]:
    """Pictures of one size as a tensor.

    Raises:
        ValueError: no picture, or of several sizes.
    """
    sizes = sorted({picture.shape[:2] for picture in pictures})
    if len(sizes) != 1:
        shown = ", ".join(f"{rows} x {cols}" for rows, cols in sizes[:4]) or "none"
        raise ValueError(f"a batch needs pictures of one size, got {shown}")
    return torch.from_numpy(np.stack(pictures))


def normalised(
    pictures: UInt8[Tensor, "items rows cols 3"], options: Picture = DEFAULT
) -> Float[Tensor, "items 3 rows cols"]:
    """Channels less their mean, over their standard deviation; float32, in channels-last memory, same device."""
    mean = torch.tensor(options.mean, dtype=torch.float32, device=pictures.device)
    std = torch.tensor(options.std, dtype=torch.float32, device=pictures.device)
    # one multiplication and one addition, in the order of memory: colours are the last axis until the end
    scaled = pictures.to(torch.float32) * (1.0 / (255.0 * std))
    return (scaled - mean / std).permute(0, 3, 1, 2)


def _resized_size(rows: int, cols: int, shorter_side_px: int) -> tuple[int, int]:
    """Size with the shorter side as wished and the longer rounded down, as torchvision has it."""
    if rows == 0 or cols == 0:
        raise ValueError(f"a picture of {rows} x {cols} pixels has none")
    if rows <= cols:
        return shorter_side_px, shorter_side_px * cols // rows
    return shorter_side_px * rows // cols, shorter_side_px


def _cut(original: tuple[int, int], full: tuple[int, int], corner: tuple[int, int], kept: tuple[int, int]) -> Cut:
    """A window of the resized picture as a part of the original."""
    (rows, cols), (full_rows, full_cols), (top, left) = original, full, corner
    down, across = rows / full_rows, cols / full_cols
    return Cut(
        top_px=top * down,
        left_px=left * across,
        bottom_px=min((top + kept[0]) * down, float(rows)),
        right_px=min((left + kept[1]) * across, float(cols)),
        rows=kept[0],
        cols=kept[1],
    )


def _random_square(rows: int, cols: int, options: Picture, generator: np.random.Generator) -> Cut:
    """A square anywhere in the resized picture, each place equally likely."""
    side = options.crop_px or options.shorter_side_px
    full = _resized_size(rows, cols, options.shorter_side_px)
    top, left = (int(generator.integers(length - side + 1)) for length in full)
    return _cut((rows, cols), full, (top, left), (side, side))


def _random_area(rows: int, cols: int, side: int, generator: np.random.Generator) -> Cut:
    """A part of random area and shape of the original; the middle at the nearest shape if ten attempts do not fit."""
    for _ in range(_ATTEMPTS):
        area = rows * cols * generator.uniform(*_AREA_SHARES)
        shape = float(np.exp(generator.uniform(*_LOG_SHAPES)))
        height, width = round(float(np.sqrt(area / shape))), round(float(np.sqrt(area * shape)))
        if 0 < height <= rows and 0 < width <= cols:
            top, left = int(generator.integers(rows - height + 1)), int(generator.integers(cols - width + 1))
            return Cut(float(top), float(left), float(top + height), float(left + width), side, side)
    shape = float(np.exp(np.clip(np.log(cols / rows), *_LOG_SHAPES)))
    height, width = max(1, min(rows, round(cols / shape))), max(1, min(cols, round(rows * shape)))
    top, left = (rows - height) // 2, (cols - width) // 2
    return Cut(float(top), float(left), float(top + height), float(left + width), side, side)
