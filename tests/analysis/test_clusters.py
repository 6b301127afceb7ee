"""Planted patterns come back as clusters of purity 1; noise does not."""

import numpy as np
import pytest

from tests.analysis.planted import CLASSES, WORDS, by_chance, planted, without_an_idea
from xmodal.analysis.clusters import Clustering, clusters, cut_of, harmonic, joined
from xmodal.analysis.co_segmentation import Segmentation, Threshold
from xmodal.progress import Silent

CUT = Segmentation(threshold=Threshold(kind="score", value=0.5))
PLANTED = Clustering(segmentation=CUT, clusters=len(CLASSES))


def test_planted_clusters_are_pure() -> None:
    found = clusters(planted(), PLANTED)
    assert found.cut == 0.5
    assert found.components == 80
    assert found.clusters == len(CLASSES)
    assert {(each.word, each.object) for each in found.listed} == set(zip(WORDS, CLASSES, strict=True))
    for each in found.listed:
        assert (each.word_purity, each.object_purity, each.purity) == (1.0, 1.0, 1.0)
        assert {member.words for member in each.members} == {(each.word,)}
    assert sum(len(each.members) for each in found.listed) == 80


def test_leaves_alone_and_the_list_are_options() -> None:
    leaves = clusters(planted(), PLANTED.model_copy(update={"clusters": None, "listed": 2}))
    assert leaves.clusters == len(CLASSES)
    assert len(leaves.listed) == 2
    one = clusters(planted(), PLANTED.model_copy(update={"clusters": 1}))
    assert (one.clusters, len(one.listed)) == (1, 1)
    assert one.listed[0].word_purity < 0.5


def test_a_percentile_over_all_pairs() -> None:
    observed = planted()
    options = Segmentation(threshold=Threshold(value=90.0))
    scores = np.einsum("idrc,idt->irct", observed.images, observed.captions)
    cut = cut_of(observed, options, Silent())
    assert cut == pytest.approx(np.quantile(scores, 0.9, method="inverted_cdf"), abs=1e-3)
    assert clusters(observed, Clustering(segmentation=options, clusters=len(CLASSES))).listed[0].purity == 1.0


def test_noise_is_not_pure_and_sameness_has_no_parts() -> None:
    noise = clusters(by_chance(planted()), Clustering(clusters=len(CLASSES)))
    assert noise.listed
    assert np.mean([each.purity for each in noise.listed]) < 0.5
    nothing = clusters(without_an_idea(planted()), Clustering())
    assert (nothing.components, nothing.listed) == (0, ())


def test_both_senses_weigh_the_same() -> None:
    vectors = joined([(np.array([300.0, 0.0]), np.array([0.0, 1.0])), (np.array([0.0, 100.0]), np.array([3.0, 0.0]))])
    assert vectors.tolist() == [[1.5, 0.0, 0.0, 0.5], [0.0, 0.5, 1.5, 0.0]]
    assert harmonic(0.0, 0.0) == 0.0
    assert harmonic(1.0, 0.5) == pytest.approx(2 / 3)
