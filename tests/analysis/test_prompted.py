"""Heat maps of words: worked by hand."""

import numpy as np
import pytest
import torch

from tests.training.tiny import network, noise
from xmodal.analysis.matchmaps import SeenPicture, picture_of
from xmodal.analysis.prompted import Prompted, enlarged, prompted, scaled, search
from xmodal.data.decode import MediaError
from xmodal.data.sample import Sample, Split
from xmodal.features.picture import Picture
from xmodal.seeding import stream


def test_a_map_is_scaled_to_0_and_1() -> None:
    assert scaled(np.array([[-2.0, 0.0], [1.0, 2.0]])).tolist() == [[0.0, 0.5], [0.75, 1.0]]
    assert scaled(np.array([[7.0, 7.0]])).tolist() == [[0.0, 0.0]]


def test_cells_in_the_middle_of_their_squares_are_enlarged_evenly() -> None:
    heat = enlarged(np.array([[0.0, 1.0]]), np.array([0.5]), np.array([0.25, 0.75]), (1, 4))
    np.testing.assert_allclose(heat, [[0.0, 0.25, 0.75, 1.0]])


def test_cells_at_the_upper_left_of_theirs_lie_where_they_are() -> None:
    heat = enlarged(np.array([[0.0], [1.0]]), np.array([0.0, 0.5]), np.array([0.0]), (8, 2))
    np.testing.assert_allclose(heat[:, 0], [0.125, 0.375, 0.625, 0.875, 1.0, 1.0, 1.0, 1.0])
    np.testing.assert_allclose(heat[:, 1], heat[:, 0])


def test_the_scores_are_dot_products_and_the_best_cell_counts() -> None:
    seen = SeenPicture(noise("maps", 8, 2, 3), 16, 24)
    words = noise("words", 4, 8)
    found = prompted(network().eval(), seen, words)
    for word, row, col in np.ndindex(4, 2, 3):
        by_hand = sum(float(words[word, k] * seen.maps[k, row, col]) for k in range(8))
        assert found.scores[word, row, col] == pytest.approx(by_hand, abs=1e-5)
    np.testing.assert_allclose(found.best(), found.scores.reshape(4, -1).max(axis=1))
    assert found.heat(2, 20, 30).shape == (20, 30)
    assert (len(found.row_centres), len(found.col_centres)) == (2, 3)


def test_a_better_cell_is_hotter() -> None:
    found = Prompted(np.array([[[1.0, 5.0], [1.0, 1.0]]]), np.array([0.25, 0.75]), np.array([0.25, 0.75]))
    heat = found.heat(0, 40, 40)
    assert heat[:10, 30:].min() == 1.0
    assert heat[30:, :10].max() == 0.0


def test_a_search_leaves_out_what_cannot_be_looked_at() -> None:
    picture = stream(1, "picture").integers(0, 256, (20, 30, 3), dtype=np.uint8)
    options = Picture(shorter_side_px=16, crop_px=16)

    def look(sample: Sample) -> np.ndarray:
        if sample.id == "b":
            raise MediaError("no picture")
        return picture

    model, words = network().eval(), torch.ones(2, 8)
    samples = [Sample(name, Split.TEST, {}) for name in "abc"]
    found = list(search(model, samples, words, options, look))
    assert [sample.id for sample, _ in found] == ["a", "c"]
    expected = prompted(model, picture_of(model, picture, options), words)
    np.testing.assert_array_equal(found[1][1].scores, expected.scores)
