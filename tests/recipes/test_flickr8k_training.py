"""Real photos with their spoken captions, from import through training to the page: it works; it learns nothing."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.shown import sent
from xmodal.data.importing import ImportRequest, import_catalog
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.changes import changed
from xmodal.recipes.launch import launch_next
from xmodal.recipes.trainings import run_training
from xmodal.runs.run import State
from xmodal.training.events import Validated
from xmodal.ui.navigation import MATCHMAP
from xmodal.workspace import VARIABLE, Workspace

CATALOG = "flickr8k"
FEW = ("data.train.items=15", "validation.items=8", "stages.0.batch=5", "device=cpu")


def test_photos_with_spoken_captions_train_and_play(
    realdata: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Workspace(tmp_path)
    here.prepare()
    catalog = import_catalog(ImportRequest(realdata / CATALOG), here.catalogs / CATALOG)
    run = launch_next(changed(MATCHMAPS["matchmaps-tiny"].on(CATALOG), FEW), here)
    validated = [event for event in run_training(run, here) if isinstance(event, Validated)]
    assert [event.epoch for event in validated] == [1, 2]
    assert run.status().state is State.FINISHED
    lines = [line for line in run.metrics() if "loss" in line]
    assert all(0.0 < line["loss"] < 10.0 for line in lines)

    monkeypatch.setenv(VARIABLE, str(tmp_path))
    page = AppTest.from_file(str(MATCHMAP.path), default_timeout=120)
    page.query_params["run"], page.query_params["catalog"] = run.name, CATALOG
    page.run()
    assert not page.exception
    [clip] = sent(page, "maps")
    assert [each["name"] for each in clip["maps"]] == ["Matchmap", "Mean map", "Shuffled pair", "Untrained"]
    spoken = [sample for sample in catalog if "speech" in sample.media]
    assert 250 < len(spoken) <= 300
