"""Where the cells of a convolutional map lie in its input: stride, first centre, receptive field."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from torch import Tensor


@dataclass(frozen=True)
class Window:
    """A convolution or pool along one axis, in steps of its own input."""

    kernel: int
    stride: int = 1
    padding: int = 0


@dataclass(frozen=True)
class Geometry:
    """A stack of windows along one axis, in steps (frames, pixels, words) of the stack's input."""

    stride: int
    """Steps from one cell to the next."""
    first_centre: float
    """Index of the step under the centre of cell 0; half-integral where even kernels sit between two steps."""
    receptive_field: int
    """Steps that can change a cell, where the longest path counts."""

    def centres(self, count: int) -> Float[np.ndarray, "cells"]:
        """Index of the input step under each of the first `count` cells."""
        return self.first_centre + self.stride * np.arange(count, dtype=np.float64)

    def cells_with_real_centre(self, lengths: Int[Tensor, "items"]) -> Int[Tensor, "items"]:
        """Cells whose centre lies on one of the first `lengths` steps; at least 1."""
        last = (lengths - 1 - self.first_centre).div(self.stride, rounding_mode="floor")
        return (last.to(lengths.dtype) + 1).clamp(min=1)


def through(windows: Iterable[Window]) -> Geometry:
    """The geometry of windows applied one after the other."""
    stride, first_centre, receptive_field = 1, 0.0, 1
    for window in windows:
        first_centre += ((window.kernel - 1) / 2 - window.padding) * stride
        receptive_field += (window.kernel - 1) * stride
        stride *= window.stride
    return Geometry(stride, first_centre, receptive_field)
