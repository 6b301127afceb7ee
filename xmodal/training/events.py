"""What happens in a training, told to whoever listens: the metrics log, a terminal, a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xmodal.errors import InputError


@dataclass(frozen=True)
class StepDone:
    """One optimiser step."""

    step: int
    """Steps done in the whole run."""
    steps: int
    """Steps of the whole run."""
    stage: str
    epoch: int
    """Epochs done before this one, in the whole run."""
    terms: Mapping[str, float]
    """Each term of the loss, times its weight."""
    loss: float
    rate: float
    """Learning rate."""
    items_per_s: float
    """Pairs learned, over all processes."""
    waiting: float
    """Share of the step's time spent waiting for data."""
    memory_bytes: int
    """Memory of the leading process, see `Place.memory_bytes`."""


@dataclass(frozen=True)
class Validated:
    """An epoch was measured on the validation data."""

    step: int
    epoch: int
    """Epochs done."""
    measures: Mapping[str, float]
    concepts: Mapping[str, Any] = field(default_factory=dict)
    """What the dimensions of the space stand for by now, as it is logged; empty if nobody asked."""


@dataclass(frozen=True)
class Saved:
    """A checkpoint is on disk."""

    step: int
    epoch: int
    folder: Path


@dataclass(frozen=True)
class Stopped:
    """Somebody asked for the end; the state is saved."""

    step: int
    epoch: int


Event = StepDone | Validated | Saved | Stopped


class DivergedError(InputError):
    """The loss or the weights are not finite numbers any more."""
