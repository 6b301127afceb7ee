"""A layer that names what is in a map: only for training with labels (matchmaps section 4.5, 3)."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from xmodal.models.contract import valid_frames


class LabelHead(nn.Module):
    """The largest value of each feature over all places, then one linear layer.

    The paper says so of its audio branch and reads the result by a softmax. Here it stands on both branches, and each
    class is a yes or no of its own, since several things are seen and heard at once.
    """

    def __init__(self, dim: int, classes: int) -> None:
        super().__init__()
        self.linear = nn.Linear(dim, classes)

    def initialise(self, generator: torch.Generator) -> None:
        """Small weights, and the same low score for every class at first."""
        nn.init.normal_(self.linear.weight, std=0.01, generator=generator)
        nn.init.constant_(self.linear.bias, -2.0)

    def forward(
        self, maps: Float[Tensor, "items dim *place"], lengths: Int[Tensor, "items"] | None = None
    ) -> Float[Tensor, "items classes"]:
        """Scores of the classes (logits); frames from `lengths` on do not count."""
        flat = maps.flatten(2)
        if lengths is not None:
            flat = flat.masked_fill(~valid_frames(lengths, flat.shape[2])[:, None], float("-inf"))
        return self.linear(flat.amax(dim=2))
