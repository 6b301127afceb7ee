"""A recipe becomes a run directory; a trained run becomes a network again."""

import platform
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch

from xmodal.data.world.spec import WORLD_VERSION
from xmodal.errors import reason
from xmodal.features.words import Vocabulary
from xmodal.models import build
from xmodal.models.contract import CrossModalModel
from xmodal.models.matchmaps import MatchmapModel
from xmodal.recipes import RECIPES
from xmodal.recipes.changes import differences
from xmodal.recipes.classes import with_classes
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.papers import recipe_from
from xmodal.recipes.recipe import Recipe, Start
from xmodal.runs.checkpoint import fit as fit_weights
from xmodal.runs.checkpoint import load_tensors
from xmodal.runs.index import read_index
from xmodal.runs.places import SHIPPED
from xmodal.runs.run import MANIFEST, Run, RunError, RunManifest, create, now, open_run
from xmodal.runs.trash import trashed
from xmodal.seeding import stream
from xmodal.training.distributed import own_device
from xmodal.training.loop import MODEL
from xmodal.training.precision import Place, choose
from xmodal.workspace import Workspace

VOCABULARY = "vocabulary.json"


def find_run(name: str, workspace: Workspace) -> Run:
    """A run by the path of its folder, its name in the workspace, its name among the shipped ones, or the name of a
    recipe: the newest run of it.

    Raises:
        RunError: there is none.
    """
    places = [Path(name), workspace.runs / name, SHIPPED / name, *_runs_of(name, workspace)[-1:]]
    for place in places:
        if (place / MANIFEST).is_file():
            return open_run(place)
    raise RunError(f"there is no run {name!r}; known: {', '.join(run_names(workspace)) or 'none yet'}")


def _runs_of(recipe: str, workspace: Workspace) -> list[Path]:
    """Folders `<recipe>-1`, `<recipe>-2`, ... in the workspace, by number."""
    numbered = [(folder.name.rpartition("-"), folder) for folder in workspace.runs.glob("*-*")]
    own = [(int(number), folder) for (name, _, number), folder in numbered if name == recipe and number.isdecimal()]
    return [folder for _, folder in sorted(own)]


def run_names(workspace: Workspace) -> tuple[str, ...]:
    """Names of the runs in the workspace, then of the shipped ones."""
    roots = (workspace.runs, SHIPPED)
    return tuple(path.parent.name for root in roots for path in sorted(root.glob(f"*/{MANIFEST}")))


def recipe_of(run: Run) -> Recipe:
    """The recipe that a run was made from.

    Raises:
        RunError: this version cannot read it.
    """
    try:
        return recipe_from(run.manifest.recipe)
    except ValueError as error:
        raise RunError(f"{run.folder / MANIFEST}: unreadable recipe: {reason(error)}") from error


def matchmap_recipe_of(run: Run) -> MatchmapRecipe:
    """The recipe of a run that has matchmaps.

    Raises:
        RunError: it has none, or this version cannot read its recipe.
    """
    recipe = recipe_of(run)
    if not isinstance(recipe, MatchmapRecipe):
        raise RunError(f"{run.name} has no matchmaps: it was trained as {recipe.PAPER.replace('_', ' ')}")
    return recipe


def launch(recipe: Recipe, folder: Path, workspace: Workspace) -> Run:
    """Write the run directory of a recipe; nothing is trained yet.

    Raises:
        RunError: the folder holds a run, or a run to start from is missing.
        InputError: it learns labels, and its data have none.
    """
    command = command_of(recipe)
    if isinstance(recipe, MatchmapRecipe):
        recipe = with_classes(recipe, workspace)
    parents = {branch: _weights(start, workspace)[1] for start in recipe.start for branch in recipe.parts_of(start)}
    manifest = RunManifest(
        name=folder.name,
        recipe=recipe.model_dump(mode="json"),
        created=now(),
        versions={
            "python": platform.python_version(),
            "torch": torch.__version__,
            "world": str(WORLD_VERSION),
        },
        command=command,
        parents=parents,
    )
    return create(folder, manifest)


def command_of(recipe: Recipe) -> str:
    """The command line that trains the recipe; empty if it is not one of `RECIPES`, changed or not."""
    if recipe.name not in RECIPES:
        return ""
    changes = differences(RECIPES[recipe.name], recipe)
    return shlex.join(["python", "-m", "xmodal", "train", recipe.name, *(["--set", *changes] if changes else [])])


