"""Trained runs for pages: which there are."""

from dataclasses import dataclass

from xmodal import workspace
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.recipes.launch import find_run, recipe_of, run_names
from xmodal.recipes.matched import Trained, opened
from xmodal.runs.checkpoint import read_index


@dataclass(frozen=True)
class RunKey:
    """One network: a run after an epoch."""

    run: str
    weights: str
    """SHA-256 of the weights."""
    title: str
    caption: Modality
    """What it was trained to match with pictures."""


@dataclass(frozen=True)
class Unusable:
    """A run that pages cannot open."""

    run: str
    reason: str


def runs() -> tuple[RunKey | Unusable, ...]:
    """Every run of the workspace, then the shipped ones; a run that has saved nothing yet is left out."""
    here = workspace.current()
    found = (_run(name) for name in run_names(here))
    return tuple(each for each in found if each is not None)


def _run(name: str) -> RunKey | Unusable | None:
    try:
        run = find_run(name, workspace.current())
        recipe = recipe_of(run)
        if not run.checkpoints:
            return None
        weights = read_index(run.checkpoint()).files["model.safetensors"]
    except (InputError, KeyError, OSError) as error:
        return Unusable(name, str(error))
    return RunKey(run.name, weights, recipe.title, recipe.pair.caption)


def load_run(key: RunKey) -> Trained:
    """The network of a run, and the same network with its first random weights.

    Raises:
        RunError, CheckpointError: it cannot be used.
    """
    return opened(find_run(key.run, workspace.current()))
