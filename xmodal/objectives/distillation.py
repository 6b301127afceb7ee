"""Model transfer: every sense learns to say what a teacher says of the picture (see_hear_read Eq. 1)."""

from collections.abc import Mapping
from typing import Literal

from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor
from torch.nn import functional

from xmodal.objectives.contract import Reduction


def distillation(
    student_scores: Float[Tensor, "items classes"],
    *,
    teacher_probabilities: Float[Tensor, "items classes"],
    reduction: Reduction = "mean",
) -> Float[Tensor, ""]:
    """KL(teacher || student), the sum over classes of `P log(P / Q)` with P the teacher's and Q the student's.

    In nats, at temperature 1. Classes that the teacher rules out (0) add nothing. The equation sums over the items
    (`reduction="sum"`); our default is their mean. Half precision is widened to float32.

    Args:
        student_scores: before the softmax.
        teacher_probabilities: after it; every row adds up to 1.
    """
    student = functional.log_softmax(student_scores.float(), dim=1)
    each = functional.kl_div(student, teacher_probabilities.float(), reduction="none").sum(dim=1)
    return each.mean() if reduction == "mean" else each.sum()


class Distillation(BaseModel):
    """`distillation` for each sense of an item, the picture's own included (3.3: sound, vision and text)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["distillation"] = "distillation"
    weight: float = Field(default=1.0, ge=0.0, allow_inf_nan=False)
    """What the terms are multiplied by. The paper adds all losses (3.3) and tells no weights."""
    reduction: Reduction = "mean"
    """Over the items; over the classes it is always a sum."""

    def terms(
        self, scores: Mapping[str, Float[Tensor, "items classes"]], teacher: Float[Tensor, "items classes"]
    ) -> dict[str, Float[Tensor, ""]]:
        """One loss for each sense that has scores, named after it: `image_distillation`.

        Args:
            scores: of the same items in each sense, before the softmax.
            teacher: probabilities of the classes, from the pictures of those items.
        """
        return {
            f"{sense}_{self.kind}": self.weight
            * distillation(of_sense, teacher_probabilities=teacher, reduction=self.reduction)
            for sense, of_sense in scores.items()
        }
