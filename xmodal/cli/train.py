"""`python -m xmodal train RECIPE|RUN_DIR`."""

import json as js
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from xmodal import workspace as workspaces
from xmodal.errors import InputError
from xmodal.progress import Silent, told
from xmodal.storage import tree_bytes
from xmodal.workspace import Workspace

if TYPE_CHECKING:
    from xmodal.recipes.recipe import Recipe
    from xmodal.runs.run import Run
    from xmodal.training.distributed import Ranks
    from xmodal.training.events import Validated


HEADS = {"recall_at_10": "R@10", "auc_seen": "AUC seen", "auc_heard": "AUC heard"}
"""Measures that are told at the end."""


@dataclass(frozen=True)
class _Asked:
    """What the command line says about a run."""

    change: tuple[str, ...]
    data: str | None
    out: Path | None
    resume: bool


def train(
    what: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="RECIPE|RUN_DIR")],
    *,
    change: Annotated[tuple[str, ...], tyro.conf.arg(name="set", metavar="KEY=VALUE ...")] = (),
    data: str | None = None,
    out: Path | None = None,
    resume: bool = False,
    threads: int = 0,
    json: bool = False,
) -> int:
    """Train a recipe in a new run directory, or a run directory that was launched or interrupted.

    Under `torchrun` the processes share the work: the first one launches and writes, the others follow.

    Args:
        what: Name of a recipe (`python -m xmodal recipes`), or the folder or name of a run.
        change: Fields of the recipe to change, such as `seed=3` or `stages.0.epochs=2`.
        data: Catalog (name or folder) to train on in place of the recipe's data; --set comes after it.
        out: Folder of the new run; default: the next free name in the workspace.
        resume: Go on with a run that was interrupted; of a recipe, with its newest run.
        threads: Threads of the computation, 0: one per core.
        json: Print JSON.
    """
    import torch

    from xmodal.recipes.networks import place_of, recipe_of
    from xmodal.recipes.trainings import run_training
    from xmodal.runs.run import Run
    from xmodal.training.distributed import joined
    from xmodal.training.events import Validated

    if threads:
        torch.set_num_threads(threads)
    here = workspaces.current()
    here.prepare()
    found = _found(what, here, _Asked(change, data, out, resume))
    with joined(place_of(recipe_of(found) if isinstance(found, Run) else found).device) as ranks:
        run = _run_of(found, out, here, ranks)
        last: Validated | None = None
        for event in run_training(run, here, told() if ranks.leads else Silent(), ranks):
            last = event if isinstance(event, Validated) else last
    if ranks.leads:
        _print_end(run, last, json=json)
    return 0


def _print_end(run: "Run", last: "Validated | None", *, json: bool) -> None:
    status = run.status()
    if json:
        content = {"run": run.name, "folder": str(run.folder), "state": status.state.value, "step": status.step}
        print(js.dumps(content | {"validation": dict(last.measures) if last else {}}))
        return
    scores = (
        "".join(f", {HEADS[name]} {last.measures[name]:.3f}" for name in HEADS if name in last.measures) if last else ""
    )
    where = " on its validation pairs" if scores else ""
    print(f"{run.name}: {status.state.value} after {status.step:,} steps{scores}{where}")


def _found(what: str, here: Workspace, asked: _Asked) -> "Recipe | Run":
    """The recipe to launch, with its changes, or the run to go on with."""
    from xmodal.recipes import RECIPES
    from xmodal.recipes.changes import changed
    from xmodal.recipes.fitting import require
    from xmodal.recipes.networks import find_run
    from xmodal.runs.run import RunError

    if what in RECIPES and not asked.resume and not (Path(what) / "manifest.json").is_file():
        recipe = RECIPES[what] if asked.data is None else RECIPES[what].on(asked.data)
        recipe = changed(recipe, asked.change)
        require(recipe, here)
        return recipe
    try:
        run = find_run(what, here)
    except RunError as error:
        raise RunError(f"{error}; known recipes: {', '.join(RECIPES)}") from error
    if asked.change or asked.data or asked.out:
        raise RunError(f"{run.name} was launched already: --set, --data and --out are for new runs")
    if run.checkpoints and not asked.resume:
        raise RunError(f"{run.name} has {run.status().step:,} steps done: add --resume to go on")
    return run


