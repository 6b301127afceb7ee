"""What padded frames may do inside a caption network: nothing, where the config asks for it."""

from torch import Tensor

from xmodal.models.contract import valid_frames


def only_real(features: Tensor, real: Tensor | None) -> Tensor:
    """Frames (last axis) at or past each item's `real` set to 0; None leaves all as they are.

    A convolution pads with zeros, so a caption masked before every convolution gives the maps it gives alone. The
    same holds for max pools behind a ReLU, and after them: a pool carries the last real frame into the padding.
    """
    if real is None:
        return features
    mask = valid_frames(real, features.shape[-1]).to(features.dtype)
    return features * mask.reshape(len(mask), *(1,) * (features.ndim - 2), -1)


def strided(real: Tensor | None, stride: int) -> Tensor | None:
    """Frames that stay real after an evenly padded window of this stride: ceil(real / stride)."""
    return None if real is None else (real + stride - 1).div(stride, rounding_mode="floor")
