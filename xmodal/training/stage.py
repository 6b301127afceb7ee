"""A stage of a training: on which data, with which optimiser and schedule, for how long, what is frozen."""

from typing import Annotated, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field

from xmodal.training.schedule import Schedule, Staircase


class Sgd(BaseModel):
    """Stochastic gradient descent (matchmaps section 4.6: momentum 0.9, rates 0.001, 0.01 or 0.03)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["sgd"] = "sgd"
    rate: float = Field(default=0.001, gt=0.0)
    """Learning rate before the schedule."""
    momentum: float = Field(default=0.9, ge=0.0, lt=1.0)
    """Share of the last step that is kept in the next."""
    weight_decay: float = Field(default=0.0, ge=0.0)
    """Pull of every weight towards 0, added to its gradient."""

    def build(self, parameters: list[torch.nn.Parameter]) -> torch.optim.Optimizer:
        """The optimiser over those parameters."""
        return torch.optim.SGD(parameters, lr=self.rate, momentum=self.momentum, weight_decay=self.weight_decay)


class Adam(BaseModel):
    """Adam with decoupled weight decay (ours for compact nets)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["adam"] = "adam"
    rate: float = Field(default=0.001, gt=0.0)
    """Learning rate before the schedule."""
    betas: tuple[float, float] = (0.9, 0.999)
    """How slowly the running means of the gradient and of its square change."""
    weight_decay: float = Field(default=0.0, ge=0.0)
    """Pull of every weight towards 0, apart from the gradient."""

    def build(self, parameters: list[torch.nn.Parameter]) -> torch.optim.Optimizer:
        """The optimiser over those parameters."""
        return torch.optim.AdamW(parameters, lr=self.rate, betas=self.betas, weight_decay=self.weight_decay)


class Stage(BaseModel):
    """One stretch of training; what is lowered in it is said by the stages of each paper."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """Shown in progress and logs."""
    data: str = "train"
    """Which of the recipe's data."""
    epochs: int = Field(ge=1)
    """How often its data are gone through."""
    batch: int = Field(default=80, ge=2)
    """Pairs in a step, over all processes (80 in matchmaps section 4.6)."""
    pool: int = Field(default=1, ge=1)
    """Batches that are filled together with captions of about the same length, so that little is padded (ours); 1:
    batches are drawn at random."""
    optimiser: Annotated[Sgd | Adam, Field(discriminator="kind")] = Sgd()
    """What lowers the losses."""
    schedule: Schedule = Staircase()
    """How the learning rate changes in the stage."""
    frozen: tuple[str, ...] = ()
    """Names of parameters that rest begin with one of these, e.g. `image.`."""
    clip_norm: float | None = Field(default=None, gt=0.0)
    """Largest norm of the whole gradient; None: not limited."""
