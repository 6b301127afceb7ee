"""Hinges against every impostor of the batch, in both directions (see_hear_read Eq. 2, 3.3)."""

from typing import Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from xmodal.objectives.contract import Objective, Reduction, pairs_of


def ranking(
    similarities: Float[Tensor, "batch batch"], *, margin: float, reduction: Reduction = "mean"
) -> Float[Tensor, ""]:
    """Sum over both directions of the hinges `margin - own + impostor`, for each pair and each of its impostors.

    Eq. 2 with x as rows and y as columns, plus the same with both exchanged (3.3: vision to text and text to vision).
    The equation sums over pairs and impostors (`reduction="sum"`); our default takes their mean instead, so that the
    loss keeps its size whatever the batch: `sum = mean x batch x (batch - 1)`.
    """
    pairs = pairs_of(similarities)
    own = similarities.diagonal()
    hinges = (margin - own[:, None] + similarities).clamp_min(0) + (margin - own[None] + similarities).clamp_min(0)
    itself = torch.eye(pairs, dtype=torch.bool, device=similarities.device)
    total = hinges.masked_fill(itself, 0).sum()
    return total / (pairs * (pairs - 1)) if reduction == "mean" else total


class Ranking(Objective):
    """`ranking`, for cosine similarities (Eq. 3)."""

    kind: Literal["ranking"] = "ranking"
    margin: float = Field(default=0.2, gt=0.0, allow_inf_nan=False)
    """How much better than every impostor the own item must score. The paper does not tell; 0.2 of a cosine is what
    Kiros et al. (its reference 18) use."""
    reduction: Reduction = "mean"
    """Over pairs and impostors; the directions are always added."""

    def terms(
        self,
        similarities: Float[Tensor, "batch batch"],
        generator: torch.Generator,  # noqa: ARG002 - part of the contract; nothing is drawn here
    ) -> dict[str, Float[Tensor, ""]]:
        """One term, `ranking`."""
        return {self.kind: self.weight * ranking(similarities, margin=self.margin, reduction=self.reduction)}
