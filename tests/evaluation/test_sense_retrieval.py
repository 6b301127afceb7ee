"""Retrieval between several senses against a naive loop."""

import numpy as np
import pytest

from xmodal.evaluation.sense_retrieval import mean_over_splits, retrieve_all
from xmodal.modality import Modality
from xmodal.seeding import stream

SENSES = (Modality.IMAGE, Modality.TEXT, Modality.SOUND)


def vectors(items: int) -> dict[Modality, np.ndarray]:
    drawn = stream(3, "senses")
    shared = drawn.standard_normal((items, 6))
    return {
        sense: (5.0 * place + (2.0 + place) * (shared + 0.8 * drawn.standard_normal((items, 6)))).astype(np.float32)
        for place, sense in enumerate(SENSES)
    }


def naive_ranks(queries: np.ndarray, candidates: np.ndarray) -> list[int]:
    plain = [
        (each - each.mean(axis=0)) / each.std(axis=0) for each in (queries.astype(float), candidates.astype(float))
    ]
    found = []
    for place, query in enumerate(plain[0]):
        scores = [query @ other / np.linalg.norm(query) / np.linalg.norm(other) for other in plain[1]]
        found.append(1 + sum(score > scores[place] for score in scores))
    return found


def test_every_direction_is_that_of_the_loop() -> None:
    given = vectors(40)
    found = retrieve_all(given)
    assert len(found) == 6
    for one in SENSES:
        for other in SENSES:
            if one is not other:
                assert found[f"{one.value}_to_{other.value}"].ranks.tolist() == naive_ranks(given[one], given[other])
    assert 1 < found["sound_to_text"].median_rank < 20


def test_scores_are_means_over_splits() -> None:
    given = vectors(40)
    parts = [retrieve_all({sense: each[part] for sense, each in given.items()}) for part in (slice(20), slice(20, 40))]
    mean = mean_over_splits(parts)["image_to_sound"]
    assert mean["median_rank"] == pytest.approx(np.mean([part["image_to_sound"].median_rank for part in parts]))
    assert mean["queries"] == 20


def test_senses_of_other_numbers_of_items_are_refused() -> None:
    given = vectors(10)
    with pytest.raises(ValueError, match="10 queries and 9 candidates"):
        retrieve_all({Modality.IMAGE: given[Modality.IMAGE][:9], Modality.TEXT: given[Modality.TEXT]})
