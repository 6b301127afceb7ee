"""A finished run without what only training needs: to give away, or to lie in `checkpoints/`."""

import shutil
from pathlib import Path

from xmodal.recipes.sense_data import WORDS
from xmodal.runs.checkpoint import load_tensors, save_checkpoint
from xmodal.runs.index import read_index
from xmodal.runs.run import MANIFEST, Run, RunError, State
from xmodal.storage import atomic_directory
from xmodal.training.loop import MODEL

KEPT = (MANIFEST, "status.json", "metrics.jsonl", "vocabulary.json")
"""Files of a run that go along, where it has them: what was asked for, the curve, the scores of each epoch. Its word
vectors go too."""


def ship(run: Run, folder: Path, *, unfinished: bool = False) -> Run:
    """Copy a run to a new folder: manifest, status, metrics, and the weights of its whole epochs without the optimiser.

    Raises:
        RunError: it is not finished (unless that is asked for), or the folder is there already.
    """
    if run.status().state is not State.FINISHED and not unfinished:
        raise RunError(f"{run.name} is {run.status().state.value}: finish it first")
    if folder.exists():
        raise RunError(f"{folder} is there already: choose another place, or remove it")
    with atomic_directory(folder) as new:
        for name in KEPT:
            if (run.folder / name).is_file():
                shutil.copyfile(run.folder / name, new / name)
        if (run.folder / WORDS).is_dir():
            shutil.copytree(run.folder / WORDS, new / WORDS)
        target = Run(new)
        for checkpoint in run.checkpoints:
            index = read_index(checkpoint)
            if index.whole:
                weights = {MODEL: load_tensors(checkpoint, MODEL)}
                place = target.checkpoint_path(index.step)
                save_checkpoint(place, weights, step=index.step, epoch=index.epoch, state=index.state, whole=True)
    return Run(folder)
