"""The matchmap of one picture and one caption, and the three scores made of it (matchmaps section 4.3)."""

from enum import StrEnum

from jaxtyping import Float
from torch import Tensor, einsum


class Aggregation(StrEnum):
    """How a matchmap becomes one score: I is the image side, A the audio (caption) side, S a mean, M a maximum."""

    SISA = "sisa"
    """Mean over the picture and the frames (Eq. 6)."""
    MISA = "misa"
    """Mean over the frames of the best image cell (Eq. 7)."""
    SIMA = "sima"
    """Mean over the image cells of the best frame (Eq. 8)."""


def matchmap(
    image: Float[Tensor, "dim rows cols"], caption: Float[Tensor, "dim frames"]
) -> Float[Tensor, "rows cols frames"]:
    """`M[row, col, frame]`: dot product of an image cell and a caption frame (matchmaps section 4.3, below Eq. 5).

    With features of unit length along `dim` (`cosine.unit_length`) the entries are cosines.
    """
    return einsum("drc,dt->rct", image, caption)


def aggregate(
    matchmap: Float[Tensor, "rows cols frames"], aggregation: Aggregation, frames: int | None = None
) -> Float[Tensor, ""]:
    """The score of a matchmap (matchmaps Eq. 6-8), of its first `frames` frames (all by default).

    The paper averages over padded frames too; here they are excluded. `ValueError` unless 1 <= frames <= the map's.
    """
    present = matchmap.shape[2]
    frames = present if frames is None else frames
    if not 1 <= frames <= present:
        raise ValueError(f"a matchmap of {present} frames cannot be scored on {frames}")
    heard = matchmap[:, :, :frames]
    match aggregation:
        case Aggregation.SISA:
            return heard.mean()
        case Aggregation.MISA:
            return heard.amax((0, 1)).mean()
        case Aggregation.SIMA:
            return heard.amax(2).mean()
