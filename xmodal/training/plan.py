"""What a training is, how far it is, and how many steps it takes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Int

from xmodal.models.contract import CrossModalModel
from xmodal.runs.run import Run
from xmodal.training.distributed import Ranks
from xmodal.training.precision import Place
from xmodal.training.stage import Stage
from xmodal.training.task import Movable, Task


@runtime_checkable
class Examples(Protocol):
    """What is learned from, read by position."""

    def __len__(self) -> int:
        """Their number."""
        ...

    @property
    def lengths(self) -> Int[np.ndarray, "examples"]:
        """About how long each one's caption is: frames or words."""
        ...

    def batch(self, positions: Sequence[int], generator: np.random.Generator | None) -> Movable:
        """Those examples on the CPU; with a generator they are cut and changed at random."""
        ...


@runtime_checkable
class Looks(Protocol):
    """Takes sample predictions while a network learns."""

    def wanted(self, step: int, steps: int, *, epoch_ended: bool) -> bool:
        """Whether to look after that step of so many; 0 is before the first."""
        ...

    def take(self, model: Any, step: int) -> None:
        """Look at the task's network, which is in evaluation mode."""
        ...


@dataclass(frozen=True)
class Training:
    """Everything that a training needs."""

    run: Run
    task: Task
    """The network, and what its losses are."""
    stages: tuple[Stage, ...]
    data: Mapping[str, Examples]
    seed: int
    place: Place
    validate: Callable[[Any], Mapping[str, float]] | None = None
    """Measures the task's network after each epoch, handed in by whoever knows how to evaluate."""
    concepts: Callable[[Any], Mapping[str, Any]] | None = None
    """Reads the network's concepts after each epoch, for the log; handed in likewise."""
    looks: Looks | None = None
    """Takes sample predictions; only in the leading process."""
    ranks: Ranks = field(default_factory=Ranks)
    keep_epochs: frozenset[int] = frozenset()
    """Epochs whose checkpoints stay; of the others only the newest does."""

    @property
    def model(self) -> CrossModalModel:
        """The network."""
        return self.task.model


@dataclass(frozen=True)
class Position:
    """How far a training is."""

    stage: int = 0
    epoch: int = 0
    """Epochs done in the stage."""
    step: int = 0
    """Steps done in the epoch."""


def epoch_steps(stage: Stage, examples: int) -> int:
    """Steps in an epoch: whole batches only; a set smaller than a batch makes one step."""
    return max(1, examples // stage.batch)


def total_steps(stages: Sequence[Stage], data: Mapping[str, Examples]) -> int:
    """Steps of a whole training."""
    return sum(stage.epochs * epoch_steps(stage, len(data[stage.data])) for stage in stages)


def steps_before(training: Training, position: Position) -> int:
    """Steps done when the training stands there."""
    done = total_steps(training.stages[: position.stage], training.data)
    if position.stage < len(training.stages):
        stage = training.stages[position.stage]
        done += position.epoch * epoch_steps(stage, len(training.data[stage.data])) + position.step
    return done
