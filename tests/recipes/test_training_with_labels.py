"""A training with labels: classes from the data, layers that learn them, their AUC in the log."""

from pathlib import Path

import pytest
import torch

from tests.recipes.shrunk import shrunk
from xmodal.errors import InputError
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.classes import HEARD, SEEN, with_classes
from xmodal.recipes.launch import launch
from xmodal.recipes.matchmap_starts import name_of
from xmodal.recipes.networks import load_matchmaps, matchmap_recipe_of
from xmodal.recipes.trainings import run_training
from xmodal.training.events import StepDone, Validated
from xmodal.workspace import Workspace

LABELS = MATCHMAPS[name_of("compact", "labels", "resnet_res_davenet")]


def test_classes_are_those_of_the_world(tmp_path: Path) -> None:
    model = with_classes(LABELS, Workspace(tmp_path)).model
    assert model.seen_labels == tuple(sorted(SEEN))
    assert model.heard_labels == tuple(sorted(HEARD))
    assert "dog" in HEARD
    assert "chair" in SEEN - HEARD
    given = LABELS.model_copy(update={"model": model.model_copy(update={"seen_labels": ("dog",), "heard_labels": ()})})
    assert with_classes(given, Workspace(tmp_path)) is given
    other = MATCHMAPS["matchmaps-demo-cosine"]
    assert with_classes(other, Workspace(tmp_path)) is other


def test_it_learns_to_name(tmp_path: Path) -> None:
    here = Workspace(tmp_path)
    here.prepare()
    recipe = shrunk(LABELS, "stages.0.epochs=12", "stages.0.batch=6", "stages.0.optimiser.rate=0.02")
    run = launch(recipe, tmp_path / "run", here)
    assert matchmap_recipe_of(run).model.heard_labels == tuple(sorted(HEARD))
    events = list(run_training(run, here))
    losses = [event.terms for event in events if isinstance(event, StepDone)]
    assert losses[0].keys() == {"seen_labels", "heard_labels"}
    assert losses[-1]["seen_labels"] < 0.5 * losses[0]["seen_labels"]
    measured = [event.measures for event in events if isinstance(event, Validated)]
    assert measured[-1].keys() == {"auc_seen", "auc_heard"}
    assert measured[-1]["auc_seen"] > measured[0]["auc_seen"] - 0.1
    model = load_matchmaps(run)
    maps = torch.randn(2, matchmap_recipe_of(run).model.image.map_dim, 3, 3)
    scores = model.label_scores(maps, maps.flatten(2), torch.tensor([9, 4]))
    assert scores["seen"].shape == (2, len(SEEN))
    cut = model.label_scores(maps[1:], maps.flatten(2)[1:, :, :4], torch.tensor([4]))
    assert torch.allclose(scores["heard"][1], cut["heard"][0])


def test_branches_start_from_it_without_its_layers(tmp_path: Path) -> None:
    here = Workspace(tmp_path)
    here.prepare()
    run = launch(shrunk(LABELS), here.root / "runs" / LABELS.name, here)
    list(run_training(run, here))
    row = MATCHMAPS["matchmaps-compact-sisa-shn-supervised"]
    child = launch(shrunk(row, f'start=[{{"run": "{LABELS.name}"}}]'), tmp_path / "child", here)
    assert child.manifest.parents.keys() == {"image", "caption"}
    first = next(event for event in run_training(child, here) if isinstance(event, StepDone))
    assert first.terms.keys() == {"sampled_margin", "semi_hard"}


def test_data_without_labels_are_refused(tmp_path: Path, realdata: Path) -> None:
    from xmodal.data.importing import ImportRequest, import_catalog

    here = Workspace(tmp_path)
    here.prepare()
    import_catalog(ImportRequest(realdata / "flickr8k", "flickr8k", {}, {}), here.catalogs / "spoken")
    with pytest.raises(InputError, match="no training item has any"):
        launch(LABELS.on("spoken"), tmp_path / "run", here)
