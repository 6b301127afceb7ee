"""Every dimension of an ideal network is a concept of value 1; a random network has hardly any."""

from dataclasses import replace

import numpy as np
import pytest

from tests.analysis.planted import CLASSES, STEP_S, WORDS, by_chance, planted, without_an_idea
from xmodal.analysis.concepts import ConceptRules, Segment, concept_value, concepts, repeated, stretch
from xmodal.analysis.observed import interpolation, nearest, words_at
from xmodal.data.sample import Word
from xmodal.data.taxonomy import world


def test_an_ideal_network() -> None:
    observed = planted()
    found = concepts(observed, world())
    assert found.count == len(CLASSES)
    for unit, concept in enumerate(found.units):
        assert concept.unit == unit
        assert concept.value == pytest.approx(1.0)
        assert concept.words == (WORDS[unit],)
        assert concept.objects == ((CLASSES[unit], pytest.approx(1.0)),)
        assert [region.object for region in concept.regions] == [CLASSES[unit]] * 5
        for region in concept.regions:
            own = observed.labels[region.item] == unit + 1
            assert (own & region.mask).sum() / (own | region.mask).sum() > 0.7
        for segment in concept.segments:
            word = next(each for each in observed.words[segment.item] if each.text == WORDS[unit].capitalize())
            assert (segment.start_s, segment.end_s) == pytest.approx((word.start_s, word.end_s))
            assert segment.end_s - segment.start_s == pytest.approx(3 * STEP_S)
    assert [concept.unit for concept in found.top(3)] == [0, 1, 2]


def test_a_random_network_and_one_without_an_idea() -> None:
    observed = planted()
    noise = concepts(by_chance(observed), world())
    assert noise.count <= 0.15 * len(noise.units)
    assert np.mean([concept.value for concept in noise.units]) < 0.4
    nothing = concepts(without_an_idea(observed), world())
    assert nothing.count == 0
    assert nothing.top() == ()
    assert all(concept.regions == () and concept.segments == () for concept in nothing.units)


def test_branches_that_disagree_share_no_concept() -> None:
    observed = planted()
    turned = replace(observed, captions=np.roll(observed.captions, 1, axis=1))
    assert max(concept.value for concept in concepts(turned, world()).units) < 0.7


def test_few_pairs_and_no_truth() -> None:
    few = concepts(planted(2), world())
    assert max(len(concept.regions) for concept in few.units) <= 2
    observed = planted()
    blind = replace(observed, labels=observed.labels * 0, words=((),) * len(observed))
    assert [concept.value for concept in concepts(blind, world()).units] == [0.0] * len(CLASSES)


def test_equation_16_by_hand() -> None:
    likeness = {("sky", "cloud"): 0.8, ("tree", "cloud"): 0.2}
    objects = (("sky", 0.75), ("tree", 0.25))
    assert concept_value(objects, "cloud", lambda thing, word: likeness[thing, word]) == pytest.approx(0.65)
    assert concept_value((), "cloud", lambda *_: 1.0) == 0.0


def test_weights_are_intersection_over_union() -> None:
    """A unit that is active on the left half of every picture; one class fills that half, one an eighth of it."""
    observed = planted(5)
    images, labels = np.zeros((5, 1, 7, 7), np.float32), np.zeros_like(observed.labels)
    images[:, :, :, :3] = 1.0
    labels[:, :, :40], labels[:, :14, :40] = 2, 1
    found = concepts(
        replace(observed, images=images, captions=observed.captions[:, :1], labels=labels), world(),
        ConceptRules(image_threshold=0.0),
    ).units[0]  # fmt: skip
    mask = found.regions[0].mask
    overlap = {
        name: (mask & (labels[0] == number)).sum() / (mask | (labels[0] == number)).sum()
        for number, name in ((2, CLASSES[1]), (1, CLASSES[0]))
    }
    total = sum(overlap.values())
    assert found.objects == tuple((name, pytest.approx(share / total)) for name, share in overlap.items())


def test_words_that_repeat() -> None:
    heard = (("dog", "red"), ("dog",), ("red", "cat"), ("cat",), ("cat", "dog"))
    segments = tuple(Segment(0, 2.0, 0.0, 1.0, words) for words in heard)
    assert repeated(segments, ConceptRules()) == ("cat", "dog")
    assert repeated(segments, ConceptRules(repeats=4)) == ()
    assert repeated(segments, ConceptRules(most_words=3)) == ("cat", "dog", "red")


def test_stretches_words_and_places() -> None:
    inside = np.array([True, False, True, True, False, True])
    assert [stretch(inside, place) for place in (0, 2, 3, 5)] == [(0, 1), (2, 4), (2, 4), (5, 6)]
    words = (Word("The", 0.0, 0.2), Word("Dog,", 0.2, 0.5), Word("barks", 0.5, 0.9), Word("dog", 1.0, 1.2))
    assert words_at(words, np.array([0.1, 0.3, 1.1])) == ("dog",)
    assert words_at(words, np.array([0.1, 0.6]), ignored=frozenset()) == ("the", "barks")
    centres = np.array([0.0, 0.5])
    assert nearest(centres, 4).tolist() == [0, 1, 1, 1]
    pixels = interpolation(centres, 4) @ np.array([0.0, 8.0])
    assert pixels.tolist() == [2.0, 6.0, 8.0, 8.0]
