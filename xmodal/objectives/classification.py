"""Training with labels: what is seen and heard, class by class (matchmaps section 4.5, 3)."""

from collections.abc import Mapping
from typing import Literal

from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from xmodal.objectives.contract import Reduction


class Classification(BaseModel):
    """A yes or no for every class.

    Ours: the paper trains each branch on a set of its own with one class an item (softmax, cross-entropy; ImageNet,
    AudioSet). Here both learn from the same items, in which several things are seen and heard.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["classification"] = "classification"
    weight: float = Field(default=1.0, ge=0.0, allow_inf_nan=False)
    """What the terms are multiplied by."""
    reduction: Reduction = "mean"
    """Over the items; over the classes it is always a sum."""

    def terms(
        self, scores: Mapping[str, Float[Tensor, "items _"]], targets: Mapping[str, Float[Tensor, "items _"]]
    ) -> dict[str, Float[Tensor, ""]]:
        """One loss for each branch that has scores, named after it; targets are 0 or 1.

        Raises:
            ValueError: scores without targets.
        """
        missing = [branch for branch in scores if branch not in targets]
        if missing:
            raise ValueError(f"there are no labels of what is {missing[0]}")
        losses = {}
        for branch, of_branch in scores.items():
            each = binary_cross_entropy_with_logits(of_branch.float(), targets[branch], reduction="none").sum(dim=1)
            losses[f"{branch}_labels"] = self.weight * (each.mean() if self.reduction == "mean" else each.sum())
        return losses
