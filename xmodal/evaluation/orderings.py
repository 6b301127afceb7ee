"""Which row of a paper's table is before which, and whether ours are too: holds, does not hold, or within noise."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from scipy.stats import t as student

from xmodal.evaluation.over_seeds import CONFIDENCE
from xmodal.evaluation.tables import LOWER_IS_BETTER, Family, FilledRow, FilledTable

Verdict = Literal["holds", "does not hold", "within noise", "unknown"]


@dataclass(frozen=True)
class Ordering:
    """Two rows in one direction, as the paper has them and as we do."""

    direction: str
    better: str
    """Key of the row that is better in the paper."""
    worse: str
    published: tuple[float, float]
    """Of both in the paper."""
    ours: tuple[float, float] | None
    """Means of both over seeds; None: one of them was not measured."""
    verdict: Verdict
    """`within noise`: the 95 % interval of the difference contains 0. `unknown`: not measured, or trained with one
    seed, which says nothing of others."""


def orderings(filled: FilledTable, measure: str) -> tuple[Ordering, ...]:
    """Every two rows in every direction where the paper prints both and they differ.

    Of several families of a row that with the most data counts, and of those the first. Baselines have no noise of
    seeds: their value is taken as it is.

    Raises:
        KeyError: the table does not print that measure.
    """
    ways = dict.fromkeys(way for row in filled.rows for way in row.published.measures)
    return tuple(
        _ordering(way, rows, measure)
        for way in ways
        for rows in combinations([row for row in filled.rows if row.published.measures.get(way)], 2)
        if rows[0].published.measures[way][measure] != rows[1].published.measures[way][measure]
    )


def _ordering(way: str, rows: tuple[FilledRow, FilledRow], measure: str) -> Ordering:
    sign = -1.0 if measure in LOWER_IS_BETTER else 1.0
    better, worse = sorted(rows, key=lambda row: -sign * row.published.measures[way][measure])
    printed = better.published.measures[way][measure], worse.published.measures[way][measure]
    first, second = (_values(row, way, measure) for row in (better, worse))
    ours = (float(np.mean(first)), float(np.mean(second))) if first and second else None
    verdict: Verdict = "unknown"
    if ours is not None:
        verdict = _verdict(sign * np.array(first), sign * np.array(second), [better, worse])
    return Ordering(way, better.published.key, worse.published.key, printed, ours, verdict)


def _values(row: FilledRow, way: str, measure: str) -> list[float]:
    """One of each seed."""
    family: Family | None = next(iter(row.families), None)
    if family is None:
        return []
    return [run.ours[way][measure] for run in family.runs if measure in run.ours.get(way, {})]


def _verdict(better: np.ndarray, worse: np.ndarray, rows: Sequence[FilledRow]) -> Verdict:
    """Welch's interval for the difference of two means; more is better."""
    sides = [
        (float(np.var(values, ddof=1)) / len(values), len(values) - 1)
        for values, row in zip((better, worse), rows, strict=True)
        if len(values) > 1
    ]
    if any(len(values) < 2 and not row.published.baseline for values, row in zip((better, worse), rows, strict=True)):
        return "unknown"
    gap, variance = float(better.mean() - worse.mean()), sum(each for each, _ in sides)
    half_width = 0.0
    if variance > 0.0:
        freedom = variance**2 / sum(each**2 / degrees for each, degrees in sides)
        half_width = float(student.ppf((1 + CONFIDENCE) / 2, freedom)) * variance**0.5
    if abs(gap) <= half_width:
        return "within noise"
    return "holds" if gap > 0.0 else "does not hold"
