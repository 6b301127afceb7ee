"""Recipes of See, Hear and Read: data that survives JSON, trains, resumes, and never shows a sound with a text."""

import json
from pathlib import Path

import pytest
import safetensors.torch
import torch
from pydantic import ValidationError
from torchvision.models import resnet18

from tests.recipes.shrunk_senses import shrunk_senses
from xmodal.data.world.spec import WorldSpec
from xmodal.errors import InputError
from xmodal.evaluation.published import TABLES
from xmodal.evaluation.tables import fill
from xmodal.modality import Modality
from xmodal.models.see_hear_read import SeeHearReadModel
from xmodal.progress import Silent
from xmodal.recipes import SEE_HEAR_READ, sense_scores
from xmodal.recipes.changes import changed
from xmodal.recipes.directions import never_trained
from xmodal.recipes.launch import launch, launch_next
from xmodal.recipes.networks import load_matchmaps, load_model, see_hear_read_recipe_of
from xmodal.recipes.paired_source import paired_source
from xmodal.recipes.papers import recipe_from
from xmodal.recipes.recipe import WorldData
from xmodal.recipes.scores import Asked, measured, scored
from xmodal.recipes.see_hear_read import TEACHER
from xmodal.recipes.see_hear_read_recipe import SeeHearReadRecipe
from xmodal.recipes.sense_data import WORDS, reading_of, trained_sets
from xmodal.recipes.sense_scores import balanced_set
from xmodal.recipes.sources import source_of
from xmodal.recipes.teachers import taught
from xmodal.recipes.trainings import prepare_run, run_training
from xmodal.runs.run import Run, RunError, State, open_run
from xmodal.training.events import StepDone, Validated
from xmodal.workspace import Workspace

BOTH = SEE_HEAR_READ["see-hear-read-both"]
COMPACT = [name for name in SEE_HEAR_READ if "paper" not in name]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """One workspace for all, so that pairs are prepared once."""
    workspace = Workspace(tmp_path_factory.mktemp("workspace"))
    workspace.prepare()
    return workspace


@pytest.fixture(scope="module")
def trained(here: Workspace) -> Run:
    """Two epochs of the compact recipe of both methods."""
    run = launch(shrunk_senses(BOTH, "stages.0.epochs=2"), here.runs / "whole", here)
    list(run_training(run, here))
    return run


@pytest.mark.parametrize("name", SEE_HEAR_READ)
def test_a_recipe_survives_json(name: str) -> None:
    recipe = SEE_HEAR_READ[name]
    assert recipe_from(json.loads(recipe.model_dump_json())) == recipe


@pytest.mark.parametrize("name", COMPACT)
def test_it_trains_and_is_measured(name: str, here: Workspace) -> None:
    run = launch_next(shrunk_senses(SEE_HEAR_READ[name]), here)
    events = list(run_training(run, here))
    steps = [event for event in events if isinstance(event, StepDone)]
    assert 2 <= len(steps) <= 4  # every sense has about six items, the largest set counts, three to a step
    assert run.status().state is State.FINISHED
    senses = {pair.caption for pair in SEE_HEAR_READ[name].pairs}
    terms = steps[0].terms
    layers = ("joint", "hidden1", "hidden2")
    ranked = {f"{sense}_ranking_{layer}" for sense in senses for layer in layers}
    said = {f"image_with_{sense}_distillation" for sense in senses} | {f"{sense}_distillation" for sense in senses}
    wanted = {TEACHER: {name for name in said if name.startswith("image")}, "see-hear-read-transfer": said,
              "see-hear-read-ranking": ranked}  # fmt: skip
    assert set(terms) == wanted.get(name, ranked | said)
    [measured] = [event.measures for event in events if isinstance(event, Validated)]
    if name == TEACHER:
        assert set(measured) == {"divergence", "accuracy"}
    else:
        assert {"median_rank_sound_to_text", "median_rank_image_to_text", "recall_at_10"} <= set(measured)
        assert 1 <= measured["median_rank_sound_to_text"] <= 6


def test_no_training_item_gives_both_sound_and_text(here: Workspace) -> None:
    recipe = shrunk_senses(BOTH, "data.train.items=40")
    text, sound = (_ids(recipe, sense, here) for sense in (Modality.TEXT, Modality.SOUND))
    assert not text & sound
    assert len(text | sound) == 40
    assert min(len(text), len(sound)) >= 10
    assert _ids(changed(recipe, ["salt=1"]), Modality.TEXT, here) != text
    few = shrunk_senses(BOTH)
    for sense, pairs in trained_sets(few, few.data["train"], here, Silent()).items():
        assert set(pairs.ids) == _ids(few, sense, here)


def _ids(recipe: SeeHearReadRecipe, sense: Modality, here: Workspace) -> set[str]:
    source = paired_source(recipe.data["train"], recipe.pairing, frozenset((Modality.IMAGE, sense)), here)
    return {source[place].id for place in range(len(source))}


