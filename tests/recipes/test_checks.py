"""What is said of a recipe before it is launched."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.data.samples import catalog_of
from tests.recipes.shrunk import shrunk
from tests.ui import tiny_catalog
from xmodal.data.media import Stored
from xmodal.data.sample import Sample, Split
from xmodal.modality import Modality
from xmodal.progress import Progress, Silent
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.answers import Check
from xmodal.recipes.changes import changed
from xmodal.recipes.checks import check
from xmodal.recipes.launch import launch_next
from xmodal.recipes.matchmap_starts import name_of
from xmodal.recipes.networks import place_of
from xmodal.recipes.recipe import CatalogData, Recipe, Start
from xmodal.recipes.size_checks import Free
from xmodal.recipes.sources import source_of, training_pairs
from xmodal.runs.run import State, Status
from xmodal.workspace import Workspace

TINY = shrunk(MATCHMAPS["matchmaps-tiny"])
NO_DATA = TINY.on("nothing")
"""Where only what comes before the data is looked at."""
PLENTY = Free(disk_bytes=10**12, memory_bytes=10**12)


@pytest.fixture
def here(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path / "workspace")
    workspace.prepare()
    return workspace


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty items; the picture of item 7, the third of the validation items, is broken."""
    folder = tmp_path_factory.mktemp("photos")
    return tiny_catalog.build(folder / "catalogs", folder / "media").folder


def checked(recipe: Recipe, here: Workspace, free: Free = PLENTY) -> dict[str, Check]:
    return {each.name: each for each in check(recipe, here, free=free)}


class Heard(Progress):
    def __init__(self) -> None:
        self.updates: list[tuple[int, int | None]] = []

    def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        del note
        assert stage == "Checking"
        self.updates.append((done, total))


def test_a_world_is_fine(here: Workspace) -> None:
    heard = Heard()
    found = check(TINY, here, free=PLENTY, progress=heard)
    assert [each.name for each in found] == ["name", "device", "data train", "validation", "disk", "memory", "time"]
    texts = {each.name: each.text for each in found}
    assert texts["name"] == "the run will be called matchmaps-tiny-1"
    assert texts["data train"].startswith("6 pairs; ")
    assert texts["data train"].endswith("all readable")
    assert "3 checkpoints of " in texts["disk"]
    assert texts["disk"].endswith("; 1000 GB free")
    assert "preparing 6 pairs" in texts["time"]  # of both data, which are the same
    assert ", 2 steps " in texts["time"]
    assert "from a measured step of 3 pairs" in texts["time"]
    assert {each.level for each in found} == {"ok"}
    assert heard.updates[0] == (0, 7)
    assert heard.updates[-1] == (7, 7)
    assert not list(here.root.glob("runs/*"))


def test_what_is_prepared_is_not_looked_at_again(here: Workspace) -> None:
    training_pairs(TINY, here, Silent())
    found = checked(TINY, here)
    assert found["data train"].text == "6 pairs; prepared already"
    assert "preparing" not in found["time"].text
    assert "prepared pairs" not in found["disk"].text


def test_the_speed_of_an_earlier_run_counts(here: Workspace) -> None:
    run = launch_next(TINY, here)
    run.write_status(Status(state=State.FINISHED, device=place_of(TINY).describe()))
    for step in range(1, 12):
        run.log({"step": step, "epoch": 0, "stage": TINY.stages[0].name, "loss": 1.0, "items_per_s": 0.1})
    text = checked(TINY, here)["time"].text
    assert "2 steps 1 min 00 s, " in text  # two steps of three pairs, 0.1 a second
    assert text.endswith("(as fast as run matchmaps-tiny-1)")
    other = changed(TINY, ["stages.0.batch=2"])
    assert "from a measured step of 2 pairs" in checked(other, here)["time"].text


def test_a_catalog_that_is_not_there(here: Workspace) -> None:
    found = checked(NO_DATA, here)
    assert found["data train"].level == "fail"
    assert "no catalog 'nothing'" in found["data train"].text
    assert found["validation"].level == "fail"
    assert "time" not in found


