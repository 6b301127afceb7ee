"""The rows of the matchmap paper's Tables 1 to 3 over seeds and shares of the data, at a price that a CPU can pay.

Every row is its compact recipe without the last stage (full scenes): one pass over 8,000 and one over 24,000 scenes
with one thing each. What is asked is the order of the rows, not how good a network can get: see checkpoints/README.md
for that. Trainings that are finished are not done again, one that was killed goes on, and two of these commands share
the work; a row whose start is missing says so. The command that measures them all is printed at the end.

    OMP_NUM_THREADS=1 python benchmarks/matchmap_rows.py matchmaps.1 matchmaps.2 --seeds 0 1 2 --shares 1.0 0.1
"""

import sys

import tyro
from tqdm import tqdm

from xmodal import workspace
from xmodal.errors import reason
from xmodal.evaluation.published import TABLES
from xmodal.recipes.launch import launch
from xmodal.recipes.matchmap_data import CURRICULUM
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.recipe import WorldData
from xmodal.recipes.rows import measuring, recipe_for
from xmodal.recipes.trainings import run_training
from xmodal.runs.run import MANIFEST, Run, RunError, State
from xmodal.training.schedule import Cosine

DATA = "world:seed=1000,objects_min=1,objects_max=1,words_min=2,words_max=7,unseen=0"
"""Unseen scenes of the same kind."""


def brief(recipe: MatchmapRecipe, seed: int, share: float) -> MatchmapRecipe:
    """A compact row in two passes."""
    few, short, _ = recipe.stages
    data = {name: CURRICULUM[name].model_copy(update={"share": share}) for name in ("few", "short")}
    easy = CURRICULUM["short"]
    assert isinstance(easy, WorldData)
    held_out = easy.model_copy(update={"world": easy.world.model_copy(update={"seed": 2}), "items": 200})
    stages = (
        few.model_copy(update={"epochs": 1}),
        short.model_copy(update={"epochs": 1, "schedule": Cosine(floor=0.01)}),
    )
    changes = {
        "stages": stages, "data": data, "validation": held_out, "seed": seed, "concept_pairs": 0, "keep_epochs": (),
    }  # fmt: skip
    return recipe.model_copy(update=changes)


def main(
    tables: tyro.conf.Positional[tuple[str, ...]],
    *,
    seeds: tuple[int, ...] = (0, 1, 2),
    shares: tuple[float, ...] = (1.0, 0.1),
) -> int:
    """Train every row of some tables.

    Args:
        tables: Such as matchmaps.1.
        seeds: Each is one run of every row.
        shares: Of the data.
    """
    here = workspace.current()
    found = (recipe_for(table, row.key) for table in tables for row in TABLES[table].rows)
    recipes = {each.name: each for each in found if isinstance(each, MatchmapRecipe)}
    wanted = [(recipe, seed, share) for seed in seeds for share in shares for recipe in recipes.values()]
    finished = []
    for recipe, seed, share in tqdm(wanted, unit="run"):
        name = f"rows-{recipe.name.removeprefix('matchmaps-compact-')}-{share * 100:g}-{seed}"
        run = Run(here.runs / name)
        try:
            if not (run.folder / MANIFEST).exists():
                launch(brief(recipe, seed, share), run.folder, here)
            if run.status().state is not State.FINISHED:
                for _ in run_training(run, here):
                    pass
            finished.append(name)
        except RunError as error:  # a run to start from is missing, or another process trains this one
            tqdm.write(f"{name}: {reason(error)}")
    for table in tables:
        print(f'{measuring(table, tuple(finished))} --data "{DATA}" --n 1000')
    return 0


if __name__ == "__main__":
    sys.exit(tyro.cli(main))
