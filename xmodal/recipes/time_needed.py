"""How long a training takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xmodal.data import workers
from xmodal.recipes.planned import StagePlan
from xmodal.recipes.probed import VALIDATION, Probed
from xmodal.recipes.speed import Speed


@dataclass(frozen=True)
class TimeNeeded:
    """Seconds, by what they are spent on."""

    preparing_s: float
    training_s: float
    measuring_s: float
    """On the validation pairs, after every epoch."""
    unprepared: int
    """Items to prepare."""
    steps: int
    epochs: int

    @property
    def whole_s(self) -> float:
        """From the start to the end."""
        return self.preparing_s + self.training_s + self.measuring_s


def time_needed(stages: Sequence[StagePlan], probes: Mapping[str, Probed], speed: Speed) -> TimeNeeded:
    """The sum over all stages; `probes` by the names of the recipe's data, the validation's is empty."""
    unprepared = {probe.folder: probe for probe in probes.values() if probe.missing}
    epochs = sum(plan.stage.epochs for plan in stages)
    return TimeNeeded(
        preparing_s=sum(
            probe.missing * probe.item_s / workers.count(0, probe.missing) for probe in unprepared.values()
        ),
        training_s=sum(plan.steps * _step_s(plan, speed) for plan in stages),
        measuring_s=epochs * _measuring_flop(stages[-1], probes[VALIDATION].pairs) / speed.flop_per_s,
        unprepared=sum(probe.missing for probe in unprepared.values()),
        steps=sum(plan.steps for plan in stages),
        epochs=epochs,
    )


def _step_s(plan: StagePlan, speed: Speed) -> float:
    known = speed.pairs_per_s.get(plan.stage.name)
    return plan.flop(plan.shape.items) / speed.flop_per_s if known is None else plan.shape.items / known


def _measuring_flop(last: StagePlan, pairs: int) -> float:
    """All pairs are encoded; retrieval scores all with all."""
    return last.forward_flop * pairs + last.searched_flop(pairs)
