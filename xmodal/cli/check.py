"""`python -m xmodal check RECIPE`."""

from pathlib import Path
from typing import Annotated

import tyro

from xmodal import workspace as workspaces
from xmodal.progress import told


def check(
    recipe: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="RECIPE")],
    *,
    change: Annotated[tuple[str, ...], tyro.conf.arg(name="set", metavar="KEY=VALUE ...")] = (),
    data: str | None = None,
    out: Path | None = None,
    threads: int = 0,
    answer: Path | None = None,
    json: bool = False,
) -> int:
    """Say before a training starts whether its data, disk and memory suffice, and about how long it takes.

    Exit code 2 if it would fail.

    Args:
        recipe: Name of a recipe (`python -m xmodal recipes`).
        change: Fields of the recipe to change, such as `seed=3` or `stages.0.epochs=2`.
        data: Catalog (name or folder) to train on in place of the recipe's data; --set comes after it.
        out: Folder of the new run; default: the next free name in the workspace.
        threads: Threads of the computation, 0: one per core.
        answer: File that the JSON is written to as well.
        json: Print JSON.
    """
    import torch

    from xmodal.recipes import recipe_named
    from xmodal.recipes.answers import Checked
    from xmodal.recipes.changes import changed
    from xmodal.recipes.checks import check as checks_of
    from xmodal.storage import atomic_write

    if threads:
        torch.set_num_threads(threads)
    wanted = recipe_named(recipe) if data is None else recipe_named(recipe).on(data)
    wanted = changed(wanted, change)
    found = Checked(recipe=wanted.name, checks=checks_of(wanted, workspaces.current(), folder=out, progress=told()))
    if answer is not None:
        atomic_write(answer, found.model_dump_json(indent=2))
    if json:
        print(found.model_dump_json())
    else:
        width = max(len(each.name) for each in found.checks)
        for each in found.checks:
            print(f"{each.level:<5} {each.name:<{width}} {each.text}")
    return 2 if found.fails else 0
