"""Checks before a training starts: can its data be read, are memory and disk large enough, how long will it take.

Nothing is written. A few seconds for the compact recipes, some more at the papers' size.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

from xmodal.errors import InputError
from xmodal.features.prepared import SensePairOptions, StoredPair
from xmodal.progress import Progress, Silent
from xmodal.recipes.alignment_plan import alignment_plan
from xmodal.recipes.answers import Check, failed
from xmodal.recipes.data_checks import known_labels, readable_data
from xmodal.recipes.disk_needed import disk_needed
from xmodal.recipes.launch import next_folder
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.memory_needed import memory_needed
from xmodal.recipes.networks import find_run, new_model, place_of
from xmodal.recipes.planned import StagePlan, plan_of, with_names
from xmodal.recipes.probed import VALIDATION, Probed, probed, probed_sense
from xmodal.recipes.recipe import Data, Recipe
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.size_checks import Free, disk_check, memory_check, time_check
from xmodal.recipes.speed import speed
from xmodal.recipes.teachers import teaching_recipe, with_teacher_classes
from xmodal.recipes.time_needed import time_needed
from xmodal.recipes.trial import Trial, alignment_trial, matchmap_trial
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
    total = 5 + bool(recipe.start) + bool(recipe.taught_by) + recipe.learns_labels + len(_looks(recipe))
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
    if recipe.taught_by:
        yield _teacher(recipe, workspace)
    looks = _looks(recipe)
    probes: dict[str, Probed] = {}
    for look in looks:
        try:
            probes[look.key] = _probe(look, recipe, workspace, LOOK_S / len(looks))
        except (ValueError, OSError) as error:
            yield failed(look.title, error)
            continue
        yield readable_data(look.title, probes[look.key], recipe)
    whole = len(probes) == len(looks)
    if recipe.learns_labels and whole:
        yield known_labels(probes)
    if place is not None and whole:
        yield from _sizes(recipe, workspace, probes, place, free or free_here(workspace, place))


@dataclass(frozen=True)
class _Look:
    """One set of pairs that is looked at."""

    title: str
    """For people."""
    key: str
    """Among all sets; `VALIDATION` is what is measured after an epoch."""
    name: str
    """Of the data in the recipe, or `VALIDATION`."""
    data: Data
    pair: StoredPair


def _looks(recipe: Recipe) -> tuple[_Look, ...]:
    """Every set of pairs of a recipe: of all its data, each with every sense."""
    pairs, found = recipe.pair_options(), []
    for name, data in {**recipe.data, VALIDATION: recipe.validation}.items():
        for place, pair in enumerate(pairs):
            title = f"data {name}" if name else "validation"
            several = len(pairs) > 1
            key = name if not place else f"{name or 'validation'} {pair.caption.value}"
            found.append(_Look(f"{title}, {pair.caption.value}" if several else title, key, name, data, pair))
    return tuple(found)


def _probe(look: _Look, recipe: Recipe, workspace: Workspace, budget_s: float) -> Probed:
    if isinstance(recipe, MatchmapRecipe):
        return probed(look.name, look.data, recipe, workspace, budget_s=budget_s)
    assert isinstance(recipe, SeeHearReadRecipe)
    assert isinstance(look.pair, SensePairOptions)
    return probed_sense(look.name, look.data, look.pair, recipe, workspace, budget_s=budget_s)


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


def _teacher(recipe: Recipe, workspace: Workspace) -> Check:
    """The run that says what is in the pictures is there and names its classes."""
    try:
        classes = teaching_recipe(find_run(recipe.taught_by, workspace)).model.classes
    except InputError as error:
        return failed("teacher", error)
    return Check(name="teacher", level="ok", text=f"{recipe.taught_by} knows {len(classes)} classes")


def _sizes(
    recipe: Recipe, workspace: Workspace, probes: Mapping[str, Probed], place: Place, free: Free
) -> Iterator[Check]:
    stages, trial = _planned(recipe, workspace, probes, place)
    yield disk_check(disk_needed(recipe, stages, probes.values()), free)
    memory = memory_check(memory_needed(stages, probes), free, place)
    yield memory
    if memory.level == "fail":  # a step to measure its speed might not fit either
        return
    how_fast = speed(recipe, trial, stages, place, workspace)
    yield time_check(time_needed(stages, probes, how_fast), place, how_fast.source)


def _planned(
    recipe: Recipe, workspace: Workspace, probes: Mapping[str, Probed], place: Place
) -> tuple[tuple[StagePlan, ...], Trial]:
    """The steps of a recipe, and one to try."""
    if isinstance(recipe, MatchmapRecipe):
        plans = plan_of(recipe, probes, bfloat16=place.bfloat16)
        return plans, matchmap_trial(with_names(recipe, probes))
    assert isinstance(recipe, SeeHearReadRecipe)
    try:
        config = with_teacher_classes(recipe, workspace).model
    except InputError:  # said already; the number of classes matters little
        config = recipe.model
    sets = {name: tuple(each for each in probes.values() if each.name == name) for name in recipe.data}
    return alignment_plan(recipe, config, sets, bfloat16=place.bfloat16), alignment_trial(recipe, config)


def free_here(workspace: Workspace, place: Place) -> Free:
    """What is free on this machine now."""
    cuda = place.device.type == "cuda"
    memory_bytes = torch.cuda.mem_get_info(place.device)[0] if cuda else psutil.virtual_memory().available
    return Free(shutil.disk_usage(_existing(workspace.root)).free, memory_bytes)


def _existing(folder: Path) -> Path:
    """The folder, or what there is above it."""
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())
