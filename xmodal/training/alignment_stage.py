"""A stage of a training that aligns senses: by ranking, by model transfer, or by both (see_hear_read section 3.3)."""

from typing import Annotated

from pydantic import Field, model_validator

from xmodal.objectives import InfoNce, Ranking
from xmodal.objectives.distillation import Distillation
from xmodal.training.stage import Stage

AnyRanking = Annotated[Ranking | InfoNce, Field(discriminator="kind")]
"""A loss on the cosines of a batch by its `kind`."""


class AlignmentStage(Stage):
    """One stretch of training; `batch` counts the pairs of each sense."""

    ranking: tuple[AnyRanking, ...] = ()
    """Losses on the cosines of pictures with each other sense, added (Eq. 2-3)."""
    layers: tuple[str, ...] = ("joint", "hidden1", "hidden2")
    """Hidden activations that are compared; the loss of each is added (3.3: the last three)."""
    transfer: Distillation | None = None
    """Loss of what every sense says against what the recipe's teacher says of the picture (Eq. 1); None: not asked."""

    @model_validator(mode="after")
    def _learns(self) -> "AlignmentStage":
        if not self.ranking and self.transfer is None:
            raise ValueError(f"stage {self.name!r} has nothing to lower: give it a ranking loss or a transfer")
        if self.ranking and not self.layers:
            raise ValueError(f"stage {self.name!r} ranks on no layer: name some of joint, hidden1, hidden2")
        return self
