"""What ships can be opened, and has learned."""

import pytest
import torch

from xmodal.data.world.spec import WORLD_VERSION, WorldSpec
from xmodal.embeddings.pair_maps import pair_maps
from xmodal.evaluation.ranks import Retrieval
from xmodal.evaluation.retrieval import retrieve
from xmodal.evaluation.sense_retrieval import retrieve_all
from xmodal.models.see_hear_read import SeeHearReadModel
from xmodal.progress import Silent
from xmodal.recipes import results
from xmodal.recipes.matched import opened
from xmodal.recipes.networks import (
    SHIPPED,
    load_matchmaps,
    load_model,
    matchmap_recipe_of,
    recipe_of,
    vocabulary_of,
)
from xmodal.recipes.recipe import WorldData
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.see_hear_read_training import vectors_of
from xmodal.recipes.sense_data import reading_of, whole_set, with_reading
from xmodal.recipes.sources import pairs_of, source_of
from xmodal.runs.run import Run, State, open_run
from xmodal.workspace import Workspace

RUNS = sorted(path.parent.name for path in SHIPPED.glob("*/manifest.json"))
FINDING = [name for name in RUNS if recipe_of(open_run(SHIPPED / name)).matches]
"""A teacher knows pictures alone."""
UNSEEN = WorldData(world=WorldSpec(seed=77), items=64)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Pairs that several runs look at are made once."""
    return Workspace(tmp_path_factory.mktemp("shipped"))


def test_something_ships_and_it_is_small() -> None:
    assert RUNS
    sizes = [path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()]
    assert max(sizes) <= 16_000_000
    assert sum(sizes) <= 60_000_000


@pytest.mark.parametrize("name", FINDING)
def test_it_ranks_unseen_pairs_far_above_chance(name: str, workspace: Workspace) -> None:
    run = open_run(SHIPPED / name)
    assert run.status().state is State.FINISHED
    assert run.manifest.versions["world"] == str(WORLD_VERSION)
    torch.set_num_threads(1)
    recipe = recipe_of(run)
    found = _senses(run, recipe, workspace) if isinstance(recipe, SeeHearReadRecipe) else _maps(run, workspace)
    assert all(each.recall_at(10) > 3 * 10 / 64 for each in found.values()), found  # chance is 10 / 64


def _maps(run: Run, workspace: Workspace) -> dict[str, Retrieval]:
    recipe = matchmap_recipe_of(run)
    pairs = pairs_of(recipe, UNSEEN, workspace, Silent(), vocabulary_of(run))
    return retrieve(load_matchmaps(run), pairs, recipe.aggregation)


def _senses(run: Run, recipe: SeeHearReadRecipe, workspace: Workspace) -> dict[str, Retrieval]:
    model = load_model(run)
    assert isinstance(model, SeeHearReadModel)
    sets = {pair.caption: whole_set(recipe, pair, UNSEEN, workspace, Silent()) for pair in recipe.pairs}
    return retrieve_all(vectors_of(model, recipe, with_reading(sets, reading_of(run, recipe))))


WITH_RESULTS = [name for name in RUNS if (SHIPPED / name / results.FOLDER).is_dir()]
AGAIN = 8
"""Items that are looked at anew in every test run; all of them in the nightly one."""


def test_results_ship() -> None:
    assert WITH_RESULTS


@pytest.mark.parametrize("name", WITH_RESULTS)
def test_kept_results_are_those_of_a_fresh_forward_pass(name: str, workspace: Workspace) -> None:
    run = open_run(SHIPPED / name)
    recipe, model, found = matchmap_recipe_of(run), load_matchmaps(run), results.kept(run)
    assert found is not None
    assert len(found.index.ids) == 2000
    torch.set_num_threads(1)
    few = found.index.data.model_copy(update={"items": AGAIN})
    pairs = pairs_of(recipe, few, workspace, Silent(), vocabulary_of(run))
    assert pairs.prepared.index.ids == found.index.ids[:AGAIN]
    pictures, captions = results.vectors(pair_maps(model, pairs))
    assert torch.allclose(found.pictures[:AGAIN].float(), pictures, rtol=2e-3, atol=2e-3)
    assert torch.allclose(found.captions[:AGAIN].float(), captions, rtol=2e-3, atol=2e-3)
    source = source_of(found.index.data, workspace)
    for place in (0, len(found.matchmaps) - 1):
        fresh = results.whole_matchmap(opened(run), source[place])
        assert torch.allclose(found.matchmaps[place], fresh, atol=1e-3 * float(fresh.abs().max()))


@pytest.mark.nightly
@pytest.mark.parametrize("name", WITH_RESULTS)
def test_every_kept_result_is_that_of_a_fresh_forward_pass(name: str, workspace: Workspace) -> None:
    run = open_run(SHIPPED / name)
    found = results.kept(run)
    assert found is not None
    fresh = results.computed(run, found.index.data, workspace)
    assert fresh.index.ids == found.index.ids
    alike = (fresh.best_captions == found.best_captions).float().mean()
    assert alike > 0.99  # equal scores may change places with the threads of a sum
    assert torch.allclose(fresh.caption_ranks.float(), found.caption_ranks.float(), atol=1.0)
    assert torch.allclose(fresh.picture_ranks.float(), found.picture_ranks.float(), atol=1.0)