def test_a_catalog_without_speech(here: Workspace, tmp_path: Path) -> None:
    media = {Modality.IMAGE: Stored("a.png")}
    catalog = catalog_of(tmp_path / "silent", [Sample(id=f"{n}", split=Split.TRAIN, media=media) for n in range(4)])
    found = checked(TINY.on(str(catalog.folder)), here)
    assert found["data train"].level == "fail"
    assert found["data train"].text.endswith("has both image and speech: of 4 items have image 4")
    assert found["validation"].text.endswith("(validation) has both image and speech: the selection is empty")


def test_a_catalog_with_a_broken_file(here: Workspace, photos: Path) -> None:
    recipe = TINY.on(str(photos))
    assert isinstance(recipe.validation, CatalogData)
    three = recipe.model_copy(update={"validation": recipe.validation.model_copy(update={"items": 3})})
    bad = source_of(three.validation, here)[2].id
    found = checked(three, here)
    assert (found["data train"].level, found["validation"].level) == ("ok", "warn")
    assert found["validation"].text.startswith(
        f"2 pairs; 1 of 3 items looked at cannot be read and would be left out ({bad}: "
    )
    assert found["time"].level == "ok"


def test_fewer_pairs_than_a_batch(here: Workspace, photos: Path) -> None:
    many = changed(TINY.on(str(photos)), ["stages.0.batch=100"])
    found = checked(many, here)["data train"]
    assert (found.level, found.text.split("; ")[-1]) == ("warn", "a batch wants 100: each epoch is one step of all")


def test_labels_where_a_stage_needs_them(here: Workspace, photos: Path) -> None:
    recipe = shrunk(MATCHMAPS[name_of("compact", "labels", "resnet_res_davenet")])
    found = checked(recipe.on(str(photos)), here)
    assert (found["labels"].level, found["labels"].text) == ("ok", "4 seen and 4 heard in the first items")
    assert found["time"].level == "ok"


@pytest.mark.parametrize(("free", "name"), [(Free(1000, 10**12), "disk"), (Free(10**12, 10**7), "memory")])
def test_too_little_room(here: Workspace, free: Free, name: str) -> None:
    found = checked(TINY, here, free)
    assert [each.name for each in found.values() if each.level == "fail"] == [name]
    assert found[name].text.endswith("; 1.0 kB free" if name == "disk" else "; 10 MB free")
    assert ("time" in found) == (name == "disk")


def test_a_run_to_start_from(here: Workspace) -> None:
    child = NO_DATA.model_copy(update={"start": (Start(run="nobody"),)})
    assert checked(child, here)["start"].text.startswith("there is no run 'nobody'")
    other = NO_DATA.model_copy(update={"start": (Start(run="matchmaps-demo-cosine", branches=("image",)),)})
    start = checked(other, here)["start"]
    assert start.level == "fail"
    assert "does not fit the model" in start.text
    whole = MATCHMAPS["matchmaps-demo-cosine"].model
    fitting = other.model_copy(update={"model": whole})
    assert checked(fitting, here)["start"].text == "weights of matchmaps-demo-cosine (image) fit"


def test_a_name_that_is_taken(here: Workspace) -> None:
    run = launch_next(TINY, here)
    found = check(NO_DATA, here, folder=run.folder, free=PLENTY)[0]
    assert (found.name, found.level) == ("name", "fail")
    assert found.text.startswith("matchmaps-tiny-1 is taken")


@pytest.mark.parametrize(
    "wanted",
    [
        "matchmaps-demo-cosine,32,400,5",
        pytest.param("matchmaps-paper-sisa-shn-none,2,256,3", marks=pytest.mark.nightly),
    ],
)
def test_memory_is_about_as_foretold(wanted: str, tmp_path: Path) -> None:
    """A real training in a process of its own: the compact network, or the paper's with a small batch."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.recipes.peak_memory", str(tmp_path), wanted],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    for name, (foretold, taken) in json.loads(done.stdout).items():
        assert 0.7 < foretold / taken < 1.4, (name, foretold, taken)
