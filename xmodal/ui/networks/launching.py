"""What the training page offers and would launch: recipes for some data, a plan with its command line and faults."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from xmodal import workspace
from xmodal.data.catalog import CatalogError
from xmodal.errors import InputError, reason
from xmodal.jobs import training
from xmodal.jobs.cluster_options import ClusterOptions
from xmodal.jobs.queue import Queue
from xmodal.recipes import RECIPES
from xmodal.recipes.changes import differences
from xmodal.recipes.edits import Edit
from xmodal.recipes.families import MEANINGS, families
from xmodal.recipes.fitting import Holdings, holdings_of, misfit, require
from xmodal.recipes.launch import next_folder
from xmodal.recipes.naming import taken, why_not
from xmodal.recipes.recipe import Recipe
from xmodal.recipes.sheet import Sheet, sheet
from xmodal.ui.catalogs import open_catalog

WORLD = "the recipe's own data"
"""In place of a catalog."""


@dataclass(frozen=True)
class Offer:
    """A recipe for some data."""

    name: str
    title: str
    family: str
    remark: str
    """What it computes, starts from, and does in its own way."""
    why_not: str
    """Why it cannot be trained on these data; empty if it can."""


@dataclass(frozen=True)
class Settings:
    """What is asked for beside the recipe."""

    name: str = ""
    """Of the run; empty: the next free one."""
    threads: int = 1
    cluster: ClusterOptions | None = None
    """What to ask Slurm for; None: it runs on this machine."""


@dataclass(frozen=True)
class Plan:
    """What would be launched."""

    sheet: Sheet
    settings: Settings
    command: str
    """Command line that does the same; empty if something is wrong with the recipe."""
    faults: tuple[str, ...]
    """Why it cannot be launched, a line each."""
    words: tuple[str, ...] = ()
    """The recipe, its data, changes and threads, as the commands `check` and `jobs launch` take them."""


def meanings() -> dict[str, str]:
    """What each family of recipes is, by its name."""
    return {family.value: text for family, text in MEANINGS.items()}


def offers(data: str) -> tuple[Offer, ...]:
    """Every recipe, family by family, for a catalog or for its own data (`WORLD`)."""
    held = _held()
    return tuple(
        Offer(recipe.name, recipe.title, family.value, _remark(recipe), misfit(base(recipe.name, data), held))
        for family, recipes in families(RECIPES.values()).items()
        for recipe in recipes
    )


def base(name: str, data: str) -> Recipe:
    """A recipe on a catalog, or on its own data (`WORLD`)."""
    return RECIPES[name] if data == WORLD else RECIPES[name].on(data)


def plan(name: str, data: str, lines: Sequence[str], settings: Settings) -> Plan:
    """A recipe on some data, with lines of changes."""
    found = sheet(base(name, data), lines)
    faults = [str(fault) for fault in found.faults]
    if found.recipe is None:
        return Plan(found, settings, "", tuple(faults))
    faults += _faults(found.recipe, settings.name)
    words = _words(name, data, found.recipe, settings)
    return Plan(found, settings, _command(words, settings), tuple(faults), words)


def edited(name: str, data: str, lines: Sequence[str], edit: Edit) -> tuple[str, ...]:
    """The lines of changes after an edit of what they make of a recipe."""
    return sheet(base(name, data), lines).edited(edit)


def next_name(name: str) -> str:
    """What the next run of a recipe is called if nobody names it."""
    return next_folder(RECIPES[name], workspace.current()).name


def launch(planned: Plan) -> str:
    """Launch it; the id of its job.

    Raises:
        InputError: it has faults, a run that it starts from is missing, or the name was taken meanwhile.
    """
    if planned.faults or planned.sheet.recipe is None:
        raise InputError("; ".join(planned.faults))
    here = workspace.current()
    here.prepare()
    settings = planned.settings
    return training.launch(
        planned.sheet.recipe, Queue(here), threads=settings.threads, name=settings.name, cluster=settings.cluster
    ).id


def _held() -> dict[str, Holdings]:
    held = {}
    for name in workspace.current().names():
        try:
            held[name] = holdings_of(open_catalog(name))
        except CatalogError:
            continue  # the page Data says what is wrong with it
    return held


def _remark(recipe: Recipe) -> str:
    parts = [
        f"Computes {', '.join(recipe.rows)}." if recipe.rows else "",
        f"Starts from {', '.join(start.run for start in recipe.start)}." if recipe.start else "",
        f"Taught by {recipe.taught_by}." if recipe.taught_by else "",
        recipe.ours,
    ]
    return " ".join(part for part in parts if part)


def _words(name: str, data: str, recipe: Recipe, settings: Settings) -> tuple[str, ...]:
    words = [name] if data == WORLD else [name, "--data", data]
    changes = differences(base(name, data), recipe)
    words += ["--set", *changes] if changes else []
    words += ["--threads", str(settings.threads)] if settings.threads != 1 else []
    return tuple(words)


def _command(words: Sequence[str], settings: Settings) -> str:
    asked = ["--name", settings.name] if settings.name else []
    if settings.cluster is not None:
        differing = settings.cluster.model_dump(exclude_defaults=True)
        options = [(f"--{name.replace('_', '-')}", str(value)) for name, value in differing.items()]
        asked += ["--on", "slurm", *(word for option in options for word in option)]
    return shlex.join(["python", "-m", "xmodal", "jobs", "launch", *words, *asked])


def _faults(recipe: Recipe, name: str) -> list[str]:
    """What is wrong with the device, the data and the run's name."""
    here = workspace.current()
    found = []
    for what, look in (("Device", lambda: training.lane_of(recipe)), ("Data", lambda: require(recipe, here))):
        try:
            look()
        except InputError as error:
            found.append(f"{what}: {reason(error)}")
    why = why_not(name, recipe) if name else ""
    why = why or (f"there is a run {name} already" if name and taken(name, here) else "")
    return [*found, *([f"Name of the run: {why}"] if why else [])]
