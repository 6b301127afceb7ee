"""`python -m xmodal evaluate RUN...`."""

import json as js
from typing import Annotated

import tyro

from xmodal import workspace as workspaces
from xmodal.progress import Terminal


def evaluate(
    runs: Annotated[tuple[str, ...], tyro.conf.Positional, tyro.conf.arg(metavar="RUN ...")],
    *,
    data: str = "world:seed=1000",
    n: int = 1000,
    epoch: int | None = None,
    json: bool = False,
) -> int:
    """Retrieval both ways by trained runs on pairs that they have not seen.

    Args:
        runs: Folders or names of runs.
        data: A catalog (its test items), or a world such as `world:seed=7`.
        n: How many pairs compete.
        epoch: Weights of that epoch; default: the newest.
        json: Print JSON.
    """
    from xmodal.data.sample import Split
    from xmodal.evaluation.retrieval import retrieve
    from xmodal.recipes.launch import find_run, load_model, recipe_of, vocabulary_of
    from xmodal.recipes.sources import data_of, pairs_of

    here = workspaces.current()
    here.prepare()
    progress = Terminal()
    rows = []
    for name in runs:
        run = find_run(name, here)
        recipe = recipe_of(run)
        pairs = pairs_of(recipe, data_of(data, items=n, split=Split.TEST), here, progress, vocabulary_of(run))
        found = retrieve(load_model(run, epoch=epoch), pairs, recipe.aggregation, progress=progress)
        rows.append({"run": run.name, "pairs": len(pairs), "data": data})
        rows[-1] |= {"ours": {direction: each.as_dict() for direction, each in found.items()}}
    if json:
        print(js.dumps({"rows": rows}))
        return 0
    print(f"{'run':<28} {'direction':<18} {'R@1':>6} {'R@5':>6} {'R@10':>6} {'median':>7}   (n = {n:,}, {data})")
    for row in rows:
        for direction, found in row["ours"].items():
            scores = " ".join(f"{found[f'recall_at_{k}']:>6.3f}" for k in (1, 5, 10))
            print(f"{row['run']:<28} {direction.replace('_', ' '):<18} {scores} {found['median_rank']:>7.1f}")
    return 0
