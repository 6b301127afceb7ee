"""How far a training is: the newest of what it logged and told, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xmodal import workspace
from xmodal.recipes.networks import find_run


@dataclass(frozen=True)
class Now:
    """A run at this moment; what is not known is empty."""

    stage: str
    step: int
    steps: int
    epoch: int
    items_per_s: float | None
    waiting: float | None
    """Share of the time that goes into waiting for data."""
    memory_bytes: int | None
    device: str
    scores: Mapping[str, float]
    """Newest measures on the validation pairs."""


def now_of(run: str, lines: Sequence[Mapping[str, Any]]) -> Now:
    """The run with the lines that it logged so far.

    Raises:
        RunError: there is no such run, or its status is damaged.
    """
    status = find_run(run, workspace.current()).status()
    step = next((line for line in reversed(lines) if "loss" in line), {})
    measured = next((line["validation"] for line in reversed(lines) if "validation" in line), {})
    return Now(
        stage=str(step.get("stage", "")),
        step=status.step,
        steps=status.steps,
        epoch=status.epoch,
        items_per_s=step.get("items_per_s"),
        waiting=step.get("waiting"),
        memory_bytes=step.get("memory_bytes"),
        device=status.device,
        scores=measured,
    )
