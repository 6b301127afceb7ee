"""A filled table as text for other programs: CSV for spreadsheets, LaTeX for papers."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from xmodal.evaluation.over_seeds import Repeated
from xmodal.evaluation.published import PublishedRow
from xmodal.evaluation.tables import HEADS, Family, FilledTable

_LATEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"} | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


@dataclass(frozen=True)
class Line:
    """One row of a table in one direction: the paper's values, and those of one family of runs."""

    row: PublishedRow
    direction: str
    family: Family | None
    """None: no run."""

    def published(self, measure: str) -> float | None:
        """What the paper printed; None: nothing, the row is ours alone."""
        return self.row.measures[self.direction].get(measure)

    def ours(self, measure: str) -> Repeated | None:
        """Mean over seeds."""
        return None if self.family is None else self.family.measures.get(self.direction, {}).get(measure)


def lines(filled: FilledTable) -> Iterator[Line]:
    """Every row in every direction, once for each family of runs."""
    for row in filled.rows:
        for direction in row.published.measures:
            for family in row.families or (None,):
                yield Line(row.published, direction, family)


_DIGITS = {"count": 0, "median_rank": 1}
"""After the point, as papers print them; of a share three."""


def number(value: float | None, measure: str) -> str:
    """Three digits of a share, one of a rank, a count without any; empty if there is no value."""
    return "" if value is None else f"{value:.{_DIGITS.get(measure, 3)}f}"


def with_interval(found: Repeated | None, measure: str, sign: str = "±") -> str:
    """`0.684 ± 0.012`; of one run the value alone; empty if there is none."""
    if found is None:
        return ""
    if found.half_width is None:
        return number(found.mean, measure)
    digits = max(1, _DIGITS.get(measure, 3))  # means of counts are no whole numbers
    return f"{found.mean:.{digits}f} {sign} {found.half_width:.{digits}f}"


def as_csv(filled: FilledTable) -> str:
    """One line for each row, direction and family of runs; ends of intervals are columns of their own."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    heads = [f"{HEADS[name]} {what}" for name in filled.measures for what in ("paper", "ours", "low", "high")]
    table.writerow(["row", "direction", "share of data", "seeds", "runs", *heads])
    for line in lines(filled):
        family = line.family
        about: list[object] = ["", "", ""]
        if family is not None:
            about = [family.share, len(family.runs), " ".join(run.run for run in family.runs)]
        cells: list[object] = []
        for name in filled.measures:
            found = line.ours(name)
            low, high = (found and found.interval) or ("", "")
            cells += [line.published(name), "" if found is None else found.mean, low, high]
        table.writerow([line.row.label, line.direction, *about, *cells])
    return out.getvalue()


def as_latex(filled: FilledTable, *, measured_on: str) -> str:
    """A `tabular` that needs no package; comments before it say what it is, of which runs and seeds.

    Args:
        filled: the table.
        measured_on: data and number of items of our scores.
    """
    names = filled.measures
    columns = "ll" + "r" * len(names) + "rr" + "r" * len(names)
    paper, ours = ([f"{HEADS[name]}{tail}" for name in names] for tail in ("", " (ours)"))
    rows = []
    for line in lines(filled):
        family = line.family
        whose = ["", ""] if family is None else [f"{100 * family.share:g}\\,\\%", str(len(family.runs))]
        cells = [line.row.label.translate(_LATEX), line.direction.replace("_", " ")]
        cells += [number(line.published(name), name) or "--" for name in names] + whose
        cells += [with_interval(line.ours(name), name, r"$\pm$") or "--" for name in names]
        rows.append(" & ".join(cells) + r" \\")
    head = " & ".join(["", "", *paper, "data", "seeds", *ours]) + r" \\"
    body = ["\\hline", head, "\\hline", *rows, "\\hline"]
    runs = {run.run: run.seed for row in filled.rows for run in row.runs}
    table = filled.table
    about = [
        f"% {table.key}: {table.title}. Ours on {measured_on}; the paper's on {table.data}.",
        *(f"% {name}: seed {seed}" for name, seed in runs.items()),
    ]
    return "\n".join([*about, f"\\begin{{tabular}}{{{columns}}}", *body, "\\end{tabular}", ""])
