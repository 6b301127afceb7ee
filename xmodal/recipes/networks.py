"""Runs by name, their recipes, and their networks: a trained run becomes a network again."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch

from xmodal.errors import reason
from xmodal.features.words import Vocabulary
from xmodal.models import build
from xmodal.models.contract import CrossModalModel
from xmodal.models.matchmaps import MatchmapModel
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.papers import recipe_from
from xmodal.recipes.recipe import Recipe, Start
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.runs.checkpoint import fit as fit_weights
from xmodal.runs.checkpoint import load_tensors
from xmodal.runs.index import read_index
from xmodal.runs.places import SHIPPED
from xmodal.runs.run import MANIFEST, Run, RunError, open_run
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
    places = [Path(name), workspace.runs / name, SHIPPED / name, *runs_of(name, workspace)[-1:]]
    for place in places:
        if (place / MANIFEST).is_file():
            return open_run(place)
    raise RunError(f"there is no run {name!r}; known: {', '.join(run_names(workspace)) or 'none yet'}")


def runs_of(recipe: str, workspace: Workspace) -> list[Path]:
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


def see_hear_read_recipe_of(run: Run) -> SeeHearReadRecipe:
    """The recipe of a run that has a pathway for each sense.

    Raises:
        RunError: it has none, or this version cannot read its recipe.
    """
    recipe = recipe_of(run)
    if not isinstance(recipe, SeeHearReadRecipe):
        raise RunError(f"{run.name} has no pathway for each sense: it was trained as {recipe.PAPER.replace('_', ' ')}")
    return recipe


def weights_of(start: Start, workspace: Workspace) -> tuple[Path, str]:
    """The checkpoint that a start names; name of its run and SHA-256 of its weights."""
    run = find_run(start.run, workspace)
    folder = run.checkpoint()
    return folder, f"{run.name} {read_index(folder).files[f'{MODEL}.safetensors']}"


def new_model(recipe: Recipe, workspace: Workspace, parents: Mapping[str, str] | None = None) -> CrossModalModel:
    """The recipe's network with the weights that it starts from; with `parents`, from those weights and no others.

    Raises:
        RunError: a run to start from is missing, or has other weights than when this run was launched.
        CheckpointError: they are damaged or do not fit.
    """
    seed = int(stream(recipe.seed, "weights").integers(2**62))
    model = build(recipe.network, torch.Generator().manual_seed(seed))
    for start in recipe.start:
        folder, weights = weights_of(start, workspace)
        if parents is not None and any(parents[branch] != weights for branch in recipe.parts_of(start)):
            raise RunError(f"run {start.run!r} has other weights than when this run was launched: launch it again")
        tensors = load_tensors(folder, MODEL)
        wanted = tuple(f"{branch}." for branch in recipe.parts_of(start))
        lacking = [part for part in wanted if start.branches and not any(name.startswith(part) for name in tensors)]
        if lacking:
            raise RunError(f"run {start.run!r} has no part {lacking[0].rstrip('.')!r} to start from")
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
