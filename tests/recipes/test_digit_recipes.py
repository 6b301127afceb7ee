"""Real human speech: nothing is shared between training and test, a network trains, its scores say what they should."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.recipes.tiny_digits import tiny
from xmodal.data.readers import ReaderError
from xmodal.data.sample import Sample, Split
from xmodal.embeddings.pair_maps import PairMaps
from xmodal.errors import InputError
from xmodal.models import build
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.changes import changed
from xmodal.recipes.digit_items import VARIABLE, digit_items
from xmodal.recipes.digit_scores import digit_scores, grid_of, scores_of, targets_of
from xmodal.recipes.launch import launch_next
from xmodal.recipes.recipe import Recipe, SpokenDigitsData
from xmodal.recipes.spoken_digits import ALL, KNOWN, SPEAKERS, TEST_ITEMS, UNSEEN
from xmodal.recipes.trainings import run_training
from xmodal.workspace import Workspace


@pytest.fixture(autouse=True)
def folder(realdata: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(realdata))
    return realdata


def items(data: SpokenDigitsData) -> list[Sample]:
    source = digit_items(data)
    return [source[place] for place in range(len(source))]


def parts(samples: list[Sample]) -> tuple[set[str], set[str], set[str]]:
    """Recordings, handwritten digits and speakers that occur."""
    recordings = {name for sample in samples for name in sample.facts["recordings"].split(", ")}
    pictures = {name for sample in samples for name in sample.facts["MNIST images"].split(", ")}
    return recordings, pictures, {str(sample.group).removeprefix("speaker ") for sample in samples}


@pytest.mark.parametrize("recipe", ALL, ids=lambda recipe: recipe.name)
def test_training_and_test_share_nothing(recipe: Recipe) -> None:
    held_out = recipe.validation
    assert isinstance(held_out, SpokenDigitsData)
    learned = [data for data in recipe.data.values() if isinstance(data, SpokenDigitsData)]
    assert len(learned) == len(recipe.data)
    trained = [parts(items(data.model_copy(update={"items": 200}))) for data in learned]
    tested = parts(items(held_out.model_copy(update={"split": Split.TEST, "items": TEST_ITEMS[recipe.name]})))
    checked = parts(items(held_out))
    for seen in (*trained, checked):
        assert not seen[0] & tested[0]
        assert not seen[1] & tested[1]
    speakers = {name for seen in (*trained, checked) for name in seen[2]}
    unseen = set(held_out.unseen_speakers)
    assert speakers == set(SPEAKERS) - unseen
    assert tested[2] == (unseen or set(SPEAKERS))


def test_items_do_not_depend_on_their_number_and_digests_tell_data_apart() -> None:
    data = SpokenDigitsData(digits=2, items=4)
    assert items(data)[3] == items(data.model_copy(update={"items": 9}))[3]
    changes = ({"items": 5}, {"seed": 1}, {"split": Split.TEST}, {"unseen_speakers": ("theo",)}, {"digits": 3})
    digests = {digit_items(data.model_copy(update=change)).digest for change in ({}, *changes)}
    assert len(digests) == 6


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"folder": "/nowhere"}, "need a folder with mnist/ and fsdd/ .*--data PATH or in XMODAL_REALDATA"),
        ({"folder": "tests"}, "no recordings: expected fsdd/recordings"),
        ({"unseen_speakers": ("nobody",)}, "no speaker 'nobody'; there are: george, jackson, nicolas, theo"),
    ],
)
def test_what_is_missing_is_said_in_one_line(change: dict[str, object], words: str) -> None:
    data = SpokenDigitsData(items=4).model_copy(update=change)
    with pytest.raises(ReaderError, match=words) as told:
        digit_items(data)
    assert "\n" not in str(told.value)


def test_no_folder_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(ReaderError, match="XMODAL_REALDATA"):
        digit_items(SpokenDigitsData(items=4))


def test_another_folder_by_the_command_line() -> None:
    moved = KNOWN.on("/data/digits")
    named = [*moved.data.values(), moved.validation]
    assert {data.folder for data in named if isinstance(data, SpokenDigitsData)} == {"/data/digits"}
    assert [data.items for data in named] == [data.items for data in (*KNOWN.data.values(), KNOWN.validation)]
    assert {recipe.name for recipe in ALL} <= MATCHMAPS.keys()


def test_perturbations_are_of_data_that_are_there() -> None:
    with pytest.raises(ValueError, match="perturbations name data 'four'; the recipe has one, three, two"):
        changed(KNOWN, ['perturbations={"four": {"warp": 0.1}}'])


def test_a_network_that_knows_every_digit_has_the_best_scores() -> None:
    """Cells hold the digit that they show, frames the digit that is said: everything but the own pair is certain."""
    recipe = UNSEEN[0]
    held_out = recipe.validation
    assert isinstance(held_out, SpokenDigitsData)
    samples = items(held_out.model_copy(update={"split": Split.TEST, "items": 40}))
    model = build(recipe.model, torch.Generator().manual_seed(0))
    frames = 12
    hop_s = 8 * 0.02
    images, captions = torch.zeros(40, 10, 6, 6), torch.zeros(40, 10, frames)
    for place, sample in enumerate(samples):
        for digit, target in zip(digits_said(sample), targets_of(sample, recipe.picture), strict=True):
            row, col = (1 if edge < 0 else 4 for edge in (target.top, target.left))
            images[place, digit, row, col] = 1.0
            first, last = round(target.start_s / hop_s), round(target.end_s / hop_s)
            captions[place, digit, first : last + 1] = 1.0
    maps = PairMaps(images, captions, torch.full((40,), frames))
    found = scores_of(recipe, samples, maps, (model, PairMaps(torch.zeros_like(images), captions, maps.lengths)))
    assert found.pointing == 1.0
    assert found.pointing_shuffled_speech < 0.8
    assert found.pointing_untrained < 0.5, "a flat map has its maximum in the first cell"
    assert (found.pairs, found.digits, found.pointing_chance) == (40, 2, 0.5)
    assert found.own_pair_chance_at_10 == 0.25
    assert 1 / 40 <= found.same_digits_chance < 0.1
    assert found.same_digits_chance * 40 * found.own_pair_ceiling_at_1 >= 1.0
    assert found.own_pair_ceiling_at_10 == 1.0


def digits_said(sample: Sample) -> list[int]:
    return [int(name[0]) for name in sample.facts["recordings"].split(", ")]


def test_targets_are_quarters_of_the_square_that_is_cut_out() -> None:
    recipe = UNSEEN[0]
    sample = items(SpokenDigitsData(items=2))[0]
    for target in targets_of(sample, recipe.picture):
        assert 0.5 in (target.top, target.bottom) and 0.5 in (target.left, target.right)
    model = build(recipe.model, torch.Generator().manual_seed(0))
    empty = PairMaps(torch.zeros(2, 64, 6, 6), torch.zeros(2, 64, 5), torch.tensor([5, 4]))
    grid = grid_of(model, empty, recipe)
    assert np.allclose(grid.rows, (np.arange(6) * 8 + 0.5) / 48)
    assert np.allclose(grid.times_s, np.arange(5) * 0.16)


def test_a_recipe_trains_and_is_scored(tmp_path: Path) -> None:
    here = Workspace(tmp_path)
    here.prepare()
    run = launch_next(tiny(UNSEEN[3]), here)
    list(run_training(run, here))
    found = digit_scores(run, here, items=12)
    assert (found.pairs, found.digits) == (12, 2)
    recalls = (found.same_digits_at_1, found.own_pair_at_1, found.own_pair_at_10)
    for recall in recalls:
        assert recall.keys() == {"speech_to_image", "image_to_speech"}
        assert all(0.0 <= value <= 1.0 for value in recall.values())
    assert found == digit_scores(run, here, items=12)
    assert found != digit_scores(run, here, items=12, seed=1)
    other = launch_next(changed(tiny(KNOWN), ['validation={"kind": "catalog", "catalog": "x"}']), here)
    with pytest.raises(InputError, match="did not learn from spoken digits"):
        digit_scores(other, here, items=12)