def test_a_run_that_was_stopped_goes_on_to_the_same_bits(here: Workspace, trained: Run) -> None:
    run = launch(shrunk_senses(BOTH, "stages.0.epochs=2"), here.runs / "stopped", here)
    for event in run_training(run, here):
        if isinstance(event, StepDone) and event.step == 1:
            run.request_stop()
    assert run.status().state is State.STOPPED
    list(run_training(open_run(run.folder), here))
    whole, resumed = (
        (each.checkpoint() / "model.safetensors").read_bytes() for each in (trained, open_run(run.folder))
    )
    assert whole == resumed


def test_a_trained_run_reads_with_its_own_word_vectors(trained: Run) -> None:
    recipe = see_hear_read_recipe_of(trained)
    reading = reading_of(trained, recipe)
    assert reading is not None
    words, lengths = reading.batch(["a dog near a tree", "zzzz"])
    assert words.shape == (2, 6, 5)
    assert lengths[0] > 0
    assert lengths[1] == 0
    model = load_model(trained)
    assert isinstance(model, SeeHearReadModel)
    assert model.encode(Modality.TEXT, words).pooled().shape == (2, 8)
    with pytest.raises(RunError, match="whole has no matchmaps: it was trained as see hear read"):
        load_matchmaps(trained)


@pytest.fixture(scope="module")
def taught_run(here: Workspace) -> Run:
    """Launched with a trained teacher."""
    teacher = launch(shrunk_senses(SEE_HEAR_READ[TEACHER]), here.runs / TEACHER, here)
    list(run_training(teacher, here))
    recipe = changed(shrunk_senses(BOTH), ['teacher={"kind": "run", "run": "' + TEACHER + '"}'])
    return launch(recipe, here.runs / "taught", here)


def test_a_run_teaches_its_own_classes(here: Workspace, taught_run: Run) -> None:
    classes = see_hear_read_recipe_of(taught_run).model.classes
    assert classes == see_hear_read_recipe_of(open_run(here.runs / TEACHER)).model.classes
    assert {"dog", "kitchen"} <= set(classes)
    learned = prepare_run(taught_run, here, Silent()).data["train"].batch([0, 1, 2], None)
    said = learned.parts[Modality.SOUND].teacher  # pyright: ignore[reportAttributeAccessIssue] - of any task
    assert said.shape == (3, len(classes))
    assert torch.allclose(said.sum(dim=1), torch.ones(3), atol=1e-5)
    with pytest.raises(InputError, match="there is no run 'nobody'"):
        recipe = see_hear_read_recipe_of(taught_run)
        launch(changed(recipe, ["teacher.run=nobody", "model.classes=[]"]), here.runs / "untaught", here)


def _even_resnet(classes: int) -> dict[str, torch.Tensor]:
    """Weights that find every class as likely as the others."""
    with torch.device("meta"):
        shapes = resnet18(num_classes=classes).state_dict()
    return {name: torch.zeros(each.shape, dtype=each.dtype) for name, each in shapes.items()}


def test_torchvision_teaches_from_a_file(here: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "resnet18.safetensors"
    safetensors.torch.save_file(_even_resnet(7), path)
    told = json.dumps({"kind": "torchvision", "model": "resnet18", "weights": str(path)})
    with pytest.raises(InputError, match=r"size mismatch for fc\.weight"):
        launch(changed(shrunk_senses(BOTH), [f"teacher={told}"]), here.runs / "seven", here)
    safetensors.torch.save_file(_even_resnet(1000), path)
    run = launch(changed(shrunk_senses(BOTH), [f"teacher={told}"]), here.runs / "thousand", here)
    recipe = see_hear_read_recipe_of(run)
    sets = trained_sets(recipe, recipe.data["train"], here, Silent())
    before = taught(recipe, sets[Modality.SOUND], here, Silent())
    sure = _even_resnet(1000)
    sure["fc.bias"][3] = 50.0
    safetensors.torch.save_file(sure, path)
    after = taught(recipe, sets[Modality.SOUND], here, Silent())
    assert before is not None
    assert after is not None
    assert before.max() < 0.002  # another file of that name is asked anew
    assert after[:, 3].min() > 0.99
    assert see_hear_read_recipe_of(run).model.outputs == 1000
    assert [event.step for event in run_training(run, here) if isinstance(event, StepDone)][-1] >= 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("teacher=null", "a stage transfers what a teacher says, and there is none"),
        ("text.dims=6", "text is stored as 6 x 6, its pathway reads 6 x 5"),
        ("pairs.1.caption=text", "each other sense once"),
        ("pairs.1.caption=sketch", "pairs hold sketch, for which the network has no pathway"),
        ("pairs.0.spectrogram.mean=training", "set mean of spectrogram to clip or bands"),
        ("picture.crop_px=32", "its pathway reads 3 x 99 x 99"),
        ("stages.0.ranking=[]", ""),
    ],
)
def test_what_does_not_fit_is_said(change: str, said: str) -> None:
    if not said:
        assert changed(shrunk_senses(BOTH), [change]).stages[0].ranking == ()
        return
    with pytest.raises(ValidationError, match=said):
        changed(shrunk_senses(BOTH), [change])


