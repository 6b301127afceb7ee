"""Table 4: hand-worked overlaps, average precision against scikit-learn, an oracle and a blind network."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from xmodal.analysis.prompted import Prompted
from xmodal.data.sample import LabelMap
from xmodal.evaluation.localisation import Localisation, average_precision, localisation, overlap, targets_of
from xmodal.evaluation.word_objects import WordObject
from xmodal.seeding import stream

PAIRS = (WordObject("dog", "dog"), WordObject("puppy", "dog"), WordObject("couch", "sofa"), WordObject("owl", "owl"))
CELLS, SIDE = 8, 64


def test_overlaps_by_hand() -> None:
    detected = np.array([[1, 1, 1], [0, 0, 0]], bool)
    target = np.array([[0, 1, 1], [0, 1, 1]], bool)
    found = overlap(detected, target)
    assert (found.union, found.detection, found.target) == (2 / 5, 2 / 3, 2 / 4)
    nothing = overlap(np.zeros_like(target), target)
    assert (nothing.union, nothing.detection, nothing.target) == (0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="empty target"):
        overlap(detected, np.zeros_like(target))


def test_average_precision_by_hand() -> None:
    # ranking: yes, no, yes -> (1/1 + 2/3) / 2
    assert average_precision(np.array([3.0, 2.0, 1.0]), np.array([True, False, True])) == pytest.approx(5 / 6)
    assert average_precision(np.zeros(4), np.array([True, False, False, False])) == 0.25


def test_average_precision_is_that_of_scikit_learn() -> None:
    draw = stream(1, "average precision")
    for levels in (3, 10, 10_000):
        for _ in range(20):
            scores = draw.integers(0, levels, 30).astype(float)
            present = draw.random(30) < 0.3
            present[0] = True
            assert average_precision(scores, present) == pytest.approx(average_precision_score(present, scores))


def test_what_has_no_average_precision_is_refused() -> None:
    with pytest.raises(ValueError, match="holds the object"):
        average_precision(np.ones(2), np.zeros(2, bool))
    with pytest.raises(ValueError, match="finite"):
        average_precision(np.array([1.0, np.nan]), np.ones(2, bool))


def picture(number: int) -> LabelMap:
    """A dog, a sofa or both, as blocks of cells; never an owl."""
    draw = stream(number, "picture")
    labels = np.zeros((SIDE, SIDE), np.int32)
    for label, half in ((1, 0), (2, 1)):
        if number % 3 != label:
            top, left = (int(draw.integers(0, 4)) * 8, int(draw.integers(0, 2)) * 8 + half * 32)
            labels[top : top + 32, left : left + 16] = label
    return LabelMap(labels, {1: "dog", 2: "sofa", 3: "owl"}, np.zeros_like(labels), ())


def centres() -> np.ndarray:
    return (np.arange(CELLS) + 0.5) / CELLS


def oracle(truth: LabelMap) -> Prompted:
    """Each cell knows how much of it is the object."""
    maps = []
    for target in targets_of(truth, PAIRS):
        known = np.zeros((SIDE, SIDE)) if target is None else target.astype(float)
        maps.append(known.reshape(CELLS, SIDE // CELLS, CELLS, SIDE // CELLS).mean(axis=(1, 3)))
    return Prompted(np.stack(maps), centres(), centres())


def blind(number: int) -> Prompted:
    return Prompted(stream(number, "blind").standard_normal((len(PAIRS), CELLS, CELLS)), centres(), centres())


def test_an_oracle_finds_everything() -> None:
    truths = [picture(number) for number in range(12)]
    found = localisation(((oracle(truth), truth) for truth in truths), PAIRS)
    assert found.pairs == PAIRS[:3]
    assert found.holding.tolist() == [8, 8, 8]
    assert found.images == 12
    means = found.scores.means()
    assert means["mean_average_precision"] == 1.0
    assert means["intersection_over_union"] > 0.95
    assert means["intersection_over_detection"] > 0.95
    assert means["intersection_over_target"] > 0.95


def test_a_blind_network_is_near_the_full_frame() -> None:
    truths = [picture(number) for number in range(60)]
    found = localisation(((blind(number), truth) for number, truth in enumerate(truths)), PAIRS)
    blindly, full = found.scores.means(), found.full_frame.means()
    assert full["mean_average_precision"] == pytest.approx(2 / 3, abs=0.02)
    assert full["intersection_over_union"] == full["intersection_over_detection"] == pytest.approx(1 / 8)
    assert full["intersection_over_target"] == 1.0
    assert blindly["mean_average_precision"] == pytest.approx(full["mean_average_precision"], abs=0.12)
    assert blindly["intersection_over_detection"] == pytest.approx(1 / 8, abs=0.03)
    assert blindly["intersection_over_union"] < 1 / 8
    assert set(found.as_dict(found.scores)) == {*full, "word_object_pairs", "images"}


def test_images_are_averaged_before_pairs() -> None:
    """Two pictures with a dog found by 1 and by 0, one sofa found by 1: (0.5 + 1) / 2."""

    def shown(name: str, side: int) -> tuple[Prompted, LabelMap]:
        labels = np.zeros((2, 4), np.int32)
        labels[:, :2] = 1
        heat = np.zeros((2, 1, 2))
        heat[:, :, side] = 1.0
        return Prompted(heat, np.array([0.5]), np.array([0.25, 0.75])), LabelMap(labels, {1: name}, 0 * labels, ())

    found: Localisation = localisation(
        [shown("dog", 0), shown("dog", 1), shown("sofa", 0)], (WordObject("dog", "dog"), WordObject("sofa", "sofa"))
    )
    assert found.scores.intersection_over_union.tolist() == [0.5, 1.0]
    assert found.scores.means()["intersection_over_union"] == 0.75
    assert found.scores.intersection_over_target.tolist() == [0.5, 1.0]


def test_classes_of_one_name_are_one_object() -> None:
    labels = np.array([[1, 2, 0]])
    (target,) = targets_of(LabelMap(labels, {1: "seat", 2: "seat"}, 0 * labels, ()), (WordObject("seats", "seat"),))
    assert target is not None
    assert target.tolist() == [[True, True, False]]


def test_pictures_without_any_object_are_refused() -> None:
    truth = picture(0)
    with pytest.raises(ValueError, match="no picture shows"):
        localisation([(oracle(truth), truth)], PAIRS[3:])
