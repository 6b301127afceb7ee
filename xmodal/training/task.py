"""What a network is asked for in training, apart from the loop: losses of a batch."""

from abc import ABC, abstractmethod
from typing import Any, Protocol, TypeVar, runtime_checkable

import torch
from torch import Tensor, nn

from xmodal.models.contract import CrossModalModel
from xmodal.training.distributed import Ranks
from xmodal.training.stage import Stage

B = TypeVar("B", bound="Movable")


@runtime_checkable
class Movable(Protocol):
    """A batch, of which the loop knows nothing else."""

    def to(self: B, device: torch.device, memory_format: torch.memory_format = ...) -> B:
        """The same on a device."""
        ...


class Task(nn.Module, ABC):
    """A network as one call from a batch to what its losses are about, which is what `DistributedDataParallel` wants.

    `forward` takes a batch of the data that the task is trained on; what it returns only `losses` reads.
    """

    def __init__(self, model: CrossModalModel) -> None:
        super().__init__()
        self.model = model

    @abstractmethod
    def check(self, stage: Stage) -> None:
        """See that the network can be trained so.

        Raises:
            InputError: it cannot.
        """

    @abstractmethod
    def losses(
        self, stage: Stage, outputs: Any, batch: Any, ranks: Ranks, generator: torch.Generator
    ) -> dict[str, Tensor]:
        """The losses of the whole batch over all processes, by name; their sum is lowered."""
