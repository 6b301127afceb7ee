"""Trained runs for pages: which there are."""

from dataclasses import dataclass, replace

from xmodal import workspace
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.recipes.matched import Trained, opened
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.networks import SHIPPED, find_run, recipe_of, run_names
from xmodal.runs.index import INDEX, read_index
from xmodal.runs.run import MANIFEST

READ = (MANIFEST, f"checkpoints/step-*/{INDEX}")
"""What tells what a run is."""


@dataclass(frozen=True)
class RunKey:
    """One network: a run after an epoch."""

    run: str
    weights: str
    """SHA-256 of the weights."""
    title: str
    caption: Modality
    """What it was trained to match with pictures."""
    epochs: tuple[int, ...] = ()
    """Epochs whose weights are kept, ascending."""
    epoch: int | None = None
    """The network after this epoch; None: the newest."""


@dataclass(frozen=True)
class Unusable:
    """A run that pages cannot open."""

    run: str
    reason: str


def runs() -> tuple[RunKey | Unusable, ...]:
    """Every run with matchmaps of the workspace, then the shipped ones; left out are runs that have saved nothing yet,
    and those that only learned labels: their pictures and sounds share no space."""
    here = workspace.current()
    found = (_run(name) for name in run_names(here))
    return tuple(each for each in found if each is not None)


def traces() -> tuple[tuple[str, int], ...]:
    """Path and time of every file that `runs` reads (ns): where they are as before, it finds what it found before."""
    roots = (workspace.current().runs, SHIPPED)
    files = (path for root in roots for part in READ for path in sorted(root.glob(f"*/{part}")))
    return tuple((str(path), path.stat().st_mtime_ns) for path in files if path.exists())


def _run(name: str) -> RunKey | Unusable | None:
    try:
        run = find_run(name, workspace.current())
        recipe = recipe_of(run)
        if not isinstance(recipe, MatchmapRecipe) or not run.checkpoints or not recipe.matches:
            return None
        weights = read_index(run.checkpoint()).files["model.safetensors"]
        epochs = run.epochs
    except (InputError, KeyError, OSError) as error:
        return Unusable(name, str(error))
    return RunKey(run.name, weights, recipe.title, recipe.pair.caption, epochs)


def after_epoch(key: RunKey, epoch: int) -> RunKey:
    """The same run after an earlier epoch.

    Raises:
        RunError: its weights are not kept.
    """
    run = find_run(key.run, workspace.current())
    return replace(key, epoch=epoch, weights=read_index(run.checkpoint(epoch)).files["model.safetensors"])


def load_run(key: RunKey) -> Trained:
    """The network of a run, and the same network with its first random weights.

    Raises:
        RunError, CheckpointError: it cannot be used.
    """
    return opened(find_run(key.run, workspace.current()), epoch=key.epoch)
