import numpy as np
import pytest
from scipy.stats import binomtest

from xmodal.evaluation.ranks import Retrieval, both_ways, retrieval, retrieval_of_alike
from xmodal.seeding import stream

SCORES = np.array(
    [
        [9.0, 1.0, 2.0, 3.0],
        [5.0, 4.0, 1.0, 0.0],
        [1.0, 2.0, 3.0, 3.0],
        [8.0, 7.0, 6.0, 5.0],
    ]
)
"""Row i is picture i. Picture 2 is tied with caption 3; picture 3 likes its own caption least."""


def test_hand_worked_ranks_both_ways() -> None:
    found = both_ways(SCORES, picture="image", caption="speech")
    assert found["image_to_speech"].ranks.tolist() == [1, 2, 2, 4]
    assert found["speech_to_image"].ranks.tolist() == [1, 2, 2, 1]
    assert found.keys() == {"image_to_speech", "speech_to_image"}


def test_recalls_and_medians() -> None:
    found = retrieval(SCORES)
    assert [found.recall_at(count) for count in (1, 2, 3, 4)] == [0.25, 0.75, 0.75, 1.0]
    assert found.median_rank == 2.0
    assert found.as_dict() == {
        "recall_at_1": 0.25,
        "recall_at_5": 1.0,
        "recall_at_10": 1.0,
        "median_rank": 2.0,
        "chance_recall_at_10": 1.0,
        "queries": 4.0,
    }


def test_a_network_that_says_the_same_to_everything_is_last() -> None:
    found = retrieval(np.ones((50, 50)))
    assert set(found.ranks.tolist()) == {50}
    assert found.recall_at(10) == 0.0
    assert found.as_dict()["chance_recall_at_10"] == 0.2


def test_noise_is_at_chance() -> None:
    found = retrieval(stream(2, "noise").standard_normal((400, 400)))
    low, high = found.interval_at(10)
    assert low < 10 / 400 < high


@pytest.mark.parametrize("bad", [np.ones((3, 4)), np.full((2, 2), np.nan), np.full((2, 2), np.inf)])
def test_scores_that_are_none(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"candidates|finite"):
        retrieval(bad)


@pytest.mark.parametrize(("hits", "queries"), [(0, 10), (3, 10), (10, 10), (812, 1000)])
def test_the_interval_is_wilsons(hits: int, queries: int) -> None:
    ranks = np.where(np.arange(queries) < hits, 1, 11)
    expected = binomtest(hits, queries).proportion_ci(0.95, method="wilson")
    assert Retrieval(ranks, queries).interval_at(10) == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_any_that_is_alike_counts_as_the_own() -> None:
    alike = np.eye(4, dtype=bool)
    assert retrieval_of_alike(SCORES, alike).ranks.tolist() == retrieval(SCORES).ranks.tolist()
    alike[3, 1] = alike[1, 3] = alike[1, 0] = True
    assert retrieval_of_alike(SCORES, alike).ranks.tolist() == [1, 1, 2, 2]
    assert retrieval_of_alike(np.ones((4, 4)), alike).ranks.tolist() == [4, 2, 4, 3], "ties with others count against"
    with pytest.raises(ValueError, match="no candidate"):
        retrieval_of_alike(SCORES, np.zeros((4, 4), dtype=bool))
    with pytest.raises(ValueError, match="finite"):
        retrieval_of_alike(np.full((4, 4), np.nan), alike)
