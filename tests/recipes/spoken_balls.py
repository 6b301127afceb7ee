"""A workspace where "ball" and "floor" are said of pictures that show them, and runs that learned nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.recipes.shrunk import shrunk
from tests.ui.tiny_catalog import build
from xmodal.data.catalog import Catalog
from xmodal.data.sample import Sample
from xmodal.data.writing import write_catalog
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.launch import launch_next
from xmodal.recipes.networks import new_model
from xmodal.runs.checkpoint import save_checkpoint
from xmodal.training.loop import MODEL
from xmodal.workspace import Workspace

NAME = "balls"
ITEMS, TEST_ITEMS = 40, 12


def with_balls(root: Path) -> Workspace:
    """The tiny catalog, and the same with other words."""
    here = Workspace(root)
    here.prepare()
    tiny = build(here.catalogs, root / "pictures and sounds")
    manifest = tiny.manifest.model_copy(update={"name": NAME, "title": "Balls"})
    write_catalog(here.catalogs / NAME, manifest, _saying_balls(tiny), tiny.report())
    return here


def with_runs(here: Workspace, *recipes: str) -> Workspace:
    """A run of each recipe, with a few channels and its first random weights."""
    for name in recipes:
        recipe = shrunk(MATCHMAPS[name])
        run = launch_next(recipe, here)
        save_checkpoint(run.checkpoint_path(0), {MODEL: new_model(recipe, here).state_dict()}, step=0, epoch=0)
    return here


def _saying_balls(tiny: Catalog) -> Iterator[Sample]:
    for place in range(ITEMS):
        sample = tiny[place]
        said = dict(enumerate(sample.truth.words)) | {
            place: replace(sample.truth.words[place], text=text) for place, text in ((1, "ball"), (4, "floor"))
        }
        yield replace(sample, truth=replace(sample.truth, words=tuple(said.values())))
