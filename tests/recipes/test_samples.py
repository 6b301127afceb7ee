"""Sample predictions: fixed pairs from before the first step on, the same after a stop as without one."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.recipes.shrunk import shrunk
from xmodal.modality import Modality
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.launch import launch_next
from xmodal.recipes.matched import match, opened
from xmodal.recipes.matchmap_recipe import MatchmapRecipe
from xmodal.recipes.networks import load_matchmaps
from xmodal.recipes.samples import FIRST_STEPS, PAIRS, Samples
from xmodal.recipes.trainings import run_training
from xmodal.runs.run import Run, RunError, State
from xmodal.similarity.matchmap import aggregate
from xmodal.training.events import StepDone
from xmodal.workspace import Workspace


def trained(recipe: MatchmapRecipe, here: Workspace, *, stop_after: int | None = None) -> Run:
    """A finished run; with `stop_after` it was stopped after that step, and went on."""
    run = launch_next(recipe, here)
    for event in run_training(run, here):
        if isinstance(event, StepDone) and event.step == stop_after:
            run.request_stop()
    if stop_after is not None:
        assert run.status().state is State.STOPPED and max(Samples(run).steps()) <= stop_after
        for _ in run_training(run, here):
            pass
    return run


@pytest.fixture
def here(tmp_path: Path) -> Workspace:
    found = Workspace(tmp_path / "workspace")
    found.prepare()
    return found


def small() -> MatchmapRecipe:
    recipe = shrunk(MATCHMAPS["matchmaps-tiny"])
    stage = recipe.stages[0].model_copy(update={"epochs": 4, "batch": 2})
    return recipe.model_copy(update={"stages": (stage,)})


def test_they_are_taken_from_step_0_on_and_show_what_the_network_shows(here: Workspace) -> None:
    run = trained(small(), here)
    samples = Samples(run)
    steps, index = samples.steps(), samples.index()
    assert index is not None and len(index.items) == PAIRS
    per_epoch = run.status().steps // 4
    assert set(steps) == {step for step in FIRST_STEPS if step <= 4 * per_epoch} | {per_epoch * n for n in range(1, 5)}
    first, last = samples.at(0), samples.at(steps[-1])
    assert not np.allclose(first.scores, last.scores)
    for place in range(PAIRS):
        media, found = samples.media(place), last.maps[place]
        again = match(opened(run), media.picture, media.caption)  # from the kept files: a JPEG and 16 bits
        assert found.scores.shape == again.scores.shape
        assert np.corrcoef(found.scores.ravel(), again.scores.ravel())[0, 1] > 0.98
        np.testing.assert_array_equal(found.times_s, again.times_s)
        own = float(aggregate(torch.from_numpy(found.scores), index.aggregation))
        assert own == pytest.approx(float(last.scores[place, place]), rel=5e-3, abs=5e-3)  # maps are kept in 16 bits


def test_a_run_that_was_stopped_has_the_same_samples(here: Workspace) -> None:
    whole, stopped = trained(small(), here), trained(small(), here, stop_after=5)
    assert Samples(whole).steps() == Samples(stopped).steps()
    for step in Samples(whole).steps():
        np.testing.assert_array_equal(Samples(whole).at(step).scores, Samples(stopped).at(step).scores)
    for one, two in zip(load_matchmaps(whole).parameters(), load_matchmaps(stopped).parameters(), strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy())


def test_what_came_after_the_checkpoint_is_dropped(here: Workspace) -> None:
    samples = Samples(trained(small(), here))
    samples.rewind(10)
    assert max(samples.steps()) == 10


def test_a_network_that_reads_keeps_the_text(here: Workspace) -> None:
    recipe = shrunk(MATCHMAPS["matchmaps-compact-words-sisa-none"])
    samples = Samples(trained(recipe, here))
    index = samples.index()
    assert index is not None and index.caption is Modality.TEXT
    caption = samples.media(0).caption
    assert isinstance(caption, str) and caption == index.items[0].text
    assert samples.at(0).maps[0].scores.shape[2] == len(caption.split())


def test_labels_alone_have_none(here: Workspace) -> None:
    run = trained(shrunk(MATCHMAPS["matchmaps-compact-labels-resnet-res-davenet"]), here)
    assert Samples(run).index() is None and Samples(run).steps() == ()


def test_damage_is_said(here: Workspace) -> None:
    samples = Samples(trained(small(), here))
    (samples.folder / "step-0000000.safetensors").write_bytes(b"nonsense")
    with pytest.raises(RunError, match="damaged sample predictions"):
        samples.at(0)
    (samples.folder / "item-0.jpg").unlink()
    with pytest.raises(RunError, match="damaged sample 0"):
        samples.media(0)
    with pytest.raises(RunError, match="has no sample 9"):
        samples.media(9)
