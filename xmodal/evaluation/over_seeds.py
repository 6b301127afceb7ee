"""One number from several runs that differ in their seed alone: mean and 95 % interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

CONFIDENCE = 0.95

Measures = Mapping[str, Mapping[str, float]]
"""Direction (or `localisation`, `concepts`) -> measure -> value."""


@dataclass(frozen=True)
class Repeated:
    """Mean of a measure over runs, and how well it is known."""

    mean: float
    half_width: float | None
    """Half of the 95 % interval; None: one run says nothing about others."""
    runs: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """Low and high end. A share may pass 0 or 1: Student's t knows no bounds."""
        return None if self.half_width is None else (self.mean - self.half_width, self.mean + self.half_width)

    def as_dict(self) -> dict[str, float | int | None]:
        """For JSON."""
        low, high = self.interval or (None, None)
        return {"mean": self.mean, "low": low, "high": high, "runs": self.runs}


def repeated(values: Sequence[float]) -> Repeated:
    """Mean and 95 % interval by Student's t: the runs are few and their spread is not known beforehand.

    Raises:
        ValueError: no value.
    """
    if not values:
        raise ValueError("a mean needs at least one run")
    count = len(values)
    mean = float(np.mean(values))
    if count == 1:
        return Repeated(mean, None, 1)
    error = float(np.std(values, ddof=1)) / count**0.5
    return Repeated(mean, float(student.ppf((1 + CONFIDENCE) / 2, count - 1)) * error, count)


def over_seeds(scores: Sequence[Measures]) -> dict[str, dict[str, Repeated]]:
    """Each measure that all of the runs have, over the runs."""
    if not scores:
        return {}
    return {
        direction: {
            name: repeated([each[direction][name] for each in scores])
            for name in measures
            if all(name in each.get(direction, {}) for each in scores)
        }
        for direction, measures in scores[0].items()
        if all(direction in each for each in scores)
    }
