"""Pointing on maps that are known cell by cell."""

import numpy as np
import torch

from xmodal.embeddings.pair_maps import PairMaps
from xmodal.evaluation.pointing import Grid, Target, pointing

GRID = Grid(np.array([0.25, 0.75]), np.array([0.25, 0.75]), np.array([0.0, 0.1, 0.2, 0.3]))


def target(number: int, start_s: float, end_s: float) -> Target:
    """The quarter of that number: 0 and 1 above, 2 and 3 below."""
    top, left = number // 2 / 2, number % 2 / 2
    return Target(start_s, end_s, top, left, top + 0.5, left + 0.5)


def maps(*spoken: list[int], lengths: tuple[int, ...] = (4, 4)) -> PairMaps:
    """Cell n of each picture has feature n; each frame of a caption asks for the cell named."""
    images = torch.eye(4).reshape(1, 4, 2, 2).repeat(len(spoken), 1, 1, 1)
    captions = torch.stack([torch.eye(4)[:, frames] for frames in spoken])
    return PairMaps(images, captions, torch.tensor(lengths[: len(spoken)]))


def test_each_word_is_asked_over_its_own_frames() -> None:
    said = [(target(3, 0.0, 0.1), target(1, 0.15, 0.3))]
    assert pointing(maps([3, 3, 1, 1]), said, GRID) == 1.0
    assert pointing(maps([3, 3, 0, 0]), said, GRID) == 0.5
    assert pointing(maps([1, 1, 3, 3]), said, GRID) == 0.0


def test_the_average_counts_and_not_the_best_frame() -> None:
    said = [(target(2, 0.0, 0.3),)]
    assert pointing(maps([2, 1, 2, 2]), said, GRID) == 1.0
    assert pointing(maps([1, 1, 1, 2]), said, GRID) == 0.0


def test_a_word_between_two_frames_has_the_nearer() -> None:
    assert pointing(maps([0, 1, 2, 3]), [(target(2, 0.16, 0.19),)], GRID) == 1.0
    assert pointing(maps([0, 1, 2, 3]), [(target(1, 0.5, 0.6),)], GRID) == 0.0


def test_padded_frames_are_not_asked() -> None:
    said = [(target(1, 0.5, 0.6),)]
    assert pointing(maps([0, 1, 2, 3], lengths=(2,)), said, GRID) == 1.0, "the nearest is the last of its own"


def test_the_speech_of_another_item_has_its_own_times() -> None:
    said = [(target(0, 0.0, 0.0), target(1, 0.1, 0.3)), (target(2, 0.0, 0.2), target(3, 0.3, 0.3))]
    spoken = maps([0, 1, 1, 1], [2, 2, 2, 3])
    assert pointing(spoken, said, GRID) == 1.0
    assert pointing(spoken, said, GRID, speech=[1, 0]) == 0.0
    same = maps([0, 1, 1, 1], [0, 0, 0, 1])
    assert pointing(same, said, GRID, speech=[1, 0]) == 0.5, "the first picture has what the second says"
