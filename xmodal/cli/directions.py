"""`python -m xmodal directions RUN`."""

import json as js
from typing import TYPE_CHECKING, Any

from xmodal.cli.search import Run, table_of
from xmodal.data.sample import Split
from xmodal.progress import told

if TYPE_CHECKING:
    from xmodal.recipes.directions import Direction


def directions(
    run: Run,
    *,
    data: str,
    split: Split | None = Split.TEST,
    n: int = 1000,
    seed: int = 0,
    misses: int = 0,
    layer: str = "",
    epoch: int | None = None,
    items: int = 1000,
    json: bool = False,
) -> int:
    """How well every sense finds every other in a catalog, by its vectors: rank, recall, mAP and precision by scene.

    Args:
        run: Folder or name of a run, or name of a recipe (its newest run).
        data: A catalog, or a world such as `world:seed=7`.
        split: Items of this split compete; None: items of all.
        n: How many compete, at most.
        seed: Draws which, where there are more.
        misses: Name so many items of each direction that are found worst.
        layer: Layer of the network; default: the last hidden one.
        epoch: Weights of that epoch; default: the newest.
        items: How many items of a world.
        json: Print JSON.
    """
    from xmodal.recipes.directions import Competing
    from xmodal.recipes.directions import directions as measured
    from xmodal.recipes.search_catalog import open_collection

    competing, of = Competing(split, n, seed), "all" if split is None else split.value
    embedder, _, table = table_of(run, data, layer, epoch, items)
    found = measured(open_collection(table, embedder.recipe), embedder.recipe, competing, told())
    if json:
        about = {"run": embedder.run.name, "data": data, "layer": table.index.key.layer, "split": of, "seed": seed}
        print(js.dumps(about | {"directions": {each.name: _told(each, misses) for each in found}}))
        return 0
    print(f"{embedder.run.name} ({table.index.key.layer}), {data}, split {of}, seed {seed}")
    _print(found, misses)
    return 0


def _told(each: "Direction", misses: int) -> dict[str, Any]:
    worst = [
        {"item": item, "rank": rank, "first": first}
        for (item, rank, first), _ in zip(each.worst(), range(misses), strict=False)
    ]
    return {"trained": each.trained, **each.scores.as_dict()} | ({"misses": worst} if misses else {})


def _print(found: "tuple[Direction, ...]", misses: int) -> None:
    from xmodal.evaluation.table_text import number
    from xmodal.evaluation.tables import HEADS
    from xmodal.recipes.directions import MEASURES

    heads = " ".join(f"{HEADS[name]:>11}" for name in MEASURES)
    print(f"{'direction':<28} {'trained':<8} {'n':>6} {heads}   chance: median rank, R@10, P@10")
    for each in found:
        scores = each.scores.as_dict()
        values = " ".join(f"{number(scores.get(name), name):>11}" for name in MEASURES)
        chances = ("chance_median_rank", "chance_recall_at_10", "chance_precision")
        by_chance = ", ".join(f"{scores[name]:.3g}" for name in chances if name in scores)
        learned = "yes" if each.trained else "never"
        print(f"{each.name.replace('_', ' '):<28} {learned:<8} {len(each.items):>6,} {values}   {by_chance}")
        for (item, rank, first), _ in zip(each.worst(), range(misses), strict=False):
            print(f"    {item:<24} own partner is number {rank:,}; first is {first}")
