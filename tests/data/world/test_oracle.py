"""The oracle reaches what the issue asks of the world, and knows nothing but the latent scene."""

import json
import subprocess
import sys

import numpy as np
import pytest

from xmodal.data.world.oracle import Score, _score
from xmodal.modality import Modality

IMAGE, TEXT, SOUND, SPEECH = Modality.IMAGE, Modality.TEXT, Modality.SOUND, Modality.SPEECH


@pytest.fixture(scope="module")
def scores() -> dict[tuple[Modality, Modality], Score]:
    """Through the command, which runs without the tests' type checks."""
    words = [sys.executable, "-m", "xmodal", "world", "oracle", "--items", "1000", "--json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=200, check=True)
    found = [
        Score(**entry | {"query": Modality(entry["query"]), "answer": Modality(entry["answer"])})
        for entry in json.loads(done.stdout)["directions"]
    ]
    return {(score.query, score.answer): score for score in found}


def test_it_reaches_the_targets(scores: dict[tuple[Modality, Modality], Score]) -> None:
    for one, two in ((IMAGE, SPEECH), (SPEECH, IMAGE)):
        assert scores[one, two].recall_at_10 >= 0.95
    for one, two, rank in ((IMAGE, TEXT, 2), (IMAGE, SOUND, 6), (SOUND, TEXT, 15)):
        assert scores[one, two].median_rank <= rank
        assert scores[two, one].median_rank <= rank
    assert len(scores) == 8
    assert all(score.items == 1000 for score in scores.values())


def test_what_is_only_heard_says_less_than_what_is_said(scores: dict[tuple[Modality, Modality], Score]) -> None:
    assert scores[SOUND, TEXT].median_rank >= scores[IMAGE, TEXT].median_rank


def test_ties_count_half() -> None:
    tied = _score(IMAGE, TEXT, np.zeros((21, 21)))
    assert (tied.median_rank, tied.recall_at_10) == (11.0, 0.0)
    perfect = _score(IMAGE, TEXT, np.eye(21))
    assert (perfect.median_rank, perfect.recall_at_10) == (1.0, 1.0)
    worst = _score(IMAGE, TEXT, -np.eye(21))
    assert worst.median_rank == 21.0
    assert perfect.as_dict() == {
        "query": "image", "answer": "text", "median_rank": 1.0, "recall_at_10": 1.0, "items": 21,
    }  # fmt: skip
