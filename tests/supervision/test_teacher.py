"""What teachers say: worked by hand."""

import numpy as np
import torch

from xmodal.supervision.teacher import label_probabilities, said_of

CLASSES = ("cat", "dog", "kitchen", "street")


def test_half_is_the_scene_and_half_is_shared_by_the_things() -> None:
    said = label_probabilities(
        [("cat", "dog"), ("dog", "dog"), ("dog",), (), ("horse",)], ["kitchen", "street", "", "street", "moon"], CLASSES
    )
    expected = [[0.25, 0.25, 0.5, 0], [0, 0.5, 0, 0.5], [0, 1, 0, 0], [0, 0, 0, 1], [0.25] * 4]
    assert np.array_equal(said, np.array(expected, np.float32))


def test_a_network_says_its_softmax_over_all_batches() -> None:
    pictures = [torch.zeros(2, 3, 1, 1), torch.ones(1, 3, 1, 1)]
    said = said_of(iter(pictures), lambda batch: batch[:, :2, 0, 0] * torch.tensor([0.0, np.log(3.0)]))
    assert np.allclose(said, [[0.5, 0.5], [0.5, 0.5], [0.25, 0.75]], atol=1e-6)
