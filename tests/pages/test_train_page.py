"""The training page: a recipe is launched, watched, stopped, goes on, and its network can be opened."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.jobs.waiting import end_all, until
from tests.recipes.shrunk import shrunk
from tests.ui.tiny_catalog import build
from xmodal.jobs.job import JobState
from xmodal.jobs.queue import Queue
from xmodal.recipes import RECIPES
from xmodal.recipes.changes import differences
from xmodal.ui import state
from xmodal.ui.navigation import TRAIN
from xmodal.workspace import VARIABLE, Workspace

NAME = "matchmaps-tiny"
SMALL = "\n".join(differences(RECIPES[NAME], shrunk(RECIPES[NAME])))


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    here = Workspace(tmp_path / "workspace")
    here.prepare()
    build(here.catalogs, tmp_path / "pictures and sounds")
    monkeypatch.setenv(VARIABLE, str(here.root))
    found = Queue(here)
    yield found
    end_all(found)


def shown(test: AppTest) -> str:
    """Run it; all that is written on it."""
    test.run()
    assert not test.exception, test.exception[0].message
    return "\n".join(str(each.value) for each in [*test.markdown, *test.caption, *test.code, *test.error])


def page() -> AppTest:
    test = AppTest.from_file(str(TRAIN.path), default_timeout=60)
    test.query_params[state.RECIPE] = NAME
    return test


def test_a_training_from_the_form_to_the_finished_run(queue: Queue) -> None:
    test = page()
    assert "python -m xmodal jobs launch matchmaps-tiny" in shown(test)
    assert "No job yet" in shown(test)
    test.text_area(state.CHANGES).set_value("stages.7.epochs=1")
    assert "stages.7.epochs: there is no" in shown(test).replace("\\", "")
    test.text_area(state.CHANGES).set_value(f"{SMALL}\nstages.0.epochs=100000")
    assert "stages.0.epochs=100000" in shown(test)
    next(each for each in test.button if each.label == "Start training").click()
    shown(test)
    [job] = queue.jobs()
    assert test.query_params[state.JOB] in (job.id, [job.id])
    until(lambda: "pairs a second" in shown(test))
    next(each for each in test.button if each.label == "Stop after this step").click()
    shown(test)
    until(lambda: job.state is JobState.STOPPED)

    again = page()  # another visitor, another server: everything is in the folders
    again.query_params[state.JOB] = job.id
    assert "stopped as asked" in shown(again).replace("\\", "")
    next(each for each in again.button if each.label == "Go on").click()
    shown(again)
    assert len(queue.jobs()) == 2
    until(lambda: "Cancel" in [each.label for each in again.button] or not shown(again))
    next(each for each in again.button if each.label == "Cancel").click()
    shown(again)
    until(lambda: queue.jobs()[1].state is JobState.CANCELLED)
    assert "matchmaps-tiny-1: cancelled" in shown(again).replace("\\", "").replace("**", "")
