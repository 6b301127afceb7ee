"""A training of moments on any device, in any number format, by any number of processes; and its scores right there.

The folder `two_processes_bfloat16` beside this file is a run that was made so, kept as it was written:
`torchrun --nproc-per-node 2 -m tests.training.elsewhere FOLDER`.
"""

import json
import shutil
import sys
from pathlib import Path

import torch

from tests.training.tiny import NETWORK, ToyPairs, network
from xmodal.models.matchmaps import MatchmapModel
from xmodal.objectives import InfoNce
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.recipe import WorldData
from xmodal.recipes.ship import ship
from xmodal.runs.run import RunManifest, State, Status, create, open_run
from xmodal.similarity.matchmap import Aggregation
from xmodal.similarity.pairwise import pairwise
from xmodal.storage import atomic_write
from xmodal.training.distributed import announced, joined, own_device
from xmodal.training.loop import train
from xmodal.training.matchmap_stage import MatchmapStage
from xmodal.training.matchmap_task import MatchmapTask
from xmodal.training.plan import Training
from xmodal.training.precision import Place, Precision, choose, layout
from xmodal.training.schedule import Cosine
from xmodal.training.stage import Adam

KEPT = Path(__file__).with_name("two_processes_bfloat16")
SCORES = "scores.json"
PAIRS = ToyPairs()
STAGE = MatchmapStage(
    name="only", data="train", epochs=8, batch=8, aggregation=Aggregation.MISA, objectives=(InfoNce(temperature=0.1),),
    optimiser=Adam(rate=0.01), schedule=Cosine(),
)  # fmt: skip
RECIPE = MatchmapRecipe.model_validate(
    MATCHMAPS["matchmaps-tiny"].model_dump()
    | {"name": "toy", "model": NETWORK, "stages": (STAGE,), "data": {"train": WorldData(items=2)}}
)
"""Tells `load_matchmaps` what network it is; the toy pairs take the place of its data."""


def scores_of(model: MatchmapModel, place: Place) -> list[list[float]]:
    """Similarity of the eight kinds of picture (rows) and of caption, computed there."""
    batch = PAIRS.batch(range(8), None).to(place.device, layout(model))
    model.eval()
    with torch.no_grad(), place.autocast():
        captions, lengths = model.caption_maps(batch.captions, batch.lengths)
        pictures = model.image_maps(batch.pictures)
    return pairwise(pictures.float().cpu(), captions.float().cpu(), lengths.cpu(), STAGE.aggregation).tolist()


def train_there(folder: Path, device: str, precision: Precision) -> None:
    """Train a new run in every process that `torchrun` announces; the leader leaves its scores in the folder."""
    place = choose(device, precision)
    place = Place(own_device(place.device), place.bfloat16)
    with joined(place.device) as ranks:
        if ranks.leads:
            create(folder, RunManifest(name="toy", recipe=RECIPE.model_dump(mode="json"), created="", versions={}))
        ranks.agreed("launched")
        run = open_run(folder)
        model = place.put(network())
        training = Training(run, MatchmapTask(model), (STAGE,), {"train": PAIRS}, seed=5, place=place, ranks=ranks)
        if ranks.leads:
            run.note_place(place.describe(ranks.world))
        for _ in train(training):
            pass
        if ranks.leads:
            run.write_status(Status(state=State.FINISHED))
            atomic_write(folder / SCORES, json.dumps(scores_of(model, place)))


if __name__ == "__main__":
    target = Path(sys.argv[1])
    made = target.with_name(f"{target.name} with optimiser")
    torch.set_num_threads(1)
    train_there(made, "auto", Precision.BFLOAT16)
    if announced().leads:
        ship(open_run(made), target)
        (made / SCORES).rename(target / SCORES)
        shutil.rmtree(made)
