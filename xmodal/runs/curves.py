"""What a run logged while it learned, as series: losses by step, measures and concepts by epoch."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

if TYPE_CHECKING:  # charts are drawn without torch, which runs need
    from xmodal.runs.run import Run

NO_LOSS = frozenset({"step", "epoch", "stage", "rate", "items_per_s", "waiting", "memory_bytes", "time"})
"""What a line of a step holds besides losses."""


@dataclass(frozen=True)
class Series:
    """One value over steps or epochs."""

    at: Float[np.ndarray, "points"]
    """Step or epoch, ascending."""
    values: Float[np.ndarray, "points"]

    def thinned(self, most: int) -> "Series":
        """Every n-th point, so that at most so many are left, and always the last."""
        stride = -(-self.at.size // most)
        kept = slice((self.at.size - 1) % stride if stride else 0, None, max(stride, 1))
        return Series(self.at[kept], self.values[kept])


@dataclass(frozen=True)
class LoggedConcept:
    """An entry of the dictionary after an epoch (matchmaps Fig. 12)."""

    unit: int
    name: str
    object: str
    value: float


@dataclass(frozen=True)
class Curves:
    """Everything that was logged."""

    losses: Mapping[str, Series]
    """`loss` and each of its terms, by step; only finite values."""
    validation: Mapping[str, Series]
    """Each measure by epoch."""
    concepts: Series
    """How many dimensions have learned a concept, by epoch (matchmaps Fig. 11); empty if that is not logged."""
    units: int
    """Of how many dimensions."""
    top: Mapping[int, tuple[LoggedConcept, ...]]
    """Epoch -> the best concepts, best first."""

    def rows(self) -> Iterator[dict[str, str | float]]:
        """Every point of every series, for a table."""
        series = [("loss", name, "step", each) for name, each in self.losses.items()]
        series += [("validation", name, "epoch", each) for name, each in self.validation.items()]
        series += [("concepts", "count", "epoch", self.concepts)]
        for kind, name, unit, each in series:
            for at, value in zip(each.at.tolist(), each.values.tolist(), strict=True):
                yield {"kind": kind, "name": name, "unit": unit, "at": at, "value": value}


def curves(run: "Run") -> Curves:
    """The series of a run; one that has logged nothing has empty ones."""
    return curves_of(run.metrics())


def curves_of(lines: Iterable[Mapping[str, Any]]) -> Curves:
    """The series in lines of metrics; what is not a finite number is left out."""
    losses: dict[str, dict[float, float]] = {}
    validation: dict[str, dict[float, float]] = {}
    counts: dict[float, float] = {}
    top: dict[int, tuple[LoggedConcept, ...]] = {}
    units = 0
    for line in lines:
        if "loss" in line:
            _note(losses, line.get("step"), {name: line[name] for name in line if name not in NO_LOSS})
        if isinstance(line.get("validation"), Mapping):
            _note(validation, line.get("epoch"), line["validation"])
        found = line.get("concepts")
        if isinstance(found, Mapping) and finite(line.get("epoch")) and finite(found.get("count")):
            counts[float(line["epoch"])] = float(found["count"])
            units = int(found.get("units", 0))
            top[int(line["epoch"])] = tuple(_concepts(found.get("top", ())))
    named = [{name: _series(points) for name, points in each.items()} for each in (losses, validation)]
    return Curves(named[0], named[1], _series(counts), units, top)


def _note(into: dict[str, dict[float, float]], at: Any, values: Mapping[str, Any]) -> None:
    """A later line of the same step takes the place of the earlier one."""
    if not finite(at):
        return
    for name, value in values.items():
        if finite(value):
            into.setdefault(name, {})[float(at)] = float(value)


def _series(points: Mapping[float, float]) -> Series:
    ordered = sorted(points.items())
    at, values = ([pair[place] for pair in ordered] for place in (0, 1))
    return Series(np.array(at, np.float64), np.array(values, np.float64))


def _concepts(listed: Iterable[Mapping[str, Any]]) -> Iterator[LoggedConcept]:
    for each in listed:
        yield LoggedConcept(
            int(each["unit"]), str(each["name"]), str(each["object"]), float(each["value"])
        )  # fmt: skip


def finite(value: Any) -> bool:
    """Whether it is a number that can be drawn."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
