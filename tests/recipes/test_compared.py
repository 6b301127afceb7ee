"""What differs between recipes, and recipes that begin where a run ended."""

from pathlib import Path

import pytest

from tests.recipes.fresh_run import fresh_run
from tests.recipes.shrunk import shrunk
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.changes import changed
from xmodal.recipes.compared import ABSENT, Difference, differing
from xmodal.recipes.fork import forked
from xmodal.recipes.launch import launch_next
from xmodal.recipes.networks import load_matchmaps, new_model
from xmodal.runs.run import RunError
from xmodal.workspace import Workspace

TINY = MATCHMAPS["matchmaps-tiny"]


def test_only_what_differs_is_told_by_the_path_that_changes_it() -> None:
    other = changed(TINY, ["stages.0.epochs=7", "seed=3", 'stages.0.optimiser={"kind":"sgd","rate":0.002}'])
    found = differing({"a": TINY, "b": other})
    assert Difference("stages.0.epochs", ("2", "7")) in found
    assert Difference("seed", ("0", "3")) in found
    assert Difference("stages.0.optimiser.kind", ("adam", "sgd")) in found
    betas = next(each for each in found if each.path == "stages.0.optimiser.betas")
    assert betas.values == ("[0.9, 0.999]", ABSENT)
    assert not any(each.path == "stages.0.batch" for each in found)
    assert differing({"a": TINY, "b": TINY}) == ()
    assert len(differing({"a": TINY, "b": other, "c": TINY})[0].values) == 3


def test_a_fork_begins_with_the_weights_of_its_run(tmp_path: Path) -> None:
    here = Workspace(tmp_path / "workspace")
    run = fresh_run(here)
    fork = forked(run, ["seed=9"])
    assert (fork.seed, fork.start[0].run) == (9, run.name)
    for one, two in zip(load_matchmaps(run).parameters(), new_model(fork, here).parameters(), strict=True):
        assert bool((one == two).all())
    fresh = forked(run, weights=False)
    assert fresh == shrunk(TINY)
    unborn = launch_next(shrunk(TINY), here)
    with pytest.raises(RunError, match="no checkpoint yet"):
        forked(unborn)
