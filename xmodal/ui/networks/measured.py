"""What is known of the runs without any job: their scores, by what they were measured on, and their logs."""

import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xmodal import workspace
from xmodal.errors import InputError
from xmodal.evaluation.published import TABLES, rows_in
from xmodal.evaluation.tables import FilledTable, Scored, fill
from xmodal.recipes.networks import SHIPPED, find_run, recipe_of, run_names
from xmodal.recipes.rows import commands, measuring
from xmodal.recipes.scores import FILE, MEASURE_OF, Measure, Scores, kept, scored
from xmodal.runs.run import Run

METRICS = "metrics.jsonl"


@dataclass(frozen=True)
class Ruler:
    """What runs were measured on."""

    data: str
    n: int

    def __str__(self) -> str:
        """As a person reads it."""
        return f"{self.data}, {self.n:,} pairs"


@dataclass(frozen=True)
class Missing:
    """A row of a table that nothing stands beside."""

    label: str
    lines: tuple[str, ...]
    """What to type, in order; empty: it comes with the others."""
    trained: bool = False
    """It only has to be measured: there is one line."""


@dataclass(frozen=True)
class Known:
    """Scores of one run."""

    run: Run
    rows: tuple[str, ...]
    """Rows that its recipe names."""
    scores: tuple[Scores, ...]


def traces() -> tuple[tuple[str, int], ...]:
    """Path and time of every file with scores (ns): where they are as before, so is what is known."""
    here = workspace.current()
    files = sorted((here.cache / "scores").glob("*.json"))
    files += [path for root in (here.runs, SHIPPED) for path in sorted(root.glob(f"*/results/{FILE}"))]
    return tuple((str(path), path.stat().st_mtime_ns) for path in files if path.exists())


def known() -> tuple[Known, ...]:
    """Every run that computes something, measured or not."""
    return tuple(_known(workspace.current()))


def _known(here: workspace.Workspace) -> Iterator[Known]:
    for name in run_names(here):
        try:
            run = find_run(name, here)
            recipe = recipe_of(run)
            if run.checkpoints and recipe.matches:
                yield Known(run, recipe.rows, kept(run, here))
        except (InputError, KeyError, OSError):  # other pages say which runs cannot be opened
            continue


def measure_of(table: str) -> Measure:
    """What is measured for a table."""
    return MEASURE_OF.get(table, "retrieval")


def rulers(all_known: tuple[Known, ...], measure: Measure) -> tuple[Ruler, ...]:
    """What runs were measured on, the commonest first."""
    found = Counter(Ruler(each.data, each.n) for one in all_known for each in one.scores if each.measure == measure)
    return tuple(ruler for ruler, _ in found.most_common())


def by(all_known: tuple[Known, ...], measure: Measure, ruler: Ruler | None, table: str = "") -> tuple[Scored, ...]:
    """The scores that were measured so."""
    return tuple(
        row
        for one in all_known
        for each in one.scores
        if each.measure == measure and ruler is not None and (each.data, each.n) == (ruler.data, ruler.n)
        for row in scored(one.run, each, table)
    )


def filled(all_known: tuple[Known, ...], table: str, ruler: Ruler | None) -> FilledTable:
    """The paper's table with our scores."""
    return fill(TABLES[table], by(all_known, measure_of(table), ruler, table))


def missing(all_known: tuple[Known, ...], found: FilledTable, ruler: Ruler | None) -> tuple[Missing, ...]:
    """Rows of a table without scores: first runs that only have to be measured, then rows that have to be trained."""
    key = found.table.key
    done = {each.run for row in found.rows for each in row.runs}
    asked = "" if ruler is None else f" --data {shlex.quote(ruler.data)} --n {ruler.n}"
    here, listed = workspace.current(), []
    for row in found.rows:
        full = f"{key}/{row.published.key}"
        waiting = [one.run.name for one in all_known if full in rows_in(key, one.rows) and one.run.name not in done]
        if waiting:
            listed.append(Missing(row.published.label, (measuring(key, tuple(waiting)) + asked,), trained=True))
        elif not row.runs:
            lines = commands(key, row.published.key, here)
            listed.append(Missing(row.published.label, (*lines[:-1], *(line + asked for line in lines[-1:]))))
    return tuple(listed)


def logged() -> tuple[str, ...]:
    """Names of the runs that have logged something, of all kinds."""
    here = workspace.current()
    found = []
    for name in run_names(here):
        try:
            path = log_of(name)
        except InputError:
            continue
        if path.is_file() and path.stat().st_size:
            found.append(name)
    return tuple(found)


def log_of(name: str) -> Path:
    """The file that a run logs into.

    Raises:
        RunError: there is no such run.
    """
    return find_run(name, workspace.current()).folder / METRICS
