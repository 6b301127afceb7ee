"""What ships can be opened, and has learned."""

from pathlib import Path

import pytest
import torch

from xmodal.data.world.spec import WORLD_VERSION, WorldSpec
from xmodal.evaluation.retrieval import retrieve
from xmodal.progress import Silent
from xmodal.recipes.launch import SHIPPED, load_model, recipe_of
from xmodal.recipes.recipe import WorldData
from xmodal.recipes.sources import pairs_of
from xmodal.runs.run import State, open_run
from xmodal.workspace import Workspace

RUNS = sorted(path.parent.name for path in SHIPPED.glob("*/manifest.json"))


def test_something_ships_and_it_is_small() -> None:
    assert RUNS
    sizes = [path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()]
    assert max(sizes) <= 16_000_000
    assert sum(sizes) <= 60_000_000


@pytest.mark.parametrize("name", RUNS)
def test_it_ranks_unseen_pairs_far_above_chance(name: str, tmp_path: Path) -> None:
    run = open_run(SHIPPED / name)
    assert run.status().state is State.FINISHED
    assert run.manifest.versions["world"] == str(WORLD_VERSION)
    recipe = recipe_of(run)
    unseen = WorldData(world=WorldSpec(seed=77), items=64)
    pairs = pairs_of(recipe, unseen, Workspace(tmp_path), Silent())
    torch.set_num_threads(1)
    found = retrieve(load_model(run), pairs, recipe.aggregation)
    assert all(each.recall_at(10) > 3 * 10 / 64 for each in found.values()), found  # chance is 10 / 64
