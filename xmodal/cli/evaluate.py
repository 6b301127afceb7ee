"""`python -m xmodal evaluate RUN...`."""

import json as js
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from xmodal import workspace as workspaces
from xmodal.errors import InputError
from xmodal.progress import told

if TYPE_CHECKING:
    from xmodal.evaluation.tables import FilledTable, Scored
    from xmodal.recipes.scores import Asked


def evaluate(
    runs: Annotated[tuple[str, ...], tyro.conf.Positional, tyro.conf.arg(metavar="RUN ...")],
    *,
    data: str = "world:seed=1000",
    n: int = 1000,
    table: str = "",
    epoch: int | None = None,
    splits: int = 0,
    json: bool = False,
    latex: bool = False,
) -> int:
    """Retrieval both ways by trained runs on pairs that they have not seen, or what a paper's table measures.

    What was measured once is kept, and shown at once the next time. Runs that differ in their seed alone have a mean
    and a 95 % interval (Student's t over the seeds).

    Args:
        runs: Folders or names of runs, or names of recipes (their newest runs).
        data: A catalog (its test items), or a world such as `world:seed=7`.
        n: How many pairs compete, or are searched.
        table: A table of a paper, such as `matchmaps.2`; rows without a run are listed as missing.
        epoch: Weights of that epoch; default: the newest.
        splits: So many times as many pairs in as many parts, whose scores are averaged; 0: as the table has it.
        json: Print JSON.
        latex: Print the table for a paper; its first lines say what was measured on what.
    """
    from xmodal.evaluation.published import TABLES
    from xmodal.evaluation.table_text import as_latex
    from xmodal.evaluation.tables import fill
    from xmodal.recipes.scores import Asked

    if table and table not in TABLES:
        raise InputError(f"there is no table {table!r}; known: {', '.join(TABLES)}")
    if not runs and not table:
        raise InputError("name a run, or a table to see which of its rows have none")
    if latex and (json or not table):
        raise InputError("--latex needs --table, and goes without --json")
    asked = Asked(data=data, n=n)
    found = list(_measured(runs, asked, table, epoch, splits))
    for seen in dict.fromkeys(each.overlap for each in found if each.overlap):
        print(f"warning: {seen}", file=sys.stderr)
    if table:
        filled = fill(TABLES[table], [row for each in found for row in each.rows])
        content = filled.as_dict() | {"data": data, "n": n, "runs": {each.run: each.about() for each in found}}
        if json:
            print(js.dumps(content))
        elif latex:
            print(as_latex(filled, measured_on=f"{data}, n = {n:,}"), end="")
        else:
            _print_table(filled, data, n)
            _print_others(filled, found)
    elif json:
        rows = [{"run": each.run, "rows": each.rows[0].rows, **each.about()} for each in found]
        print(js.dumps({"data": data, "n": n, "rows": rows}))
    else:
        _print_runs(found, data, n)
    return 0


@dataclass(frozen=True)
class _Found:
    """What was measured of one run."""

    run: str
    rows: "tuple[Scored, ...]"
    """Its own scores, then those of a baseline."""
    pairs: int
    overlap: str
    """What it has seen of these data; empty: nothing."""
    trained_on: tuple[str, ...]
    never_trained: tuple[str, ...]
    """Directions between two senses that it never saw together."""

    def about(self) -> dict[str, Any]:
        """What is said about a run beside its scores."""
        own = self.rows[0]
        told: dict[str, Any] = {"ours": own.ours, "seed": own.seed, "share": own.share, "pairs": self.pairs}
        return told | {
            "overlap": self.overlap, "trained_on": self.trained_on, "never_trained": self.never_trained
        }  # fmt: skip


def _measured(names: tuple[str, ...], asked: "Asked", table: str, epoch: int | None, splits: int) -> Iterator[_Found]:
    from xmodal.recipes.directions import never_trained
    from xmodal.recipes.networks import find_run, recipe_of
    from xmodal.recipes.overlap import overlap
    from xmodal.recipes.scores import SPLITS, measure_of, measured, scored

    here = workspaces.current()
    here.prepare()
    for run in [find_run(name, here) for name in names]:
        measure = measure_of(run, table)
        own = asked.model_copy(update={"measure": measure, "splits": splits or SPLITS.get(measure, 1)})
        found = measured(run, own, here, epoch=epoch, progress=told())
        seen = overlap(run, own.pairs(), here)
        rows, unseen = scored(run, found, table), never_trained(recipe_of(run), found.ours)
        yield _Found(run.name, rows, found.pairs, seen, run.manifest.trained_on, unseen)


def _print_runs(found: list[_Found], data: str, n: int) -> None:
    print(f"{'run':<34} {'direction':<18} {'R@1':>6} {'R@5':>6} {'R@10':>6} {'median':>7}   (n = {n:,}, {data})")
    for each in found:
        for direction, scores in each.rows[0].ours.items():
            recalls = " ".join(f"{scores[name]:>6.3f}" for name in ("recall_at_1", "recall_at_5", "recall_at_10"))
            mark = "   never trained" if direction in each.never_trained else ""
            print(f"{each.run:<34} {direction.replace('_', ' '):<18} {recalls} {scores['median_rank']:>7.1f}{mark}")


def _print_table(filled: "FilledTable", data: str, n: int) -> None:
    from xmodal.evaluation.table_text import lines, number, with_interval
    from xmodal.evaluation.tables import HEADS

    names = filled.measures
    print(f"{filled.table.key}: {filled.table.title}. Ours on {data}, n = {n:,}; published on {filled.table.data}.")
    paper, ours = (" ".join(f"{HEADS[name]:>{width}}" for name in names) for width in (8, 15))
    print(f"{'row':<32} {'direction':<18} {'paper':<5} {paper}   ours {ours}   data  runs")
    for line in lines(filled):
        published = " ".join(f"{number(line.published(name), name):>8}" for name in names)
        own = " ".join(f"{with_interval(line.ours(name), name):>15}" for name in names)
        family = line.family
        about = "" if family is None else f"{family.share:>5.0%}  {', '.join(run.run for run in family.runs)}"
        own = f"{'no run':>{len(own)}}" if family is None else own
        print(f"{line.row.label:<32} {line.direction.replace('_', ' '):<18}       {published}        {own}  {about}")


def _print_others(filled: "FilledTable", found: list[_Found]) -> None:
    """Runs that compute no row of the table."""
    from xmodal.evaluation.table_text import number
    from xmodal.evaluation.tables import HEADS

    for own in [each.rows[0] for each in found if not each.rows[0].rows]:
        for direction, scores in own.ours.items():
            values = ", ".join(
                f"{HEADS[name]} {number(scores[name], name)}" for name in filled.measures if name in scores
            )
            print(f"no row of it: {own.run}, {direction.replace('_', ' ')}: {values}")
