"""Every recipe is data that survives JSON, and trains."""

import json
import shlex
from pathlib import Path

import pytest

from tests.recipes.shrunk import shrunk
from xmodal.modality import Modality
from xmodal.progress import Silent
from xmodal.recipes import MATCHMAPS, recipe_named
from xmodal.recipes.changes import ChangeError, changed, differences
from xmodal.recipes.classes import with_classes
from xmodal.recipes.launch import command_of, launch, launch_next
from xmodal.recipes.networks import find_run, load_matchmaps, matchmap_recipe_of, new_model, vocabulary_of
from xmodal.recipes.papers import recipe_from
from xmodal.recipes.recipe import CatalogData, Start
from xmodal.recipes.sources import data_of
from xmodal.recipes.trainings import prepare_run, run_training
from xmodal.runs.run import RunError, State, open_run
from xmodal.training.events import DivergedError, StepDone, Validated
from xmodal.workspace import Workspace

TINY = MATCHMAPS["matchmaps-tiny"]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """One workspace for all, so that pairs are prepared once."""
    workspace = Workspace(tmp_path_factory.mktemp("workspace"))
    workspace.prepare()
    return workspace


@pytest.mark.parametrize("name", MATCHMAPS)
def test_a_recipe_round_trips(name: str) -> None:
    recipe = recipe_named(name)
    assert recipe.name == name
    assert recipe.title
    assert recipe_from(json.loads(recipe.model_dump_json())) == recipe


@pytest.mark.parametrize("name", MATCHMAPS)
def test_a_recipe_takes_two_steps(name: str, here: Workspace, tmp_path: Path) -> None:
    recipe = shrunk(MATCHMAPS[name])
    run = launch(recipe, tmp_path / "run", here)
    events = list(run_training(run, here))
    steps = [event for event in events if isinstance(event, StepDone)]
    assert len(steps) == 2 * len(recipe.stages)
    measured = [event for event in events if isinstance(event, Validated)]
    expected = {"recall_at_10"} if recipe.stages[-1].objectives else {"auc_seen"}
    assert expected <= measured[-1].measures.keys()
    assert all(0.0 <= value <= 1.0 for value in measured[-1].measures.values())
    status = open_run(run.folder).status()
    assert (status.state, status.step, status.steps) == (State.FINISHED, len(steps), len(steps))
    assert status.device.startswith("cpu (")
    assert not load_matchmaps(run).training
    assert (vocabulary_of(run) is not None) == (recipe.pair.caption is Modality.TEXT)
    assert matchmap_recipe_of(run) == with_classes(recipe, here)


