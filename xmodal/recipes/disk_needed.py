"""How much of the disk a training fills."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xmodal.recipes.planned import StagePlan
from xmodal.recipes.probed import Probed
from xmodal.recipes.recipe import Recipe

FEWEST_CHECKPOINTS = 3
"""Room for so many is asked for at least: an old one, the one being written, and some to spare."""


@dataclass(frozen=True)
class DiskNeeded:
    """Bytes, by what they are for."""

    pairs_bytes: int
    """Prepared pairs that are not there yet."""
    joining_bytes: int
    """While the parts of a set of pairs become one, they are there twice."""
    checkpoint_bytes: int
    """Weights and optimiser, once."""
    checkpoints: int
    """Most that are there at a time."""

    @property
    def whole_bytes(self) -> int:
        """At the worst moment."""
        return self.pairs_bytes + self.joining_bytes + self.checkpoints * self.checkpoint_bytes


def disk_needed(recipe: Recipe, stages: Sequence[StagePlan], probes: Iterable[Probed]) -> DiskNeeded:
    """What is still to be written."""
    unprepared = {probe.folder: probe for probe in probes if probe.folder is not None and probe.missing}
    sizes = [round(probe.pair_bytes * probe.items) for probe in unprepared.values()]
    written = [
        round(size * probe.missing / max(1, probe.items + probe.without))
        for size, probe in zip(sizes, unprepared.values(), strict=True)
    ]
    epochs = sum(plan.stage.epochs for plan in stages)
    kept = sum(epoch <= epochs for epoch in recipe.keep_epochs)
    return DiskNeeded(
        pairs_bytes=sum(written),
        joining_bytes=max(sizes, default=0),
        checkpoint_bytes=max(plan.most.weights_bytes + plan.most.optimiser_bytes for plan in stages),
        checkpoints=max(FEWEST_CHECKPOINTS, kept + 2),  # beside those kept, the newest and the one being written
    )
