"""Results kept beside a run are those of a fresh forward pass, and of no other weights."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.recipes.fresh_run import fresh_run
from xmodal.embeddings.pair_maps import pair_maps
from xmodal.progress import Silent
from xmodal.recipes import results
from xmodal.recipes.networks import load_matchmaps, matchmap_recipe_of
from xmodal.recipes.recipe import WorldData
from xmodal.recipes.sources import pairs_of
from xmodal.runs.checkpoint import load_tensors, save_checkpoint
from xmodal.runs.run import Run, RunError
from xmodal.similarity.pairwise import pairwise
from xmodal.workspace import Workspace


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="module")
def run(here: Workspace) -> Run:
    return fresh_run(here)


@pytest.fixture(scope="module")
def found(here: Workspace, run: Run) -> results.Results:
    validation = matchmap_recipe_of(run).validation
    assert isinstance(validation, WorldData)
    return results.computed(run, validation, here)


def test_neighbours_and_ranks_are_those_of_all_scores(here: Workspace, run: Run, found: results.Results) -> None:
    recipe = matchmap_recipe_of(run)
    maps = pair_maps(load_matchmaps(run), pairs_of(recipe, recipe.validation, here, Silent()))
    scores = pairwise(maps.images, maps.captions, maps.lengths, recipe.aggregation)
    for place, row in enumerate(scores.tolist()):
        listed = [row[other] for other in found.best_captions[place].tolist()]
        assert listed == sorted(row, reverse=True)[: len(listed)]
        assert int(found.caption_ranks[place]) == sum(each >= row[place] for each in row)
    for place, column in enumerate(scores.T.tolist()):
        listed = [column[other] for other in found.best_pictures[place].tolist()]
        assert listed == sorted(column, reverse=True)[: len(listed)]
        assert int(found.picture_ranks[place]) == sum(each >= column[place] for each in column)
    means = [maps.captions[place, :, : int(length)].mean(dim=1) for place, length in enumerate(maps.lengths)]
    assert torch.allclose(found.captions.float(), torch.stack(means), atol=2e-3)
    assert torch.allclose(found.pictures.float(), maps.images.mean(dim=(2, 3)), atol=2e-3)
    assert found.recall_at(len(scores)) == {"speech_to_image": 1.0, "image_to_speech": 1.0}


def test_what_is_kept_comes_back(run: Run, found: results.Results) -> None:
    results.keep(found, run)
    again = results.kept(run)
    assert again is not None
    assert again.index == found.index.model_copy(update={"sha256": again.index.sha256})
    for name in ("pictures", "captions", "best_captions", "best_pictures", "caption_ranks", "picture_ranks"):
        assert torch.equal(getattr(again, name), getattr(found, name)), name
    assert len(again.matchmaps) == len(found.matchmaps) == 6
    assert all(torch.equal(old, new) for old, new in zip(found.matchmaps, again.matchmaps, strict=True))


def test_results_of_other_weights_do_not_count_and_damaged_ones_are_refused(run: Run, found: results.Results) -> None:
    folder = results.keep(found, run)
    (folder / results.TENSORS).write_bytes((folder / results.TENSORS).read_bytes()[:-1])
    with pytest.raises(RunError, match="SHA-256 differs"):
        results.kept(run)
    results.keep(found, run)
    weights = load_tensors(run.checkpoint(), "model")
    changed = {name: tensor + 1 if tensor.is_floating_point() else tensor for name, tensor in weights.items()}
    save_checkpoint(run.checkpoint_path(2), {"model": changed}, step=2, epoch=2)
    assert results.kept(run) is None


def test_a_run_without_results_has_none(run: Run, tmp_path: Path) -> None:
    assert results.kept(replace(run, folder=tmp_path)) is None
