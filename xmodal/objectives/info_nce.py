"""Contrast of each pair with all other pairs of the batch; no part of the paper's training, offered beside it."""

from typing import Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from xmodal.objectives.contract import Objective, Reduction, pairs_of


def info_nce(
    similarities: Float[Tensor, "batch batch"],
    *,
    temperature: float | Float[Tensor, ""],
    reduction: Reduction = "mean",
) -> Float[Tensor, ""]:
    """Cross entropy of the own caption among all captions and of the own image among all images, their mean.

    Similarities are divided by the temperature (> 0; a scalar tensor may be learnt). An uninformed net scores
    ln(batch).
    """
    pairs = pairs_of(similarities)
    if not isinstance(temperature, Tensor) and not temperature > 0:
        raise ValueError(f"the temperature must be above 0, not {temperature}")
    scores = similarities / temperature
    own = torch.arange(pairs, device=scores.device)
    captions = functional.cross_entropy(scores, own, reduction=reduction)
    images = functional.cross_entropy(scores.T, own, reduction=reduction)
    return (captions + images) / 2


class InfoNce(Objective):
    """`info_nce` at a fixed temperature, for cosine similarities."""

    kind: Literal["info_nce"] = "info_nce"
    temperature: float = Field(default=0.07, gt=0.0, allow_inf_nan=False)
    """What cosines are divided by; 0.07 is where contrastive image-text training commonly starts."""

    def terms(
        self,
        similarities: Float[Tensor, "batch batch"],
        generator: torch.Generator,  # noqa: ARG002 - part of the contract; nothing is drawn here
    ) -> dict[str, Float[Tensor, ""]]:
        """One term, `info_nce`."""
        return {self.kind: self.weight * info_nce(similarities, temperature=self.temperature)}
