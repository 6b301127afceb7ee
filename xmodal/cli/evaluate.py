"""`python -m xmodal evaluate RUN...`."""

import json as js
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
    """Retrieval both ways by trained runs on pairs that they have not seen, alone or beside a paper's table.

    Args:
        runs: Folders or names of runs, or names of recipes (their newest runs).
        data: A catalog (its test items), or a world such as `world:seed=7`.
        n: How many pairs compete.
        table: A table of a paper, such as `matchmaps.2`; rows without a run are listed as missing.
        epoch: Weights of that epoch; default: the newest.
        json: Print JSON.
    """
    from xmodal.evaluation.published import TABLES

    if table and table not in TABLES:
        raise InputError(f"there is no table {table!r}; known: {', '.join(TABLES)}")
    if not runs and not table:
        raise InputError("name a run, or a table to see which of its rows have none")
    computed = {found["run"]: found for found in (_retrieval(name, data, n, epoch) for name in runs)}
    if table:
        from xmodal.evaluation.tables import fill

        filled = fill(TABLES[table], {run: (found["rows"], found["ours"]) for run, found in computed.items()})
        content = filled.as_dict() | {"data": data, "n": n}
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


def _retrieval(name: str, data: str, n: int, epoch: int | None) -> dict[str, Any]:
    """What one run reaches on the data."""
    from xmodal.data.sample import Split
    from xmodal.evaluation.retrieval import retrieve
    from xmodal.recipes.launch import find_run, load_model, recipe_of, vocabulary_of
    from xmodal.recipes.sources import data_of, pairs_of

    here = workspaces.current()
    here.prepare()
    progress = Terminal()
    run = find_run(name, here)
    recipe = recipe_of(run)
    pairs = pairs_of(recipe, data_of(data, items=n, split=Split.TEST), here, progress, vocabulary_of(run)).first(n)
    found = retrieve(load_model(run, epoch=epoch), pairs, recipe.aggregation, progress=progress)
    ours = {direction: each.as_dict() for direction, each in found.items()}
    return {"run": run.name, "rows": recipe.rows, "pairs": len(pairs), "seed": recipe.seed, "ours": ours}


def _recalls(scores: dict[str, float]) -> str:
    return " ".join(f"{scores[f'recall_at_{count}']:>6.3f}" for count in (1, 5, 10))


def _print_table(filled: "FilledTable", data: str, n: int) -> None:
    print(f"{filled.table.key}: {filled.table.title}. Ours on {data}, n = {n:,}; published on {filled.table.data}.")
    recalls = f"{'R@1':>6} {'R@5':>6} {'R@10':>6}"
    print(f"{'row':<28} {'direction':<18} ours {recalls}  paper {recalls}   run")
    for row in filled.rows:
        for direction, published in row.published.measures.items():
            for run, ours in (row.ours or {"": {}}).items():
                own = _recalls(dict(ours[direction])) if run else f"{'no run':>20}"
                label = f"{row.published.label:<28} {direction.replace('_', ' '):<18}"
                print(f"{label}      {own}        {_recalls(dict(published))}   {run}")