def test_an_unknown_recipe_lists_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"no recipe 'x'; known: .*matchmaps-tiny"):
        recipe_named("x")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("seed", "is not of the form key=value"),
        ("speed=3", r"speed: there is no 'speed' here; known: name, title, "),
        ("stages.0.epoch=3", r"there is no 'epoch' here; known: .*epochs"),
        ("stages.7.epochs=3", "there is no '7' here; known: 0"),
        ("start.0.run=x", "known: nothing"),
        ("stages.first.epochs=3", "there is no 'first' here"),
        ("seed.more=3", "'seed' is a value and has no fields"),
    ],
)
def test_a_change_of_nothing_names_the_field(change: str, words: str) -> None:
    with pytest.raises(ChangeError, match=words):
        changed(TINY, [change])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("seed=-1", r"(?s)seed.*greater than or equal to 0"),
        ("stages.0.optimiser.rate=fast", r"(?s)rate.*valid number"),
        ("pair.caption=text", "captions are text, the caption branch is res_davenet"),
        ("pair.shorter_side_px=64", r"64 px and read with 112 px"),
        ("pair.spectrogram.bands=64", "64 bands, the branch takes 40"),
        ("picture.crop_px=null", "set picture.crop_px"),
        ("stages.0.data=other", "a stage names data 'other'; the recipe has train"),
    ],
)
def test_a_change_that_does_not_fit(change: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        changed(TINY, [change])


def test_speech_does_not_go_with_words() -> None:
    words = next(recipe for recipe in MATCHMAPS.values() if recipe.pair.caption is Modality.TEXT)
    with pytest.raises(ValueError, match="captions are speech, the caption branch is word_cnn"):
        changed(words, ["pair.caption=speech"])


def test_changes_are_applied_and_can_be_told_again() -> None:
    asked = ["seed=3", "stages.*.batch=10", "data.*.share=0.5", "title=Mine", "keep_epochs=[1,2]", "stages.0.name=7x"]
    new = changed(TINY, [*asked, "validation.kind=world", "stages.0.clip_norm=2", "ours=12x"])
    assert (new.seed, new.stages[0].batch, new.data["train"].share) == (3, 10, 0.5)
    assert (new.title, new.keep_epochs, new.stages[0].clip_norm) == ("Mine", (1, 2), 2.0)
    assert changed(TINY, differences(TINY, new)) == new
    assert differences(TINY, TINY) == ()
    words = shlex.split(command_of(new))
    assert words[:6] == ["python", "-m", "xmodal", "train", "matchmaps-tiny", "--set"]
    assert changed(TINY, words[6:]) == new
    assert command_of(TINY) == "python -m xmodal train matchmaps-tiny"
    assert command_of(changed(TINY, ["name=other"])) == ""


@pytest.mark.parametrize("value", ["12", "null", '"quoted"', "plain", "[1]"])
def test_texts_that_look_like_json_are_told_so_that_they_stay_texts(value: str) -> None:
    new = TINY.model_copy(update={"title": value})
    assert changed(TINY, differences(TINY, new)) == new


def test_on_a_catalog_everything_else_stays() -> None:
    recipe = changed(TINY, ["data.train.share=0.25"]).on("photos")
    train, held_out = recipe.data["train"], recipe.validation
    assert isinstance(train, CatalogData)
    assert isinstance(held_out, CatalogData)
    assert (train.catalog, train.select.split, train.share) == ("photos", "train", 0.25)
    assert (held_out.catalog, held_out.select.split, held_out.share) == ("photos", "validation", 1.0)
    assert recipe.stages == TINY.stages


def test_data_by_name() -> None:
    world = data_of("world:seed=7,objects_max=3", items=9)
    assert world.kind == "world"
    assert (world.world.seed, world.world.objects_max, world.items) == (7, 3, 9)
    some = data_of("world:scenes=beach+farm", items=9)
    assert some.kind == "world"
    assert some.world.scenes == ("beach", "farm")
    assert data_of("world", items=9).kind == "world"
    assert data_of("photos", items=9).kind == "catalog"
    for text in ("world:colour=red", "world:seed", "world:seed=-1"):
        with pytest.raises(ValueError, match=r"colour|seed"):
            data_of(text, items=9)


def test_names_of_runs(here: Workspace) -> None:
    recipe = changed(shrunk(TINY), ["name=matchmaps-names"])
    runs = [launch_next(recipe, here) for _ in range(11)]
    assert [run.name for run in runs[-3:]] == ["matchmaps-names-9", "matchmaps-names-10", "matchmaps-names-11"]
    assert find_run("matchmaps-names", here) == runs[-1]
    assert find_run("matchmaps-names-9", here) == runs[8]
    assert find_run(str(runs[0].folder), here) == runs[0]
    longer = launch_next(changed(recipe, ["name=matchmaps-names-more"]), here)
    assert find_run("matchmaps-names", here) == runs[-1] != longer
    for name in ("nothing", "/no/such/run", "matchmaps", ""):
        with pytest.raises(RunError, match="there is no run"):
            find_run(name, here)


def test_a_run_that_diverges_says_so(here: Workspace, tmp_path: Path) -> None:
    recipe = shrunk(TINY, "stages.0.epochs=9", "stages.0.optimiser.rate=1e30", "model.unit_length=false")
    run = launch(recipe, tmp_path / "run", here)
    with pytest.raises(DivergedError):
        list(run_training(run, here))
    status = run.status()
    assert status.state is State.FAILED
    assert "lower the learning rate" in status.message
    assert status.step == ((run.checkpoints and int(run.checkpoint().name[5:])) or status.step)


def test_stop_leave_and_go_on(here: Workspace, tmp_path: Path) -> None:
    recipe = shrunk(TINY, "stages.0.epochs=3")
    run = launch(recipe, tmp_path / "run", here)
    for event in run_training(run, here):
        if isinstance(event, StepDone) and event.step == 3:
            with pytest.raises(RunError, match="is being trained"):
                next(run_training(open_run(run.folder), here))
            run.request_stop()
    assert run.status().state is State.STOPPED
    assert [line["step"] for line in run.metrics() if "loss" in line] == [1]
    events = run_training(run, here)
    assert isinstance(first := next(events), StepDone)
    assert first.step == 4
    assert not run.stop_requested()
    del events  # nobody listens any more
    assert run.status().state is State.STOPPED
    list(run_training(run, here))
    assert run.status().state is State.FINISHED
    assert [line["step"] for line in run.metrics() if "loss" in line] == [1, 6]
    assert [line["epoch"] for line in run.metrics() if "validation" in line] == [1, 2, 3]


def test_a_run_starts_from_the_weights_it_was_launched_with(here: Workspace, tmp_path: Path) -> None:
    parent = launch_next(changed(shrunk(TINY), ["name=matchmaps-parent"]), here)
    child = shrunk(TINY, "seed=1").model_copy(update={"start": (Start(run="matchmaps-parent", branches=("image",)),)})
    with pytest.raises(RunError, match="matchmaps-parent-1 has no checkpoint yet"):
        launch(child, tmp_path / "early", here)
    list(run_training(parent, here))
    run = launch(child, tmp_path / "run", here)
    own, taken, given = new_model(shrunk(TINY, "seed=1"), here), new_model(child, here), load_matchmaps(parent)
    for name, tensor in taken.state_dict().items():
        source = given if name.startswith("image.") else own
        assert (tensor == source.state_dict()[name]).all(), name
    list(run_training(run, here))
    newer = launch_next(changed(shrunk(TINY, "seed=2"), ["name=matchmaps-parent"]), here)
    list(run_training(newer, here))
    stale = open_run(run.folder)
    prepare_run(stale, here, Silent())  # what has a checkpoint needs its parent no more
    for folder in run.checkpoints:
        run.drop_checkpoint(folder)
    with pytest.raises(RunError, match="other weights than when this run was launched"):
        prepare_run(stale, here, Silent())


def test_a_recipe_of_another_version_is_named(here: Workspace, tmp_path: Path) -> None:
    run = launch(TINY, tmp_path / "run", here)
    text = (run.folder / "manifest.json").read_text().replace('"precision"', '"accuracy"')
    (run.folder / "manifest.json").write_text(text)
    with pytest.raises(RunError, match=r"unreadable recipe: accuracy: extra inputs are not permitted"):
        matchmap_recipe_of(open_run(run.folder))
