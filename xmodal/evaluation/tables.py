"""Our numbers beside a paper's: a published table, filled in where there is a run for a row."""

from collections.abc import Iterable
from dataclasses import dataclass

from xmodal.evaluation.over_seeds import Measures, Repeated, over_seeds
from xmodal.evaluation.published import PublishedRow, PublishedTable

HEADS: dict[str, str] = {
    "recall_at_1": "R@1",
    "recall_at_5": "R@5",
    "recall_at_10": "R@10",
    "mean_average_precision": "mAP",
    "precision_at_10": "P@10",
    "intersection_over_union": "mIoU",
    "intersection_over_detection": "mIoD",
    "intersection_over_target": "mIoT",
    "count": "concepts",
    "median_rank": "median rank",
    "accuracy": "accuracy",
}
"""The measures of published tables as these abbreviate them."""
LOWER_IS_BETTER = frozenset({"median_rank"})
"""Measures of which less is more; of all others more is."""


@dataclass(frozen=True)
class Scored:
    """What one run reached."""

    run: str
    rows: tuple[str, ...]
    """Rows that it computes, as `<table>/<row>`."""
    ours: Measures
    seed: int = 0
    share: float = 1.0
    """Of the training data that it learned from."""
    family: str = ""
    """Runs of one family and share differ in their seed alone."""
    label: str = ""
    """The family for people."""


@dataclass(frozen=True)
class Family:
    """Runs of a row that differ in their seed alone."""

    label: str
    share: float
    runs: tuple[Scored, ...]
    """One of each seed."""
    measures: dict[str, dict[str, Repeated]]
    """Direction -> measure -> mean and interval over the runs."""

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        values = {way: {name: each.as_dict() for name, each in found.items()} for way, found in self.measures.items()}
        seeds = [each.seed for each in self.runs]
        return {"share": self.share, "runs": [each.run for each in self.runs], "seeds": seeds, "ours": values}


@dataclass(frozen=True)
class FilledRow:
    """One row: what the paper printed, and what our runs have."""

    published: PublishedRow
    runs: tuple[Scored, ...]
    """Empty: no run computes this row."""

    @property
    def families(self) -> tuple[Family, ...]:
        """Means over seeds, most data first."""
        return families(self.runs)


@dataclass(frozen=True)
class FilledTable:
    """A published table with our numbers."""

    table: PublishedTable
    rows: tuple[FilledRow, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Rows without a run."""
        return tuple(row.published.key for row in self.rows if not row.runs)

    @property
    def measures(self) -> tuple[str, ...]:
        """What the paper printed of each row, in its order."""
        printed = next(iter(self.table.rows[0].measures.values()))
        return tuple(name for name in HEADS if name in printed)

    def as_dict(self) -> dict[str, object]:
        """For JSON: one entry for each row and run, means over seeds, rows without a run under `missing`."""
        rows = [
            {"row": row.published.key, "label": row.published.label, "published": row.published.measures}
            | ({"run": each.run, "seed": each.seed, "share": each.share, "ours": each.ours} if each else _NO_RUN)
            for row in self.rows
            for each in row.runs or (None,)
        ]
        means = [{"row": row.published.key} | family.as_dict() for row in self.rows for family in row.families]
        head: dict[str, object] = {"table": self.table.key, "title": self.table.title, "published_on": self.table.data}
        return head | {"rows": rows, "means": means, "missing": list(self.missing)}


_NO_RUN: dict[str, None] = {"run": None, "seed": None, "share": None, "ours": None}


def families(runs: Iterable[Scored]) -> tuple[Family, ...]:
    """Runs that differ in their seed alone, together; of two runs with one seed the later counts."""
    groups: dict[tuple[str, float], dict[int, Scored]] = {}
    for each in runs:
        groups.setdefault((each.family or each.run, each.share), {})[each.seed] = each
    found = [_family(share, tuple(seeds.values())) for (_, share), seeds in groups.items()]
    return tuple(sorted(found, key=lambda each: -each.share))


def _family(share: float, runs: tuple[Scored, ...]) -> Family:
    return Family(runs[0].label or runs[0].run, share, runs, over_seeds([each.ours for each in runs]))


def fill(table: PublishedTable, computed: Iterable[Scored]) -> FilledTable:
    """Put runs where they belong; what is given twice, such as a baseline that came with each of several runs, counts
    once."""
    known: list[Scored] = []
    for each in computed:
        if each not in known:
            known.append(each)
    keys = [f"{table.key}/{row.key}" for row in table.rows]
    found = [tuple(each for each in known if key in each.rows) for key in keys]
    return FilledTable(table, tuple(map(FilledRow, table.rows, found)))
