"""Scores on pairs that a run has learned from say so."""

from pathlib import Path

import pytest

from xmodal.data.catalog import Filter
from xmodal.data.sample import Split
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.launch import launch
from xmodal.recipes.overlap import overlap
from xmodal.recipes.recipe import CatalogData, Data, Recipe, Start
from xmodal.recipes.sources import data_of
from xmodal.runs.run import RunManifest, create
from xmodal.workspace import Workspace

TINY = MATCHMAPS["matchmaps-tiny"]
"""Trained on items 0 to 199 of seed 21, validated on 0 to 49 of seed 22, both with one or two objects."""


@pytest.fixture
def here(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("world:seed=20", ""),
        ("world:seed=1000", ""),
        ("world:seed=21,objects_min=1,objects_max=2", "tiny was trained on 60 of these 60 items: world seed 21"),
        ("world:seed=21", "tiny was trained on 60 of easier or harder forms of these 60 items: world seed 21"),
        ("world:seed=22,objects_min=1,objects_max=2", "tiny was validated on 50 of these 60 items: world seed 22"),
        ("mine", ""),
    ],
)
def test_worlds(here: Workspace, text: str, said: str) -> None:
    run = launch(TINY, here.root / "tiny", here)
    assert overlap(run, data_of(text, items=60), here) == said


def test_later_items_of_the_same_world_are_others(here: Workspace) -> None:
    run = launch(TINY, here.root / "tiny", here)
    asked = data_of("world:seed=21,objects_min=1,objects_max=2", items=60)
    assert overlap(run, asked.model_copy(update={"first": 200}), here) == ""
    assert "5 of these 60" in overlap(run, asked.model_copy(update={"first": 195}), here)


@pytest.mark.parametrize(
    ("split", "said"),
    [(Split.TEST, ""), (Split.TRAIN, "trained on items of"), (Split.VALIDATION, "validated on"), (None, "trained on")],
)
def test_catalogs_by_their_splits(here: Workspace, split: Split | None, said: str) -> None:
    run = launch(TINY.on("mine"), here.root / "own", here)
    asked: Data = CatalogData(catalog="mine", select=Filter(split=split))
    assert said in overlap(run, asked, here)
    assert bool(overlap(run, asked, here)) is bool(said)
    assert overlap(run, CatalogData(catalog="other"), here) == ""


def test_what_the_run_that_it_started_from_has_seen_counts(here: Workspace) -> None:
    launch(TINY, here.root / "runs" / "first", here)
    child: Recipe = TINY.on("mine").model_copy(update={"start": (Start(run="first"), Start(run="gone"))})
    manifest = RunManifest(name="second", recipe=child.model_dump(mode="json"), created="", versions={})
    run = create(here.root / "runs" / "second", manifest)
    assert "first was trained on" in overlap(run, data_of("world:seed=21", items=60), here)
