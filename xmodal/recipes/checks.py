"""Checks before a training starts: can its data be read, are memory and disk large enough, how long will it take.

Nothing is written. A few seconds for the compact recipes, some more at the papers' size.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import torch

from xmodal.errors import InputError
from xmodal.progress import Progress, Silent
from xmodal.recipes.answers import Check, failed
from xmodal.recipes.data_checks import known_labels, readable_data
from xmodal.recipes.disk_needed import disk_needed
from xmodal.recipes.launch import next_folder
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.memory_needed import memory_needed
from xmodal.recipes.networks import new_model, place_of
from xmodal.recipes.planned import plan_of, with_names
from xmodal.recipes.probed import VALIDATION, Probed, probed
from xmodal.recipes.recipe import Recipe
from xmodal.recipes.size_checks import Free, disk_check, memory_check, time_check
from xmodal.recipes.speed import speed
from xmodal.recipes.time_needed import time_needed
from xmodal.runs.run import MANIFEST
from xmodal.training.precision import Place
from xmodal.workspace import Workspace

LOOK_S = 2.0
"""Time for looking at the data, all together."""


def check(
    recipe: Recipe,
    workspace: Workspace,
    *,
    folder: Path | None = None,
    free: Free | None = None,
    progress: Progress | None = None,
) -> tuple[Check, ...]:
    """Everything that can be known before a recipe is launched.

    Disk, memory and time are left out where the data or the device fail: nothing can be said of them then.

    Args:
        recipe: what would be trained.
        workspace: where.
        folder: of the new run; None: the next free one.
        free: disk and memory; None: this machine's.
        progress: told about every check that is done.
    """
    told = progress or Silent()
    found: list[Check] = []
    total = 5 + bool(recipe.start) + _learns_labels(recipe) + len(recipe.data) + 1
    told.update("Checking", 0, total)
    for each in _checks(recipe, workspace, folder or next_folder(recipe, workspace), free):
        found.append(each)
        told.update("Checking", min(len(found), total - 1), total, f", {each.name}")
    told.update("Checking", total, total)
    return tuple(found)


def _checks(recipe: Recipe, workspace: Workspace, folder: Path, free: Free | None) -> Iterator[Check]:
    yield _name(folder, workspace)
    place = None
    try:
        place = place_of(recipe)
        yield Check(name="device", level="ok", text=place.describe())
    except InputError as error:
        yield failed("device", error)
    if recipe.start:
        yield _start(recipe, workspace)
    if not isinstance(recipe, MatchmapRecipe):
        return
    probes: dict[str, Probed] = {}
    for name, data in {**recipe.data, VALIDATION: recipe.validation}.items():
        title = f"data {name}" if name else "validation"
        try:
            budget_s = LOOK_S / (len(recipe.data) + 1)
            probes[name] = probed(name, data, recipe, workspace, budget_s=budget_s)
        except (ValueError, OSError) as error:
            yield failed(title, error)
            continue
        yield readable_data(title, probes[name], recipe)
    if _learns_labels(recipe) and len(probes) > len(recipe.data):
        yield known_labels(probes)
    if place is not None and len(probes) > len(recipe.data):
        yield from _sizes(recipe, workspace, probes, place, free or free_here(workspace, place))


def _learns_labels(recipe: Recipe) -> bool:
    return recipe.learns_labels


def _name(folder: Path, workspace: Workspace) -> Check:
    """The run's folder is free, and can be written to."""
    if (folder / MANIFEST).exists():
        return Check(name="name", level="fail", text=f"{folder.name} is taken: {folder} already holds a run")
    for place in (folder.parent, workspace.root):
        if not os.access(_existing(place), os.W_OK):
            return Check(name="name", level="fail", text=f"{_existing(place)} cannot be written to")
    return Check(name="name", level="ok", text=f"the run will be called {folder.name}")


def _start(recipe: Recipe, workspace: Workspace) -> Check:
    """The weights that it starts from are there, whole, and fit."""
    try:
        new_model(recipe, workspace)
    except InputError as error:
        return failed("start", error)
    parents = ", ".join(f"{start.run} ({' and '.join(recipe.parts_of(start))})" for start in recipe.start)
    return Check(name="start", level="ok", text=f"weights of {parents} fit")


def _sizes(
    recipe: MatchmapRecipe, workspace: Workspace, probes: Mapping[str, Probed], place: Place, free: Free
) -> Iterator[Check]:
    stages = plan_of(recipe, probes, bfloat16=place.bfloat16)
    yield disk_check(disk_needed(recipe, stages, probes.values()), free)
    memory = memory_check(memory_needed(stages, probes), free, place)
    yield memory
    if memory.level == "fail":  # a step to measure its speed might not fit either
        return
    how_fast = speed(recipe, with_names(recipe, probes), stages, place, workspace)
    yield time_check(time_needed(stages, probes, how_fast), place, how_fast.source)


def free_here(workspace: Workspace, place: Place) -> Free:
    """What is free on this machine now."""
    cuda = place.device.type == "cuda"
    memory_bytes = torch.cuda.mem_get_info(place.device)[0] if cuda else psutil.virtual_memory().available
    return Free(shutil.disk_usage(_existing(workspace.root)).free, memory_bytes)


def _existing(folder: Path) -> Path:
    """The folder, or what there is above it."""
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())
