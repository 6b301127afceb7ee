"""`python -m xmodal train RECIPE|RUN_DIR`."""

import json as js
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from xmodal import workspace as workspaces
from xmodal.progress import Terminal
from xmodal.workspace import Workspace

if TYPE_CHECKING:
    from xmodal.runs.run import Run


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

    Args:
        what: Name of a recipe (`python -m xmodal recipes`), or the folder or name of a run.
        change: Fields of the recipe to change, such as `seed=3` or `stages.0.epochs=2`.
        data: Catalog (name or folder) to train on in place of the recipe's data.
        out: Folder of the new run; default: the next free name in the workspace.
        resume: Go on with a run that was interrupted.
        threads: Threads of the computation, 0: one per core.
        json: Print JSON.
    """
    import torch

    from xmodal.recipes.launch import run_training
    from xmodal.training.events import Validated

    torch.set_num_threads(threads or max(1, torch.get_num_threads()))
    here = workspaces.current()
    here.prepare()
    run = _run_of(what, here, _Asked(change, data, out, resume))
    last: Validated | None = None
    for event in run_training(run, here, Terminal()):
        last = event if isinstance(event, Validated) else last
    status = run.status()
    content = {"run": run.name, "folder": str(run.folder), "state": status.state.value, "step": status.step}
    content |= {"validation": dict(last.measures) if last else {}}
    score = f", R@10 {last.measures['recall_at_10']:.3f} on its validation pairs" if last else ""
    print(js.dumps(content) if json else f"{run.name}: {status.state.value} after {status.step:,} steps{score}")
    return 0


def _run_of(what: str, here: Workspace, asked: _Asked) -> "Run":
    """The run to train: an old one, or a new one of a recipe."""
    from xmodal.recipes import RECIPES, recipe_named
    from xmodal.recipes.changes import changed
    from xmodal.recipes.launch import find_run, launch, next_folder
    from xmodal.runs.run import RunError

    if what in RECIPES and not (Path(what) / "manifest.json").is_file():
        recipe = changed(recipe_named(what), asked.change)
        if asked.data is not None:
            recipe = recipe.on(asked.data)
        return launch(recipe, asked.out or next_folder(recipe, here), here)
    try:
        run = find_run(what, here)
    except RunError as error:
        raise RunError(f"{error}; known recipes: {', '.join(RECIPES)}") from error
    if asked.change or asked.data or asked.out:
        raise RunError(f"{run.name} was launched already: --set, --data and --out are for new runs")
    if run.checkpoints and not asked.resume:
        raise RunError(f"{run.name} has {run.status().step:,} steps done: add --resume to go on")
    return run


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
