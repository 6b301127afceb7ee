"""Our numbers beside a paper's: a published table, filled in where there is a run for a row."""

from collections.abc import Mapping
from dataclasses import dataclass

from xmodal.evaluation.published import PublishedRow, PublishedTable


@dataclass(frozen=True)
class FilledRow:
    """One row: what the paper printed, and what our runs have."""

    published: PublishedRow
    ours: Mapping[str, Mapping[str, Mapping[str, float]]]
    """Run -> direction -> measure; empty: no run computes this row."""


@dataclass(frozen=True)
class FilledTable:
    """A published table with our numbers."""

    table: PublishedTable
    rows: tuple[FilledRow, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Rows without a run."""
        return tuple(row.published.key for row in self.rows if not row.ours)

    def as_dict(self) -> dict[str, object]:
        """For JSON: one entry for each row and run, rows without a run under `missing`."""
        rows = [
            {"row": row.published.key, "label": row.published.label, "run": run, "ours": ours}
            | {"published": row.published.measures}
            for row in self.rows
            for run, ours in (row.ours or {None: None}).items()
        ]
        head: dict[str, object] = {"table": self.table.key, "title": self.table.title, "published_on": self.table.data}
        return head | {"rows": rows, "missing": list(self.missing)}


def fill(
    table: PublishedTable,
    computed: Mapping[str, tuple[tuple[str, ...], Mapping[str, Mapping[str, float]]]],
) -> FilledTable:
    """Put runs where they belong.

    Args:
        table: the paper's.
        computed: run -> (rows that its recipe computes as `<table>/<row>`, direction -> measure -> value).
    """
    rows = []
    for published in table.rows:
        key = f"{table.key}/{published.key}"
        rows.append(FilledRow(published, {run: ours for run, (computes, ours) in computed.items() if key in computes}))
    return FilledTable(table, tuple(rows))
