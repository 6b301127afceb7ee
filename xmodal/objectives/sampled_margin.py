"""Triplets with impostors drawn at random (matchmaps Eq. 9-11)."""

from typing import Literal

import torch
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor

from xmodal.objectives.contract import Objective, Reduction, pairs_of, reduced

Impostors = tuple[Int[Tensor, "batch"], Int[Tensor, "batch"]]
"""For each pair the column of an impostor caption and the row of an impostor image."""


def sample_impostors(batch: int, *, generator: torch.Generator) -> Impostors:
    """An impostor caption and an impostor image for each pair, uniform over the others (matchmaps Eq. 9-10).

    The draw depends on the generator and the batch size alone; the indices lie on the generator's device.
    `ValueError` for fewer than two pairs.
    """
    if batch < 2:
        raise ValueError("a batch of one pair has no impostors: at least two pairs are needed")
    own = torch.arange(batch, device=generator.device)
    drawn = torch.randint(0, batch - 1, (2, batch), generator=generator, device=generator.device)
    captions, images = drawn + (drawn >= own)
    return captions, images


def sampled_margin(
    similarities: Float[Tensor, "batch batch"],
    impostors: Impostors,
    *,
    margin: float,
    reduction: Reduction = "mean",
) -> Float[Tensor, ""]:
    """Two hinges a pair, one for the impostor caption and one for the impostor image (matchmaps Eq. 11).

    `reduction="sum"` is the equation as printed.
    """
    pairs_of(similarities)
    captions, images = (chosen.to(similarities.device)[None] for chosen in impostors)
    own = similarities.diagonal()
    caption_scores = similarities.gather(1, captions.T)[:, 0]
    image_scores = similarities.gather(0, images)[0]
    hinges = (caption_scores - own + margin).clamp_min(0) + (image_scores - own + margin).clamp_min(0)
    return reduced(hinges, reduction)


class SampledMargin(Objective):
    """`sampled_margin` with fresh impostors at each step."""

    kind: Literal["sampled_margin"] = "sampled_margin"
    margin: float = Field(default=1.0, gt=0.0, allow_inf_nan=False)
    """How much better than the impostor the own caption or image must score; 1 in the paper."""

    def terms(
        self, similarities: Float[Tensor, "batch batch"], generator: torch.Generator
    ) -> dict[str, Float[Tensor, ""]]:
        """One term, `sampled_margin`."""
        impostors = sample_impostors(pairs_of(similarities), generator=generator)
        return {self.kind: self.weight * sampled_margin(similarities, impostors, margin=self.margin)}
