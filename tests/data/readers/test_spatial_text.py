import numpy as np
import pytest

from xmodal.data.decode import MediaError
from xmodal.data.readers.spatial_text import labels_of, render
from xmodal.data.sample import LabelMap, Sample, Split
from xmodal.modality import Modality

SAMPLE = Sample("x", Split.TRAIN, {})


def ink(picture: np.ndarray) -> np.ndarray:
    return np.asarray(picture.max(axis=2) < 128)


def test_words_stand_at_the_places_of_their_things() -> None:
    arguments = {"labels": [["dog", 0.1, 0.6, 0.3, 0.3], ["church", 0.5, 0.1, 0.4, 0.4]], "aspect": 1.5}
    picture = render(SAMPLE, Modality.SPATIAL_TEXT, arguments, 300)
    assert picture.shape == (200, 300, 3)
    dark = ink(picture)
    assert dark[120:180, 30:120].sum() > 30
    assert dark[20:100, 150:270].sum() > 30
    assert dark[120:, 150:].sum() == 0
    assert (picture[0, 0] == 255).all()


def test_larger_things_have_larger_words() -> None:
    heights = []
    for side in (0.08, 0.16, 0.32):
        picture = render(SAMPLE, Modality.SPATIAL_TEXT, {"labels": [["ox", 0.1, 0.1, side, side]]}, 400)
        heights.append(np.flatnonzero(ink(picture).any(axis=1)).size)
    assert heights[0] < heights[1] < heights[2]


def test_same_words_at_any_size() -> None:
    arguments = {"labels": [["dog", 0.2, 0.2, 0.5, 0.5]]}
    small = render(SAMPLE, Modality.SPATIAL_TEXT, arguments, 128)
    large = render(SAMPLE, Modality.SPATIAL_TEXT, arguments, 512)
    coarse = [picture.reshape(32, side, 32, side, 3).mean(axis=(1, 3)) for picture, side in ((small, 4), (large, 16))]
    assert np.corrcoef(coarse[0].ravel(), coarse[1].ravel())[0, 1] > 0.9


def test_places_are_those_of_the_pixels() -> None:
    plane = np.zeros((40, 80), np.int32)
    plane[10:20, 60:80] = 1
    found = LabelMap(plane, {1: "car"}, plane, ("car",))
    (label,) = labels_of(found)
    assert label.name == "car"
    assert label.left + label.width / 2 == pytest.approx(0.87, abs=0.02)
    assert label.top + label.height / 2 == pytest.approx(0.36, abs=0.03)
    (label,) = labels_of(LabelMap(plane, {1: "car"}, np.zeros_like(plane), ()))
    assert label.name == "car"


@pytest.mark.parametrize("arguments", [{}, {"labels": [["dog", 1]]}, {"labels": [], "aspect": 1e9}])
def test_one_line_for_what_cannot_be_written(arguments: dict[str, object]) -> None:
    with pytest.raises(MediaError):
        render(SAMPLE, Modality.SPATIAL_TEXT, arguments, 100)
