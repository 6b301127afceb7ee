"""The training page: a recipe is launched, watched, stopped, goes on, and its network can be opened."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from tests.jobs.waiting import end_all, until
from tests.pages.shown import sent
from tests.recipes.fresh_run import fresh_run
from tests.recipes.shrunk import shrunk
from tests.ui.tiny_catalog import build
from xmodal.jobs import local
from xmodal.jobs.job import JobState
from xmodal.jobs.queue import Queue
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.changes import differences
from xmodal.runs import notes
from xmodal.runs.places import own_run
from xmodal.runs.run import Run
from xmodal.runs.trash import trashed
from xmodal.ui import state
from xmodal.ui.navigation import TRAIN
from xmodal.workspace import VARIABLE, Workspace

NAME = "matchmaps-tiny"
SMALL = "\n".join(differences(MATCHMAPS[NAME], shrunk(MATCHMAPS[NAME])))


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
    written = [*test.markdown, *test.caption, *test.code, *test.error, *test.warning]
    return "\n".join(str(each.value) for each in written).replace("\\", "")


def field(name: str) -> str:
    """Key of a widget of the form: `first/seed`, `all/stages.0.epochs`."""
    return state.field_key(name)


def start(test: AppTest) -> Button:
    return next(each for each in test.button if each.label == "Start training")


def press(test: AppTest, label: str) -> str:
    """Press a button; what is written then."""
    next(each for each in test.button if each.label == label).click()
    return shown(test)


def page(tab: str = "New", **query: str) -> AppTest:
    test = AppTest.from_file(str(TRAIN.path), default_timeout=60)
    for name, value in ({state.RECIPE: NAME, state.TRAIN: tab} | query).items():
        test.query_params[name] = value
    return test


def test_a_training_from_the_form_to_its_end(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No job yet" in shown(page("Jobs"))
    test = page()
    assert "python -m xmodal jobs launch matchmaps-tiny" in shown(test)
    test.text_area(state.CHANGES).set_value("stages.7.epochs=1")
    assert "stages.7.epochs: there is no" in shown(test)
    test.text_area(state.CHANGES).set_value(f"{SMALL}\nstages.0.epochs=100000")
    assert "stages.0.epochs=100000" in shown(test)
    press(test, "Start training")
    [job] = queue.jobs()
    assert test.query_params[state.JOB] in (job.id, [job.id])
    assert test.query_params[state.TRAIN] in ("Jobs", ["Jobs"]), "the job is shown at once"
    run = Run(Path(job.spec.run))
    until(lambda: run.status().step > 3)
    assert "Pairs a second" in shown(test)
    press(test, "Stop after this step")
    until(lambda: job.state is JobState.STOPPED)

    again = page("Jobs", **{state.JOB: job.id})  # another visitor, another server: everything is in the folders
    text = shown(again)
    assert "stopped as asked" in text
    assert "own caption: " in json.dumps(sent(again, "cards"))
    again.select_slider(state.SAMPLE_STEP).set_value("0")
    assert "After step 0." in shown(again)
    again.segmented_control(state.SAMPLE_PAIR).set_value("2")
    shown(again)
    assert len(sent(again, "maps")) == 1
    again.text_input(state.IN_LOG).set_value("STOPPED after")
    assert "stopped after" in shown(again)
    monkeypatch.setattr(local, "begin", lambda *_: None)  # from here on jobs wait; that they go on a browser test tells
    press(again, "Go on")
    assert [each.state for each in queue.jobs()] == [JobState.STOPPED, JobState.QUEUED]
    press(again, "Cancel")
    assert queue.jobs()[1].state is JobState.CANCELLED
    assert "matchmaps-tiny-1: cancelled" in shown(again).replace("**", "")
    press(again, "Forget this job")
    assert [each.id for each in queue.jobs()] == [job.id]


def test_waiting_jobs_change_places_and_a_run_goes_on(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "begin", lambda *_: None)  # jobs wait for ever
    fresh_run(queue.workspace)
    fresh_run(queue.workspace)
    for name in (f"{NAME}-1", f"{NAME}-2"):
        test = page("Runs", **{state.OWN_RUN: name})
        shown(test)
        press(test, "Go on")
        assert test.query_params[state.TRAIN] in ("Jobs", ["Jobs"])
    first, second = queue.waiting()
    test = page("Jobs", **{state.JOB: second.id})
    shown(test)
    press(test, "Earlier")
    assert queue.waiting() == (second, first)
    press(test, "Later")
    assert queue.waiting() == (first, second)


def test_runs_are_described_forked_deleted_brought_back_and_compared(queue: Queue) -> None:
    here = queue.workspace
    fresh_run(here)
    fresh_run(here)
    test = page("Runs", **{state.OWN_RUN: f"{NAME}-2"})
    shown(test)
    test.text_area(f"note_{NAME}-2").set_value("a second *try*")
    test.multiselect(f"tags_{NAME}-2").set_value(["night"])
    press(test, "Keep note and tags")
    assert test.dataframe[0].value["Note"].tolist() == ["", "a second *try*"]
    assert notes.read(own_run(f"{NAME}-2", here)).tags == ("night",)

    press(test, "Fork, from its beginning")
    assert state.TRAIN not in test.query_params, "the form is shown, which is the first tab"
    assert "device=cpu" in (test.text_area(state.CHANGES).value or "")  # what `shrunk` changed
    assert not start(test).disabled

    test = page("Runs", **{state.OWN_RUN: f"{NAME}-2"})
    shown(test)
    press(test, "Delete")
    assert test.dataframe[0].value["Run"].tolist() == [f"{NAME}-1"]
    press(test, "Bring back")
    assert test.dataframe[0].value["Run"].tolist() == [f"{NAME}-1", f"{NAME}-2"]
    press(test, "Delete")
    press(test, "Delete all of these for good")
    assert test.dataframe[0].value["Run"].tolist() == [f"{NAME}-2"]
    assert not trashed(here)

    test = page("Compare", **{state.COMPARED: f"{NAME}-2"})
    assert "Choose two runs or more" in shown(test)
    test.multiselect(state.COMPARED).set_value([f"{NAME}-2", "matchmaps-demo-cosine"])
    shown(test)
    fields = test.dataframe[-1].value
    assert fields["Field"].tolist()[0] == "picture.shorter_side_px"
    assert fields.iloc[0].tolist()[1:] == ["64", "112"]


@pytest.mark.usefixtures("queue")
def test_the_form_writes_lines_and_lines_fill_the_form() -> None:
    test = page()
    assert "python -m xmodal jobs launch matchmaps-tiny\n" in shown(test) + "\n"
    test.number_input(field("first/stages.0.epochs")).set_value(5)
    assert "matchmaps-tiny --set stages.0.epochs=5" in shown(test)
    assert test.query_params[state.CHANGES] in ("stages.0.epochs=5", ["stages.0.epochs=5"])
    test.text_area(state.CHANGES).set_value("stages.0.epochs=6\nseed=4")
    assert "--set seed=4 stages.0.epochs=6" in shown(test)
    assert test.number_input(field("first/stages.0.epochs")).value == 6
    test.number_input(field("first/seed")).set_value(0)  # as the recipe has it: no change
    assert "--set stages.0.epochs=6\n" in shown(test) + "\n"
    assert "--set" not in press(test, "Undo all changes")
    assert test.number_input(field("first/stages.0.epochs")).value == 2


@pytest.mark.usefixtures("queue")
def test_nonsense_is_said_with_the_name_of_the_field_and_can_be_put_right() -> None:
    test = page()
    test.query_params[state.CHANGES] = "stages.0.optimiser.rate=fast\nseed=4\nspeed=3"
    text = shown(test)
    assert "Stage 1, optimiser, learning rate: input should be a valid number" in text
    assert "speed: there is no 'speed' here" in text
    assert "--set" not in text
    assert start(test).disabled
    test.text_input(field("first/stages.0.optimiser.rate")).set_value("0.01")
    assert "learning rate" not in shown(test)
    assert test.text_area(state.CHANGES).value == "seed=4\nstages.0.optimiser.rate=0.01\nspeed=3"
    test.text_area(state.CHANGES).set_value("seed=4\ndevice=abacus")
    assert "Device: there is no device 'abacus'" in shown(test)
    test.text_input(field("second/device")).set_value("cpu")
    assert "--set seed=4 device=cpu" in shown(test)
    assert not start(test).disabled


@pytest.mark.usefixtures("queue")
def test_all_fields_part_by_part_and_by_search() -> None:
    test = page()
    test.query_params[state.FIELDS] = "true"
    shown(test)
    test.selectbox(state.PART).set_value("Stage 1 (easy scenes)")
    shown(test)
    test.selectbox(field("all/stages.0.optimiser.kind")).set_value("sgd")
    assert '"kind":"sgd","rate":0.002' in shown(test)
    test.text_input(field("all/stages.0.frozen")).set_value("image., caption.")
    assert 'stages.0.frozen=["image.","caption."]' in shown(test)
    assert "stages=[{" in press(test, "Another after stage 1")
    assert "Stage 2 (easy scenes)" in test.selectbox(state.PART).options
    test.text_input(state.FIND).set_value("MOMENTUM")
    shown(test)
    assert [each.label for each in test.number_input if "found/" in str(each.key)] == [
        "Stage 1, optimiser, momentum :material/edit:", "Stage 2, optimiser, momentum :material/edit:",
    ]  # fmt: skip
    test.text_input(state.FIND).set_value("flux")
    assert "No field has these words" in shown(test)


@pytest.mark.usefixtures("queue")
def test_recipes_that_fit_the_data_are_offered_the_others_say_why() -> None:
    test = page()
    test.query_params[state.RECIPE] = "matchmaps-compact-sima-ns"
    assert "Starts from matchmaps-compact-natural-sounds-resnet-res-davenet" in shown(test)
    assert "Needs the catalog places-audio, which is not here: matchmaps-paper" in shown(test).replace("**", "")
    assert test.selectbox(state.RECIPE).value == "matchmaps-compact-sima-ns"
    test.number_input(field("first/seed")).set_value(3)
    shown(test)
    test.selectbox(state.TRAIN_ON).set_value("tiny")
    assert "jobs launch matchmaps-compact-sima-ns --data tiny --set seed=3" in shown(test)
    test.selectbox(state.RECIPE).set_value("matchmaps-compact-sisa-ns")
    assert "jobs launch matchmaps-compact-sisa-ns --data tiny\n" in shown(test) + "\n"

    test = page()
    test.query_params[state.RECIPE] = "spoken-digits-known"
    test.query_params[state.TRAIN_ON] = "tiny"
    assert "spoken-digits-known is not offered on these data: it needs a folder" in shown(test)
    assert "jobs launch matchmaps-tiny --data tiny" in shown(test)


def test_a_run_may_have_a_name(queue: Queue) -> None:
    test = page()
    test.query_params[state.CHANGES] = SMALL
    test.query_params[state.NAME] = "matchmaps-tiny"
    assert "Name of the run: matchmaps-tiny is the name of a recipe" in shown(test)
    assert start(test).disabled
    test.text_input(state.NAME).set_value("mine")
    assert "--name mine" in shown(test)
    press(test, "Start training")
    [job] = queue.jobs()
    assert Path(job.spec.run).name == "mine"
    again = page(**{state.CHANGES: SMALL, state.NAME: "mine"})
    assert "Name of the run: there is a run mine already" in shown(again)
    assert start(again).disabled


def test_a_plan_is_checked_before_it_starts(queue: Queue) -> None:
    test = page(**{state.CHANGES: SMALL})
    assert "disk" not in shown(test)
    press(test, "Check data, memory, disk and time")
    [job] = queue.jobs()
    assert job.spec.arguments[:2] == ("check", NAME)
    until(lambda: job.state is JobState.FINISHED)
    text = shown(test).replace("**", "")
    assert "✓ ok: validation 6 pairs" in text
    assert "✓ ok: memory" in text
    assert "✓ ok: time" in text
    test.number_input(field("first/seed")).set_value(7)
    assert "✓ ok" not in shown(test), "another plan is not checked yet"
