"""Pictures as networks read them: shorter side resized, a square cut out, pixels normalised (matchmaps section 4.1).

Every pixel is the one that torchvision's transforms of the same name give, which the released code uses.
"""

from collections.abc import Sequence
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
    """Of a picture that would be longer than this after resizing only the middle is used, so that 1 x 10,000 pixels
    do not become 256 x 2,560,000."""
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


def prepared(picture: UInt8[np.ndarray, "rows cols 3"], options: Picture = DEFAULT) -> UInt8[np.ndarray, "_ _ 3"]:
    """Resized, and its middle square: always the same for the same picture (validation, analysis).

    Raises:
        ValueError: a picture without pixels.
    """
    whole = _resized_whole(picture, options)
    if options.crop_px is None:
        return whole
    top, left = (round((length - options.crop_px) / 2) for length in whole.shape[:2])
    return _square(whole, top, left, options.crop_px)


def randomly_prepared(
    picture: UInt8[np.ndarray, "rows cols 3"], options: Picture, generator: np.random.Generator
) -> UInt8[np.ndarray, "_ _ 3"]:
    """Resized, and a random square of it (training); whole if the options have no square.

    The same generator state gives the same square.

    Raises:
        ValueError: a picture without pixels.
    """
    side = options.crop_px
    if side is None:
        return prepared(picture, options)
    if options.random_cut == "resized_crop":
        return _resized(_random_part(picture, generator), side, side)
    whole = _resized_whole(picture, options)
    top, left = (int(generator.integers(length - side + 1)) for length in whole.shape[:2])
    return _square(whole, top, left, side)


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
    items, rows, cols = pictures.shape[:3]
    std = torch.tensor(options.std, dtype=torch.float32)
    # one multiplication and one subtraction, in the order of memory, with the colours' numbers along a whole row
    factor, offset = (
        numbers.repeat(cols).to(pictures.device) for numbers in (1.0 / (255.0 * std), torch.tensor(options.mean) / std)
    )
    scaled = pictures.reshape(items, rows, cols * 3).to(torch.float32).mul_(factor).sub_(offset)
    return scaled.view(items, rows, cols, 3).permute(0, 3, 1, 2)


def _resized(picture: UInt8[np.ndarray, "_ _ 3"], rows: int, cols: int) -> UInt8[np.ndarray, "rows cols 3"]:
    """Bilinear, over all pixels that a new one covers."""
    if picture.size == 0:
        raise ValueError("a picture without pixels cannot be resized")
    if picture.shape[:2] == (rows, cols):
        return picture
    image = Image.fromarray(np.ascontiguousarray(picture))
    return np.array(image.resize((cols, rows), Image.Resampling.BILINEAR))


def _resized_whole(picture: UInt8[np.ndarray, "rows cols 3"], options: Picture) -> UInt8[np.ndarray, "_ _ 3"]:
    """Shorter side as wished, the longer in proportion and rounded down; the middle of what is too long for that."""
    shorter_px = options.shorter_side_px
    longest = max(1, min(picture.shape[:2]) * options.longest_side_px // shorter_px)
    row, col = (max(0, (length - longest) // 2) for length in picture.shape[:2])
    kept = picture[row : row + longest, col : col + longest]
    rows, cols = kept.shape[:2]
    if rows <= cols:
        return _resized(kept, shorter_px, shorter_px * cols // max(1, rows))
    return _resized(kept, shorter_px * rows // max(1, cols), shorter_px)


def _square(picture: UInt8[np.ndarray, "_ _ 3"], top: int, left: int, side: int) -> UInt8[np.ndarray, "side side 3"]:
    return picture[top : top + side, left : left + side].copy()


def _random_part(
    picture: UInt8[np.ndarray, "rows cols 3"], generator: np.random.Generator
) -> UInt8[np.ndarray, "_ _ 3"]:
    """A part of random area and shape; the middle at the nearest shape if ten attempts do not fit."""
    rows, cols = picture.shape[:2]
    for _ in range(_ATTEMPTS):
        area = rows * cols * generator.uniform(*_AREA_SHARES)
        shape = float(np.exp(generator.uniform(*_LOG_SHAPES)))
        height, width = round(float(np.sqrt(area / shape))), round(float(np.sqrt(area * shape)))
        if 0 < height <= rows and 0 < width <= cols:
            top, left = int(generator.integers(rows - height + 1)), int(generator.integers(cols - width + 1))
            return picture[top : top + height, left : left + width]
    flattest, tallest = (float(np.exp(bound)) for bound in reversed(_LOG_SHAPES))
    height, width = min(rows, max(1, round(cols / tallest))), min(cols, max(1, round(rows * flattest)))
    top, left = (rows - height) // 2, (cols - width) // 2
    return picture[top : top + height, left : left + width]
