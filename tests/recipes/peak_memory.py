"""`python -m tests.recipes.peak_memory FOLDER RECIPE,BATCH,FRAMES,STEPS...`: trains recipes on noise and prints of each
how many bytes were foretold, and how many it took.

A process of its own, since what a process has taken once it keeps: the smallest recipe comes first.
"""

import json
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import torch

from xmodal.features.pairs import Batch
from xmodal.models import build
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.changes import changed
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.memory_needed import memory_needed
from xmodal.recipes.planned import plan_of
from xmodal.recipes.probed import VALIDATION, Probed
from xmodal.runs.run import RunManifest, create, now
from xmodal.training.loop import Training, train
from xmodal.training.matchmap_task import MatchmapTask
from xmodal.training.precision import Precision, choose


@dataclass(frozen=True)
class Noise:
    """Pairs of captions between three quarters of the most frames and all."""

    recipe: MatchmapRecipe
    lengths: np.ndarray

    def __len__(self) -> int:
        return len(self.lengths)

    def batch(self, positions: Sequence[int], generator: np.random.Generator | None) -> Batch:
        del generator
        drawn = torch.Generator().manual_seed(0)
        count, side = len(positions), self.recipe.picture.crop_px or 0
        lengths = torch.from_numpy(self.lengths[list(positions)])
        pictures = torch.randn(count, 3, side, side, generator=drawn)
        bands = self.recipe.pair.spectrogram.bands
        return Batch(pictures, torch.randn(count, bands, int(lengths.max()), generator=drawn), lengths)


def trained(recipe: MatchmapRecipe, lengths: np.ndarray, folder: Path) -> int:
    """Train the last stage for a few steps; the most memory that this process had meanwhile.

    It is looked at all the time: what the system keeps as a process's peak can be that of the one that started it.
    """
    stage = recipe.stages[-1]
    place = choose("cpu", Precision.FLOAT32)
    manifest = RunManifest(name=folder.name, recipe={}, created=now(), versions={})
    model = place.put(build(recipe.model, torch.Generator().manual_seed(0)))
    data = {stage.data: Noise(recipe, lengths)}
    seen, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.002):
            seen.append(psutil.Process().memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in train(Training(create(folder, manifest), MatchmapTask(model), (stage,), data, 0, place)):
        pass
    ended.set()
    watcher.join()
    return max(seen)


def foretold(recipe: MatchmapRecipe, lengths: np.ndarray) -> int:
    """What the check says of that training."""
    name = recipe.stages[-1].data
    probes = {name: Probed(name, len(lengths), 1.0, lengths), VALIDATION: Probed("", 1, 1.0, lengths)}
    return memory_needed(plan_of(recipe, probes, bfloat16=False), probes).training_bytes


def main(folder: Path, wanted: Sequence[str]) -> None:
    before = psutil.Process().memory_info().rss
    taken, said = {}, {}
    for each in wanted:
        name, batch, frames, steps = each.split(",")
        recipe = changed(MATCHMAPS[name], [f"stages.*.batch={batch}", f"pair.most_frames={frames}"])
        last = recipe.stages[-1].model_copy(update={"epochs": 1, "pool": 1})
        recipe = recipe.model_copy(update={"stages": (last,)})
        lengths = np.linspace(0.75 * int(frames), int(frames), int(steps) * int(batch)).astype(np.int64)
        taken[each] = trained(recipe, lengths, folder / name) - before
        said[each] = (recipe, lengths)
    print(json.dumps({each: [foretold(*said[each]), taken[each]] for each in wanted}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
