"""Digits composed while a network trains look and sound as the items that it is tested on, and never repeat."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from xmodal.data.sample import Split
from xmodal.features.pairs import Pairs, PreparedPairs
from xmodal.features.perturbation import UNCHANGED
from xmodal.features.preparation import prepare
from xmodal.recipes.digit_items import digit_items
from xmodal.recipes.digit_pairs import DigitPairs
from xmodal.recipes.recipe import SpokenDigitsData
from xmodal.recipes.spoken_digits import KNOWN, PICTURE, UNSEEN
from xmodal.seeding import stream

MANY = range(48)
DATA = SpokenDigitsData(digits=2, items=48, unseen_speakers=("theo",), composed=True)


@pytest.fixture(scope="module")
def pairs(realdata: Path) -> DigitPairs:
    data = DATA.model_copy(update={"folder": str(realdata)})
    return DigitPairs(digit_items(data), UNSEEN[0].pair, PICTURE, UNCHANGED)


def test_the_generator_decides_and_nothing_else(pairs: DigitPairs) -> None:
    assert isinstance(pairs, Pairs)
    assert len(pairs) == 48
    one, same = (pairs.batch(range(4), stream(1, "crops")) for _ in range(2))
    other, later = pairs.batch(range(4), stream(2, "crops")), pairs.batch(range(4, 8), None)
    assert torch.equal(one.pictures, same.pictures) and torch.equal(one.captions, same.captions)
    assert not torch.equal(one.pictures, other.pictures)
    assert torch.equal(later.pictures, pairs.batch(range(4, 8), None).pictures)
    assert not torch.equal(later.pictures, pairs.batch(range(4), None).pictures)
    assert one.pictures.shape == (4, 3, 48, 48)
    assert one.captions.shape == (4, 40, int(one.lengths.max()))
    assert float(one.captions.min()) >= -50.0 and float(one.captions.max()) == 0.0


def test_only_recordings_and_pictures_of_the_split_are_used(pairs: DigitPairs) -> None:
    assert pairs.parts.spoken.keys() == {"george", "jackson", "nicolas"}
    for digits in pairs.parts.spoken.values():
        assert {digit: len(takes) for digit, takes in digits.items()} == dict.fromkeys(range(10), 18)
    assert sum(len(pictures) for pictures in pairs.parts.written.values()) == 2800
    tested = replace(
        pairs, items=digit_items(DATA.model_copy(update={"folder": str(pairs.items.folder), "split": Split.TEST}))
    )
    assert tested.parts.spoken.keys() == {"theo"}
    assert sum(len(pictures) for pictures in tested.parts.written.values()) == 800


def test_they_are_like_the_items_that_are_measured(pairs: DigitPairs, tmp_path: Path) -> None:
    """Means over 48: brightness, its spread, levels of the bands, length."""
    prepared = prepare(pairs.items, pairs.pair, tmp_path, workers_wanted=1)
    items, composed = PreparedPairs(prepared, PICTURE, tuple(MANY)).batch(MANY, None), pairs.batch(MANY, None)
    for statistic in (torch.mean, torch.std):
        assert float(statistic(composed.pictures)) == pytest.approx(float(statistic(items.pictures)), rel=0.1)
    levels = [
        np.concatenate([clip[:, :length] for clip, length in zip(batch.captions, batch.lengths, strict=True)], axis=1)
        for batch in (items, composed)
    ]
    assert np.abs(levels[0].mean(axis=1) - levels[1].mean(axis=1)).max() < 5.0
    assert float(composed.lengths.float().mean()) == pytest.approx(float(items.lengths.float().mean()), rel=0.15)


def test_perturbations_apply(pairs: DigitPairs) -> None:
    changed = replace(pairs, perturbation=KNOWN.perturbations["two"])
    plain, other = (each.batch(range(3), stream(1, "crops")) for each in (pairs, changed))
    assert torch.equal(plain.pictures, other.pictures)
    assert plain.captions.shape != other.captions.shape or not torch.equal(plain.captions, other.captions)
