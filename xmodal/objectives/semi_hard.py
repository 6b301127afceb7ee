"""Triplets with the hardest impostor that scores below the own pair (matchmaps Eq. 12-14)."""

from typing import Literal

import torch
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor

from xmodal.objectives.contract import Objective, Reduction, pairs_of, reduced
from xmodal.objectives.sampled_margin import sample_impostors, sampled_margin


def semi_hard_margin(
    similarities: Float[Tensor, "batch batch"],
    *,
    margin: float,
    generator: torch.Generator,
    reduction: Reduction = "mean",
    released_masking: bool = False,
) -> Float[Tensor, ""]:
    """Two hinges a pair against the best caption and the best image that score less than the pair (Eq. 12-14).

    Less is strict. A pair without candidates gets a random impostor, as the paper says; two impostors a pair are drawn
    whether they are needed or not, so that the generator moves on alike for all scores. `reduction="sum"` is the
    equation as printed. `released_masking` is the behaviour of the authors' released code, `released_semi_hard_margin`.
    """
    spare_captions, spare_images = sample_impostors(pairs_of(similarities), generator=generator)
    if released_masking:
        return released_semi_hard_margin(similarities, margin=margin, reduction=reduction)
    captions = _semi_hard_impostors(similarities, spare_captions)
    images = _semi_hard_impostors(similarities.T, spare_images)
    return sampled_margin(similarities, (captions, images), margin=margin, reduction=reduction)


def released_semi_hard_margin(
    similarities: Float[Tensor, "batch batch"], *, margin: float, reduction: Reduction = "mean"
) -> Float[Tensor, ""]:
    """As the authors' released code has it: what is no candidate counts as an impostor of score 0.

    So no impostor scores below 0, and a pair without candidates gets a constant one. For comparisons only.
    """
    own = similarities.diagonal()
    hinges = [
        ((scores * (scores < own[:, None])).amax(1) - own + margin).clamp_min(0)
        for scores in (similarities, similarities.T)
    ]
    return reduced(hinges[0] + hinges[1], reduction)


def _semi_hard_impostors(scores: Float[Tensor, "batch batch"], spare: Int[Tensor, "batch"]) -> Int[Tensor, "batch"]:
    """Column of the best score of each row below the row's own; the first of equal ones, the spare if none is."""
    scores = scores.detach()
    candidates = scores < scores.diagonal()[:, None]
    best = scores.masked_fill(~candidates, -torch.inf).argmax(1)
    return torch.where(candidates.any(1), best, spare.to(scores.device))


class SemiHard(Objective):
    """`semi_hard_margin`; the paper adds it to `SampledMargin` with equal weight (Eq. 15)."""

    kind: Literal["semi_hard"] = "semi_hard"
    margin: float = Field(default=1.0, gt=0.0, allow_inf_nan=False)
    """How much better than the impostor the own caption or image must score; 1 in the paper."""
    released_masking: bool = False
    """Mask as the authors' released code does, which lets no impostor score below 0."""

    def terms(
        self, similarities: Float[Tensor, "batch batch"], generator: torch.Generator
    ) -> dict[str, Float[Tensor, ""]]:
        """One term, `semi_hard`."""
        loss = semi_hard_margin(
            similarities, margin=self.margin, generator=generator, released_masking=self.released_masking
        )
        return {self.kind: self.weight * loss}
