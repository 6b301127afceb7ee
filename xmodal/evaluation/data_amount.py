"""How much a network gains from more data (matchmaps Fig. 6): recall over the share of the training data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xmodal.evaluation.over_seeds import Measures, Repeated, repeated
from xmodal.evaluation.tables import Scored, families

MEASURE = "recall_at_10"


@dataclass(frozen=True)
class AmountLine:
    """One way to start, with more and more data."""

    label: str
    shares: tuple[float, ...]
    """Ascending, in (0, 1]."""
    recalls: tuple[Repeated, ...]
    """R@10 at each share, the mean of both directions, over seeds."""


def data_amount(scored: Iterable[Scored]) -> tuple[AmountLine, ...]:
    """One line for each family of runs.

    As in the paper a point is the mean of both directions, taken within each run before the mean over seeds.
    """
    groups: dict[str, list[Scored]] = {}
    for each in scored:
        if _directions(each.ours):
            groups.setdefault(each.family or each.run, []).append(each)
    return tuple(_line(runs) for runs in groups.values())


def both_directions(ours: Measures) -> float:
    """R@10, mean over the directions.

    Raises:
        ValueError: these are no scores of retrieval.
    """
    found = _directions(ours)
    if not found:
        raise ValueError(f"no {MEASURE} among these scores")
    return sum(found.values()) / len(found)


def _directions(ours: Measures) -> Mapping[str, float]:
    return {direction: values[MEASURE] for direction, values in ours.items() if MEASURE in values}


def _line(runs: list[Scored]) -> AmountLine:
    points = {each.share: repeated([both_directions(run.ours) for run in each.runs]) for each in families(runs)}
    shares = tuple(sorted(points))
    return AmountLine(runs[0].label or runs[0].run, shares, tuple(points[share] for share in shares))
