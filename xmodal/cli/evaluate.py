"""`python -m xmodal evaluate RUN...`."""

import json as js
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from xmodal import workspace as workspaces
from xmodal.errors import InputError
from xmodal.progress import Terminal

if TYPE_CHECKING:
    from xmodal.evaluation.tables import FilledTable


def evaluate(
    runs: Annotated[tuple[str, ...], tyro.conf.Positional, tyro.conf.arg(metavar="RUN ...")],
    *,
    data: str = "world:seed=1000",
    n: int = 1000,
    table: str = "",
    epoch: int | None = None,
    json: bool = False,
) -> int:
    """Retrieval both ways by trained runs on pairs that they have not seen, or what a paper's table measures.

    Args:
        runs: Folders or names of runs, or names of recipes (their newest runs).
        data: A catalog (its test items), or a world such as `world:seed=7`.
        n: How many pairs compete, or are searched.
        table: A table of a paper, such as `matchmaps.2`; rows without a run are listed as missing.
        epoch: Weights of that epoch; default: the newest.
        json: Print JSON.
    """
    from xmodal.evaluation.published import TABLES

    if table and table not in TABLES:
        raise InputError(f"there is no table {table!r}; known: {', '.join(TABLES)}")
    if not runs and not table:
        raise InputError("name a run, or a table to see which of its rows have none")
    measured = MEASURES.get(table, _retrieval)
    computed = {found["run"]: found for name in runs for found in measured(name, data, n, epoch)}
    for seen in dict.fromkeys(filter(None, (found["overlap"] for found in computed.values()))):
        print(f"warning: {seen}", file=sys.stderr)
    if table:
        from xmodal.evaluation.published import rows_in
        from xmodal.evaluation.tables import fill

        ours = {run: (rows_in(table, found["rows"]), found["ours"]) for run, found in computed.items()}
        filled = fill(TABLES[table], ours)
        counts = {run: {name: found[name] for name in ("seed", "pairs", *ABOUT)} for run, found in computed.items()}
        content = filled.as_dict() | {"data": data, "n": n, "runs": counts}
        print(js.dumps(content)) if json else _print_table(filled, data, n)
        return 0
    if json:
        print(js.dumps({"data": data, "n": n, "rows": list(computed.values())}))
        return 0
    print(f"{'run':<34} {'direction':<18} {'R@1':>6} {'R@5':>6} {'R@10':>6} {'median':>7}   (n = {n:,}, {data})")
    for run, found in computed.items():
        for direction, scores in found["ours"].items():
            print(f"{run:<34} {direction.replace('_', ' '):<18} {_recalls(scores)} {scores['median_rank']:>7.1f}")
    return 0


def _retrieval(name: str, data: str, n: int, epoch: int | None) -> list[dict[str, Any]]:
    """What one run reaches on the data."""
    from xmodal.data.sample import Split
    from xmodal.evaluation.retrieval import retrieve
    from xmodal.recipes.launch import find_run, load_model, recipe_of, vocabulary_of
    from xmodal.recipes.overlap import overlap
    from xmodal.recipes.sources import data_of, pairs_of

    here = workspaces.current()
    here.prepare()
    progress = Terminal()
    run = find_run(name, here)
    recipe = recipe_of(run)
    asked = data_of(data, items=n, split=Split.TEST)
    pairs = pairs_of(recipe, asked, here, progress, vocabulary_of(run)).first(n)
    found = retrieve(load_model(run, epoch=epoch), pairs, recipe.aggregation, progress=progress)
    ours = {direction: each.as_dict() for direction, each in found.items()}
    about = {"overlap": overlap(run, asked, here), "trained_on": run.manifest.trained_on}
    return [{"run": run.name, "rows": recipe.rows, "pairs": len(pairs), "seed": recipe.seed, "ours": ours, **about}]


def _localisation(name: str, data: str, n: int, epoch: int | None) -> list[dict[str, Any]]:
    """How well one run finds what words name, and the full-frame baseline on the same pictures."""
    from xmodal.data.sample import Split
    from xmodal.recipes.launch import find_run, recipe_of
    from xmodal.recipes.localised import localised
    from xmodal.recipes.overlap import overlap
    from xmodal.recipes.sources import data_of

    here = workspaces.current()
    here.prepare()
    run = find_run(name, here)
    recipe = recipe_of(run)
    asked = data_of(data, items=n, split=Split.TEST)
    found = localised(run, asked, n, here, epoch=epoch, progress=Terminal())
    common = {"pairs": found.images, "seed": recipe.seed, "overlap": overlap(run, asked, here)}
    common |= {"trained_on": run.manifest.trained_on}
    return [
        {"run": run.name, "rows": recipe.rows, "ours": {"localisation": found.as_dict(found.scores)}, **common},
        {
            "run": "full frame",
            "rows": ("matchmaps.4/full-frame",),
            "ours": {"localisation": found.as_dict(found.full_frame)},
            **common,
        },
    ]


MEASURES: dict[str, Callable[[str, str, int, int | None], list[dict[str, Any]]]] = {"matchmaps.4": _localisation}
"""What is measured for a table; for the others it is retrieval."""

ABOUT = ("overlap", "trained_on")
"""What is said about a run beside its scores: what it has seen of these data, and where it was trained."""

HEADS: dict[str, str] = {
    "recall_at_1": "R@1",
    "recall_at_5": "R@5",
    "recall_at_10": "R@10",
    "mean_average_precision": "mAP",
    "intersection_over_union": "mIoU",
    "intersection_over_detection": "mIoD",
    "intersection_over_target": "mIoT",
}
"""The measures as tables abbreviate them."""


def _recalls(scores: Mapping[str, float]) -> str:
    return _values(scores, ("recall_at_1", "recall_at_5", "recall_at_10"))


def _values(scores: Mapping[str, float], names: tuple[str, ...]) -> str:
    return " ".join(f"{scores[name]:>6.3f}" for name in names)


def _print_table(filled: "FilledTable", data: str, n: int) -> None:
    print(f"{filled.table.key}: {filled.table.title}. Ours on {data}, n = {n:,}; published on {filled.table.data}.")
    names = tuple(name for name in HEADS if name in next(iter(filled.table.rows[0].measures.values())))
    heads = " ".join(f"{HEADS[name]:>6}" for name in names)
    print(f"{'row':<32} {'direction':<18} ours {heads}  paper {heads}   run")
    for row in filled.rows:
        for direction, published in row.published.measures.items():
            for run, ours in (row.ours or {"": {}}).items():
                own = _values(ours[direction], names) if run else f"{'no run':>{len(heads)}}"
                label = f"{row.published.label:<32} {direction.replace('_', ' '):<18}"
                print(f"{label}      {own}        {_values(published, names)}   {run}")
