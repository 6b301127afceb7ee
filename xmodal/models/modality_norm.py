"""Batch norm in layers that several senses share (ours)."""

from collections.abc import Iterable
from typing import final

import torch
from jaxtyping import Float
from torch import Tensor, nn

from xmodal.modality import Modality
from xmodal.models.encoders.weights import reset_batch_norm


@final
class ModalityNorm(nn.Module):
    """Mean and variance of each sense on its own, scale and shift shared by all.

    A batch holds one sense. With shared running statistics training would subtract the mean of pictures from pictures,
    and evaluation the mean of pictures and sounds together: the network would be another one than that which learned.
    """

    def __init__(self, modalities: Iterable[Modality], units: int) -> None:
        super().__init__()
        self.statistics = nn.ModuleDict({each.value: nn.BatchNorm1d(units, affine=False) for each in modalities})
        self.scale = nn.Parameter(torch.ones(units))
        self.shift = nn.Parameter(torch.zeros(units))

    def initialise(self) -> None:
        """Scale 1, shift 0, no statistics seen."""
        for norm in self.statistics.values():
            assert isinstance(norm, nn.BatchNorm1d)
            reset_batch_norm(norm)
        nn.init.ones_(self.scale)
        nn.init.zeros_(self.shift)

    def forward(self, features: Float[Tensor, "items units"], modality: Modality) -> Float[Tensor, "items units"]:
        """Features of a batch of that sense, normalised."""
        return self.statistics[modality.value](features) * self.scale + self.shift