def test_a_table_has_the_linear_rows_of_runs_that_are_taught(here: Workspace, taught_run: Run) -> None:
    """On few items, which says nothing of how good they are: each row is there, on the same items as the run."""
    run = taught_run
    list(run_training(run, here))
    found = measured(run, Asked(measure="senses", data="world:seed=8", n=4, splits=2), here)
    assert found.pairs == 8
    filled = {key: fill(TABLES[key], scored(run, found, key)) for key in ("see_hear_read.1", "see_hear_read.2")}
    for table in filled.values():  # a teacher that learned next to nothing may find one class alone: no clusters
        assert set(table.missing) - {"cluster-cca"} == {"model-transfer", "ranking"}
    for table in filled.values():
        for row in table.rows:
            for way in row.published.measures if row.runs else ():
                assert 1 <= row.runs[0].ours[way]["median_rank"] <= 4, (row.published.key, way)
    [kept] = (here.cache / "scores").glob("linear-*.json")
    stamp = kept.stat().st_mtime_ns
    assert measured(run, Asked(measure="senses", data="world:seed=8", n=4, splits=2), here) == found
    assert kept.stat().st_mtime_ns == stamp


def test_classifiers_go_from_one_sense_to_another(
    here: Workspace, taught_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On few items: Table 3 is filled for the run and the linear methods, on the same items, and dashes stay dashes."""
    monkeypatch.setattr(sense_scores, "LOOKED_AT", 40)
    run = taught_run
    list(run_training(run, here))
    asked = Asked(measure="transfer", data="world:seed=8,scenes=beach+farm,objects_min=1,objects_max=1", n=6)
    found = measured(run, asked, here)
    filled = fill(TABLES["see_hear_read.3"], scored(run, found, "see_hear_read.3"))
    assert set(filled.missing) == {"model-transfer", "ranking"}
    rows = {row.published.key: row.runs[0].ours for row in filled.rows if row.runs}
    nine = {f"{one}_to_{other}" for one in ("image", "text", "sound") for other in ("image", "text", "sound")}
    assert rows["both"].keys() == rows["linear-regression"].keys() == rows["chance"].keys() == nine
    assert rows["cca-text"].keys() == {"image_to_image", "image_to_text", "text_to_image", "text_to_text"}
    for ours in rows.values():
        for each in ours.values():
            assert 0 <= each["accuracy"] <= 1
            assert each["items"] == found.pairs
    chance = rows["chance"]["image_to_text"]
    assert chance["accuracy"] == chance["chance_accuracy"] == 1 / round(1 / chance["accuracy"])


def test_a_set_without_two_classes_is_refused(here: Workspace) -> None:
    whole = source_of(WorldData(world=WorldSpec(seed=8), items=20), here)
    with pytest.raises(InputError, match="20 items were looked at, and no two scenes or things have 100 items"):
        balanced_set(whole, 4200, heard=True, progress=Silent())


def test_who_starts_from_a_pathway_of_text_reads_as_it_does(here: Workspace, trained: Run) -> None:
    """Its weights know no other vectors of words; who starts from pictures alone learns words anew."""
    start = f'start=[{{"run": "{trained.name}", "branches": ["%s"]}}]'
    other = 'data.*={"kind": "world", "items": 12, "world": {"seed": 77}}'
    for part, alike in (("pathways", True), ("pathways.text", True), ("pathways.image", False)):
        run = launch_next(shrunk_senses(BOTH, other, start % part), here)
        prepare_run(run, here, Silent())
        assert ((run.folder / WORDS).is_dir(), (trained.folder / WORDS).is_dir()) == (True, True)
        files = [sorted((each / WORDS).glob("*.safetensors"))[0].read_bytes() for each in (run.folder, trained.folder)]
        assert (files[0] == files[1]) is alike, part


def test_which_directions_were_never_trained() -> None:
    names = [f"{one}_to_{other}" for one in BOTH.senses for other in BOTH.senses if one is not other]
    assert set(never_trained(BOTH, [*names, "concepts", "text_to_text"])) == {"sound_to_text", "text_to_sound"}
    senses = SEE_HEAR_READ["see-hear-read-all-senses"].senses
    ways = [f"{one}_to_{other}" for one in senses for other in senses if one is not other]
    assert (len(ways), len(never_trained(SEE_HEAR_READ["see-hear-read-all-senses"], ways))) == (42, 30)


def test_a_part_that_a_run_does_not_have(here: Workspace, trained: Run) -> None:
    start = f'start=[{{"run": "{trained.name}", "branches": ["pathways.sketch"]}}]'
    run = launch_next(shrunk_senses(BOTH, start), here)
    with pytest.raises(RunError, match=r"has no part 'pathways.sketch' to start from"):
        prepare_run(run, here, Silent())
    with pytest.raises(ValidationError, match="takes over 'ears'"):
        shrunk_senses(BOTH, start.replace("pathways.sketch", "ears"))
