"""Features of unit length: dot products become cosines (see_hear_read Eq. 3).

Matchmaps become cosine matchmaps with it (ours; that paper uses dots).
"""

import torch
from jaxtyping import Float
from torch import Tensor

SHORTEST = 1e-6
"""Features shorter than this are divided by it instead: a zero vector stays zero, and its gradient finite."""


def unit_length(features: Float[Tensor, "..."], *, dim: int) -> Float[Tensor, "..."]:
    """The features divided by their Euclidean length along axis `dim`.

    Shorter ones than `SHORTEST` are divided by `SHORTEST`. Half-precision features are divided in float32 (squares
    overflow float16 from 256 up) and returned in their own type.
    """
    wide = features.float() if features.dtype in (torch.bfloat16, torch.float16) else features
    length = torch.linalg.vector_norm(wide, dim=dim, keepdim=True)
    return (wide / length.clamp_min(SHORTEST)).to(features.dtype)


def cosines(first: Float[Tensor, "rows dim"], second: Float[Tensor, "cols dim"]) -> Float[Tensor, "rows cols"]:
    """Cosine of every vector of the first with every one of the second (see_hear_read Eq. 3), in float32.

    Autocast does not change that: half precision would round cosines to two or three digits, as much as a margin.
    """
    device = "cpu" if first.device.type == "meta" else first.device.type  # autocast knows no meta
    with torch.autocast(device, enabled=False):
        return unit_length(first.float(), dim=1) @ unit_length(second.float(), dim=1).T
