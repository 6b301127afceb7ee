"""How much memory a training takes at most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psutil

from xmodal.data import workers
from xmodal.recipes.planned import StagePlan
from xmodal.recipes.probed import VALIDATION, Probed

HELD = 2.5
"""What a process grows by for each byte that is kept for the backward pass: gradients of the activations, copies that
convolutions work on, holes in the heap. Measured on a CPU: 1.6 in the first steps, 1.9 to 2.7 after 10 to 40 steps
over captions of different lengths (docs/CHECKS.md)."""
BATCHES = 5
"""Batches in memory: the one that is learned (its pictures twice, as they lie best), two that wait, one being read."""
_WORKER_BYTES = 600 << 20
"""A process that prepares pairs of the world: measured 570 MB."""


@dataclass(frozen=True)
class MemoryNeeded:
    """Bytes, by what they are for."""

    network_bytes: int
    """Weights, gradients, optimiser."""
    step_bytes: int
    """What one step computes on top of those."""
    batches_bytes: int
    """Batches that wait."""
    measuring_bytes: int
    """Maps of all validation pairs, after an epoch; not at the same time as a step's."""
    saving_bytes: int
    """Copies of weights and optimiser while a checkpoint is written; not at the same time either."""
    program_bytes: int
    """The program itself with its libraries, of the process that trains."""
    preparing_bytes: int
    """Processes that prepare pairs, before training begins."""
    items: int
    """Pairs of the step that needs most."""

    @property
    def training_bytes(self) -> int:
        """On the device that trains, without the program."""
        return self.network_bytes + max(self.step_bytes, self.measuring_bytes, self.saving_bytes) + self.batches_bytes

    @property
    def whole_bytes(self) -> int:
        """On a CPU, where all lies in one memory."""
        return self.program_bytes + max(self.training_bytes, self.preparing_bytes)


def memory_needed(stages: Sequence[StagePlan], probes: Mapping[str, Probed]) -> MemoryNeeded:
    """The most that the stages need; `probes` by the names of the recipe's data, the validation's is empty."""
    costs = [plan.most for plan in stages]
    most = max(costs, key=lambda cost: cost.kept_bytes)
    halves = costs[0].weights_bytes // 2 if stages[0].shape.bfloat16 else 0  # autocast's copies of the weights
    missing = max(probe.missing for probe in probes.values())
    processes = workers.count(0, missing) if missing else 0
    return MemoryNeeded(
        network_bytes=halves + max(cost.weights_bytes + cost.gradients_bytes + cost.optimiser_bytes for cost in costs),
        step_bytes=round(HELD * most.kept_bytes) + most.scratch_bytes,
        batches_bytes=BATCHES * max(cost.batch_bytes for cost in costs),
        measuring_bytes=2 * probes[VALIDATION].pairs * max(cost.maps.bytes for cost in costs),
        saving_bytes=2 * max(cost.weights_bytes + cost.optimiser_bytes for cost in costs),
        program_bytes=psutil.Process().memory_info().rss,
        preparing_bytes=processes * _WORKER_BYTES if processes > 1 else 0,
        items=max(plan.shape.items for plan in stages),
    )
