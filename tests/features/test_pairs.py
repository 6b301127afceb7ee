"""Batches of prepared pairs: the same state gives the same crops, padding is silence."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from xmodal.data.world.catalog import WorldItems
from xmodal.data.world.spec import WorldSpec
from xmodal.features.pairs import Pairs, PreparedPairs, share_of
from xmodal.features.perturbation import Perturbation
from xmodal.features.picture import Picture
from xmodal.features.preparation import prepare
from xmodal.features.prepared import PairOptions, Prepared
from xmodal.features.words import UNKNOWN, Vocabulary
from xmodal.modality import Modality
from xmodal.seeding import stream

WORLD = WorldItems(WorldSpec(seed=5, objects_min=1, objects_max=1), 6)
PICTURE = Picture(shorter_side_px=32, crop_px=24)
OPTIONS = PairOptions(shorter_side_px=32)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare(WORLD, OPTIONS, tmp_path_factory.mktemp("spoken"))


def test_a_batch_holds_the_pairs_asked_for(spoken: Prepared) -> None:
    pairs = PreparedPairs(spoken, PICTURE, (5, 1, 3))
    assert isinstance(pairs, Pairs)
    batch = pairs.batch([2, 0], None)
    lengths = [spoken.spectrogram(place).shape[1] for place in (3, 5)]
    assert batch.pictures.shape == (2, 3, 24, 24)
    assert batch.lengths.tolist() == lengths
    assert batch.captions.shape == (2, 40, max(lengths))
    for row, place in enumerate((3, 5)):
        own = batch.captions[row, :, : lengths[row]].numpy()
        assert np.array_equal(own, spoken.spectrogram(place).astype(np.float32))
        assert (batch.captions[row, :, lengths[row] :] == -80).all()
    assert len(pairs.first(2)) == 2
    assert len(pairs.first(9)) == 3


def test_crops_follow_the_generator_and_nothing_else(spoken: Prepared) -> None:
    pairs = PreparedPairs(spoken, PICTURE, tuple(range(6)))
    one, same = (pairs.batch(range(6), stream(4, "crops")) for _ in range(2))
    other, middle = pairs.batch(range(6), stream(5, "crops")), pairs.batch(range(6), None)
    assert torch.equal(one.pictures, same.pictures)
    assert not torch.equal(one.pictures, other.pictures)
    assert not torch.equal(one.pictures, middle.pictures)
    assert torch.equal(one.captions, other.captions)


def test_captions_are_perturbed_where_there_is_a_generator(spoken: Prepared) -> None:
    plain = PreparedPairs(spoken, PICTURE, tuple(range(6)))
    pairs = replace(plain, perturbation=Perturbation(stretch=0.2, tilt_db=3.0))
    assert torch.equal(pairs.batch(range(6), None).captions, plain.batch(range(6), None).captions)
    one, same, other = (pairs.batch(range(6), stream(seed, "crops")) for seed in (4, 4, 5))
    assert torch.equal(one.captions, same.captions)
    assert one.lengths.tolist() != plain.batch(range(6), None).lengths.tolist()
    assert one.lengths.tolist() != other.lengths.tolist()


def test_words_are_drawn_in_training_and_the_first_text_without(tmp_path: Path) -> None:
    written = prepare(WORLD, OPTIONS.model_copy(update={"caption": Modality.TEXT}), tmp_path)
    vocabulary = Vocabulary.of(text for place in range(4) for text in written.text(place))
    pairs = PreparedPairs(written, PICTURE, tuple(range(6)), vocabulary)
    plain = pairs.batch(range(6), None)
    assert plain.captions[0, : plain.lengths[0]].tolist() == vocabulary.encode(written.text(0)[0])
    assert UNKNOWN not in plain.captions[:4]
    drawn = pairs.batch(range(6), stream(1, "texts"))
    assert torch.equal(drawn.captions, pairs.batch(range(6), stream(1, "texts")).captions)
    choices = [[vocabulary.encode(text) for text in written.text(place)] for place in range(6)]
    rows = [drawn.captions[row, : drawn.lengths[row]].tolist() for row in range(6)]
    picked = [choices[place].index(row) for place, row in enumerate(rows)]
    assert set(picked) == {0, 1}


def test_a_larger_share_holds_the_smaller_one(spoken: Prepared) -> None:
    shares = [set(share_of(spoken, share, seed=3)) for share in (0.01, 0.34, 0.67, 1.0)]
    assert [len(each) for each in shares] == [1, 2, 4, 6]
    assert all(small < large for small, large in pairwise(shares))
    assert share_of(spoken, 0.5, seed=3) == share_of(spoken, 0.5, seed=3)
    assert len({share_of(spoken, 0.5, seed=seed) for seed in range(8)}) > 1


def test_batches_move_with_their_layout(spoken: Prepared) -> None:
    batch = PreparedPairs(spoken, PICTURE, (0, 1)).batch([0, 1], None)
    moved = batch.to(torch.device("cpu"), torch.channels_last)
    assert moved.pictures.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(moved.pictures, batch.pictures)
    plain = batch.to(torch.device("cpu"), torch.contiguous_format)
    assert plain.pictures.is_contiguous()
