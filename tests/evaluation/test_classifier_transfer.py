"""Classifiers go from one sense to another: shared axes, dashes, scales, and what is refused."""

import numpy as np
import pytest

from xmodal.evaluation.classifier_transfer import Labelled, classifier_transfer
from xmodal.modality import Modality
from xmodal.seeding import stream
from xmodal.stats.linear_svm import fit_linear_svm
from xmodal.stats.standard import fit_standard

IMAGE, SOUND, TEXT = Modality.IMAGE, Modality.SOUND, Modality.TEXT
SENSES = (IMAGE, SOUND, TEXT)
CENTRES = 2.0 * stream(0, "centres").standard_normal((6, 5))
NOISE = {IMAGE: 0.7, SOUND: 4.0, TEXT: 0.4}
PLACES = {sense: 10.0 * stream(1, sense).standard_normal(5) for sense in SENSES}
SCALES = {IMAGE: 1.0, SOUND: 0.01, TEXT: 30.0}


def labelled(sense: Modality, each: int, name: str) -> Labelled:
    """The same classes in every sense, on the same axes, but on a scale and around a place of its own."""
    classes = np.repeat(np.arange(6), each)
    noise = NOISE[sense] * stream(2, f"{name} {sense}").standard_normal((len(classes), 5))
    return Labelled(SCALES[sense] * (CENTRES[classes] + noise + PLACES[sense]), classes)


TRAIN = {sense: labelled(sense, 15, "train") for sense in SENSES}
TEST = {sense: labelled(sense, 10, "test") for sense in SENSES}


def test_all_nine_pairs_as_if_done_one_by_one() -> None:
    found = classifier_transfer(SENSES, TRAIN, TEST, seed=1)
    scale = {sense: fit_standard(each.vectors) for sense, each in TRAIN.items()}
    for one in SENSES:
        machine = fit_linear_svm(scale[one].transform(TRAIN[one].vectors), TRAIN[one].classes, seed=1)
        assert found.penalties[one] == machine.penalty
        for other in SENSES:
            named = machine.predict(scale[other].transform(TEST[other].vectors))
            assert found.accuracy[one, other] == pytest.approx((named == TEST[other].classes).mean())
    good, poor = found.accuracy[IMAGE, TEXT], found.accuracy[IMAGE, SOUND]
    assert good is not None
    assert poor is not None
    assert good > 0.9 > 0.6 > poor > 1 / 6


def test_measures_have_the_directions_of_the_table() -> None:
    measures = classifier_transfer(SENSES, TRAIN, TEST).measures()
    assert list(measures)[:3] == ["image_to_image", "image_to_sound", "image_to_text"]
    assert len(measures) == 9
    assert measures["text_to_image"]["chance_accuracy"] == pytest.approx(1 / 6)
    assert measures["text_to_image"]["items"] == 60.0


def test_a_space_without_a_sense_has_dashes() -> None:
    without = [{sense: each for sense, each in table.items() if sense is not SOUND} for table in (TRAIN, TEST)]
    found = classifier_transfer(SENSES, *without)
    assert [pair for pair, accuracy in found.accuracy.items() if accuracy is None] == [
        (IMAGE, SOUND), (SOUND, IMAGE), (SOUND, SOUND), (SOUND, TEXT), (TEXT, SOUND),
    ]  # fmt: skip
    assert found.measures().keys() == {"image_to_image", "image_to_text", "text_to_image", "text_to_text"}
    nothing = classifier_transfer(SENSES, {}, {})
    assert set(nothing.accuracy.values()) == {None}
    assert nothing.measures() == {}


def test_labels_of_the_tested_sense_are_not_looked_at() -> None:
    shuffled = TRAIN | {TEXT: Labelled(TRAIN[TEXT].vectors, TRAIN[TEXT].classes[::-1].copy())}
    found, wanted = (classifier_transfer(SENSES, train, TEST) for train in (shuffled, TRAIN))
    assert found.accuracy[IMAGE, TEXT] == wanted.accuracy[IMAGE, TEXT]
    assert found.accuracy[TEXT, TEXT] != wanted.accuracy[TEXT, TEXT]


def test_without_standardising_scales_stand_in_the_way() -> None:
    found, wanted = (
        classifier_transfer(SENSES, TRAIN, TEST, penalties=(0.01,), standardised=on) for on in (False, True)
    )
    plain, scaled = found.accuracy[IMAGE, TEXT], wanted.accuracy[IMAGE, TEXT]
    assert plain is not None
    assert scaled is not None
    assert plain < scaled - 0.3


def test_refuses() -> None:
    with pytest.raises(ValueError, match="class 9 is tested and no training item has it"):
        classifier_transfer(SENSES, TRAIN, TEST | {TEXT: Labelled(TEST[TEXT].vectors, np.full(60, 9))})
    with pytest.raises(ValueError, match="60 vectors and 59 classes"):
        classifier_transfer(SENSES, TRAIN, TEST | {TEXT: Labelled(TEST[TEXT].vectors, TEST[TEXT].classes[1:])})
    with pytest.raises(ValueError, match="one class only"):
        classifier_transfer(SENSES, TRAIN | {TEXT: Labelled(TRAIN[TEXT].vectors, np.zeros(90, int))}, TEST)
    with pytest.raises(ValueError, match="4 features, fitted to 5"):
        classifier_transfer(SENSES, TRAIN, TEST | {TEXT: Labelled(TEST[TEXT].vectors[:, :4], TEST[TEXT].classes)})