def _weights(start: Start, workspace: Workspace) -> tuple[Path, str]:
    """The checkpoint that a start names; name of its run and SHA-256 of its weights."""
    run = find_run(start.run, workspace)
    folder = run.checkpoint()
    return folder, f"{run.name} {read_index(folder).files[f'{MODEL}.safetensors']}"


def next_folder(recipe: Recipe, workspace: Workspace) -> Path:
    """A free folder for a run of the recipe: `matchmaps-demo-1`, `matchmaps-demo-2`, ..."""
    names = [folder.name for folder in _runs_of(recipe.name, workspace)]
    names += [each.name for each in trashed(workspace) if each.name.rpartition("-")[0] == recipe.name]
    numbers = [int(number) for name in names if (number := name.rpartition("-")[2]).isdecimal()]
    return workspace.runs / f"{recipe.name}-{max(numbers, default=0) + 1}"


def launch_next(recipe: Recipe, workspace: Workspace) -> Run:
    """Launch a recipe in the next free folder; two who do so at once get two folders."""
    with workspace.lock("launch"):
        return launch(recipe, next_folder(recipe, workspace), workspace)


def new_model(recipe: Recipe, workspace: Workspace, parents: Mapping[str, str] | None = None) -> CrossModalModel:
    """The recipe's network with the weights that it starts from; with `parents`, from those weights and no others.

    Raises:
        RunError: a run to start from is missing, or has other weights than when this run was launched.
        CheckpointError: they are damaged or do not fit.
    """
    seed = int(stream(recipe.seed, "weights").integers(2**62))
    model = build(recipe.network, torch.Generator().manual_seed(seed))
    for start in recipe.start:
        folder, weights = _weights(start, workspace)
        if parents is not None and any(parents[branch] != weights for branch in recipe.parts_of(start)):
            raise RunError(f"run {start.run!r} has other weights than when this run was launched: launch it again")
        tensors = load_tensors(folder, MODEL)
        wanted = tuple(f"{branch}." for branch in recipe.parts_of(start))
        taken = {name: tensor for name, tensor in tensors.items() if name.startswith(wanted)}
        fit_weights(model, model.state_dict() | taken, source=f"run {start.run}")
    return model


def untrained_model(recipe: Recipe) -> CrossModalModel:
    """The recipe's network with its first random weights, for use: what a trained one is compared with."""
    seed = int(stream(recipe.seed, "weights").integers(2**62))
    return build(recipe.network, torch.Generator().manual_seed(seed)).eval().requires_grad_(False)


def load_model(run: Run, *, epoch: int | None = None, device: str = "cpu") -> CrossModalModel:
    """The network of a run after an epoch (None: the newest), for use: evaluation mode, no gradients.

    Raises:
        RunError: no such checkpoint.
        CheckpointError: it is damaged or does not fit.
    """
    folder = run.checkpoint(epoch)
    model = build(recipe_of(run).network, torch.Generator().manual_seed(0))
    fit_weights(model, load_tensors(folder, MODEL), source=str(folder / f"{MODEL}.safetensors"))
    return model.to(device).eval().requires_grad_(False)


def untrained_matchmaps(recipe: MatchmapRecipe) -> MatchmapModel:
    """`untrained_model` of a recipe that has matchmaps."""
    model = untrained_model(recipe)
    assert isinstance(model, MatchmapModel)
    return model


def load_matchmaps(run: Run, *, epoch: int | None = None, device: str = "cpu") -> MatchmapModel:
    """`load_model` of a run that has matchmaps.

    Raises:
        RunError: it has none, or no such checkpoint.
        CheckpointError: it is damaged or does not fit.
    """
    matchmap_recipe_of(run)
    model = load_model(run, epoch=epoch, device=device)
    assert isinstance(model, MatchmapModel)
    return model


def vocabulary_of(run: Run) -> Vocabulary | None:
    """The words of a run whose captions are texts."""
    path = run.folder / VOCABULARY
    return Vocabulary.model_validate_json(path.read_bytes()) if path.is_file() else None


def place_of(recipe: Recipe) -> Place:
    """Where this process trains a recipe.

    Raises:
        InputError: the device is not there.
    """
    place = choose(recipe.device, recipe.precision)
    return replace(place, device=own_device(place.device))