def _run_of(found: "Recipe | Run", out: Path | None, here: Workspace, ranks: "Ranks") -> "Run":
    """The run of what was found; a new one is launched by the leader, and the others are told where."""
    from xmodal.recipes.launch import launch, launch_next
    from xmodal.runs.run import Run, open_run

    if isinstance(found, Run):
        return found
    folder = ""
    if ranks.leads:
        run = launch_next(found, here) if out is None else launch(found, out, here)
        folder = str(run.folder.absolute())
    return open_run(Path(ranks.agreed(folder)))


def recipes(*, json: bool = False) -> int:
    """List every recipe.

    Args:
        json: Print JSON.
    """
    from xmodal.recipes import RECIPES

    if json:
        print(js.dumps({name: recipe.model_dump(mode="json") for name, recipe in RECIPES.items()}))
        return 0
    for name, recipe in RECIPES.items():
        computed = f" ({', '.join(recipe.rows)})" if recipe.rows else ""
        print(f"{name:<34} {recipe.title}{computed}")
    return 0


def ship(
    run: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="RUN")],
    out: Annotated[Path, tyro.conf.Positional, tyro.conf.arg(metavar="FOLDER")],
    *,
    results: int = 0,
    data: str = "world:seed=1000",
    vectors: str = "",
    json: bool = False,
) -> int:
    """Copy a finished run without what only training needs (its optimiser): to give away, or to put beside the code.

    Args:
        run: Folder or name of the run.
        out: Folder of the copy.
        results: Keep vectors, neighbours and ranks of so many items in the copy, so that pages need not compute them;
            scores that `evaluate` measured go along, and retrieval among 1,000 of the items. Of a network with a
            pathway for each sense only scores are kept.
        data: The world that these items are of.
        vectors: Keep the vectors of everything in that catalog in the copy, such as `demo-world`, so that a fresh clone
            searches it without a job.
        json: Print JSON.
    """
    from xmodal.recipes.networks import find_run
    from xmodal.recipes.ship import ship as copy_run

    here = workspaces.current()
    original = find_run(run, here)
    copied = copy_run(original, out)
    if results:
        _keep_results(copied, data, results, here)
        _keep_scores(original, copied, data, results, here)
    if vectors:
        _keep_vectors(copied, vectors, here)
    content = {"run": copied.name, "folder": str(copied.folder), "size_bytes": tree_bytes(copied.folder)}
    print(js.dumps(content) if json else f"{content['size_bytes']:,} bytes in {copied.folder}")
    return 0


def _keep_results(run: "Run", data: str, items: int, here: Workspace) -> None:
    from xmodal.recipes.matchmap_recipe import MatchmapRecipe
    from xmodal.recipes.networks import recipe_of
    from xmodal.recipes.recipe import WorldData
    from xmodal.recipes.results import computed, keep
    from xmodal.recipes.sources import data_of

    if not isinstance(recipe_of(run), MatchmapRecipe):
        return
    world = data_of(data, items=items)
    if not isinstance(world, WorldData):
        raise InputError(f"results are kept for items of a world, such as world:seed=1000, not for {data}")
    here.prepare()
    keep(computed(run, world, here, progress=told()), run)


def _keep_vectors(run: "Run", catalog: str, here: Workspace) -> None:
    from xmodal.recipes.catalog_vectors import extract, key_of
    from xmodal.recipes.embedders import open_embedder
    from xmodal.recipes.shipped_vectors import keep
    from xmodal.recipes.sources import catalog_of

    source = catalog_of(catalog, here)
    keep(run, extract(open_embedder(run), source, key_of(run, source), here, told()))


def _keep_scores(original: "Run", copied: "Run", data: str, items: int, here: Workspace) -> None:
    """What was measured of the run, and retrieval as `evaluate` measures it if that was not."""
    from xmodal.recipes.scores import SPLITS, Asked, keep_beside, kept, measure_of, measured, weights_of

    measure = measure_of(original)
    asked = Asked(measure=measure, data=data, n=min(items, Asked().n), splits=SPLITS.get(measure, 1))
    measured(original, asked, here, progress=told())
    keep_beside(copied, kept(original, here, weights=weights_of(original)))
