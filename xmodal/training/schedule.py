"""Learning rates as functions of the step."""

import math
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Constant(BaseModel):
    """One factor for all steps after a linear warm-up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["constant"] = "constant"
    warm_up: float = Field(default=0.0, ge=0.0, lt=1.0)
    """Share of the steps in which the rate rises from 0."""

    def factor(self, step: int, *, steps: int, epoch_steps: int) -> float:
        """What the learning rate is multiplied by at that step (counted from 0 in its stage)."""
        del epoch_steps
        return _warm(step, steps, self.warm_up)


class Staircase(BaseModel):
    """The rate falls by a factor every few epochs (matchmaps section 4.6: by 10 every 30)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["staircase"] = "staircase"
    every_epochs: int = Field(default=30, ge=1)
    """Epochs between two falls."""
    by: float = Field(default=0.1, gt=0.0, le=1.0)
    """What the rate is multiplied by at each."""

    def factor(self, step: int, *, steps: int, epoch_steps: int) -> float:
        """What the learning rate is multiplied by at that step (counted from 0 in its stage)."""
        del steps
        return self.by ** (step // epoch_steps // self.every_epochs)


class Cosine(BaseModel):
    """After a linear warm-up the rate falls along half a cosine to a share of its height."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["cosine"] = "cosine"
    warm_up: float = Field(default=0.05, ge=0.0, lt=1.0)
    """Share of the steps in which the rate rises from 0."""
    floor: float = Field(default=0.02, ge=0.0, le=1.0)
    """Where it ends."""

    def factor(self, step: int, *, steps: int, epoch_steps: int) -> float:
        """What the learning rate is multiplied by at that step (counted from 0 in its stage)."""
        del epoch_steps
        rising = round(self.warm_up * steps)
        if step < rising:
            return _warm(step, steps, self.warm_up)
        done = (step - rising) / max(1, steps - rising)
        return self.floor + (1.0 - self.floor) * 0.5 * (1.0 + math.cos(math.pi * done))


def _warm(step: int, steps: int, share: float) -> float:
    rising = round(share * steps)
    return min(1.0, (step + 1) / (rising + 1))


Schedule = Annotated[Constant | Staircase | Cosine, Field(discriminator="kind")]
"""Any of them."""
