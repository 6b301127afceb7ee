"""Segments: one for each blob, with its stretch, its words, its area, and an outline around it."""

from typing import Any

import numpy as np
import pytest

from xmodal.analysis.co_segmentation import Segmentation, Threshold
from xmodal.analysis.scored import Matchmap
from xmodal.data.sample import Word
from xmodal.figures.matchmap_volume import MOST_STEPS, density, pooled
from xmodal.figures.segments import MOST, area, segments
from xmodal.figures.word_rows import placed

CELLS, STEP_S = 10, 0.1
CENTRES = (np.arange(CELLS) + 0.5) / CELLS
OPTIONS = Segmentation(threshold=Threshold(kind="score", value=0.5))
WORDS = (Word("a", 0.0, 0.1), Word("dog", 0.2, 0.55), Word("and", 0.6, 0.8), Word("boat", 1.0, 1.5))


def two_blobs() -> Matchmap:
    scores = np.zeros((CELLS, CELLS, 20), np.float32)
    scores[1:4, 1:3, 2:6] = 1.0  # upper left while "dog" is said
    scores[6:9, 5:9, 10:15] = 2.0  # lower right while "boat" is said
    return Matchmap(scores, CENTRES, CENTRES, (np.arange(20) + 0.5) * STEP_S)


def test_a_segment_knows_its_stretch_words_and_area() -> None:
    found = segments(two_blobs(), OPTIONS, words=WORDS, duration_s=2.0)
    boat, dog = found.shown
    assert (boat.letter, dog.letter, found.total, found.cut) == ("A", "B", 2, 0.5)
    assert (dog.words, boat.words) == (("dog",), ("boat",))
    assert (dog.start_s, dog.end_s) == pytest.approx((0.2, 0.6))
    assert (dog.share, boat.share) == pytest.approx((0.06, 0.12))
    assert (dog.mean_score, boat.mean_score) == pytest.approx((1.0, 2.0))


def test_an_outline_goes_around_the_cells_and_the_letter_stands_inside() -> None:
    _, dog = segments(two_blobs(), OPTIONS).shown
    [line] = dog.outlines
    assert np.array_equal(line[0], line[-1])
    assert line.min(axis=0) == pytest.approx([0.1, 0.1], abs=0.02)
    assert line.max(axis=0) == pytest.approx([0.3, 0.4], abs=0.02)
    assert 0.12 < dog.at[0] < 0.28
    assert 0.12 < dog.at[1] < 0.38


def test_a_rim_belongs_to_the_outermost_cells() -> None:
    quarter = np.array([0.25, 0.5])  # two cells of a half, centred as residual networks do; a quarter is left free
    found = Matchmap(np.zeros((2, 2, 1), np.float32), quarter, quarter, np.array([0.5]))
    assert area(np.ones((2, 2), bool), found) == pytest.approx(1.0)


def test_at_most_so_many_are_shown_the_strongest_first() -> None:
    scores = np.zeros((30, 30, 40), np.float32)
    for number in range(20):
        row, col = divmod(number, 5)
        scores[4 * row : 4 * row + 2, 4 * col : 4 * col + 2, 2 * number] = 1.0 + number
    places = (np.arange(30) + 0.5) / 30
    found = segments(Matchmap(scores, places, places, np.arange(40) * 0.1 + 0.05), OPTIONS)
    assert (len(found.shown), found.total) == (MOST, 20)
    assert [each.mean_score for each in found.shown] == sorted((each.mean_score for each in found.shown), reverse=True)


def test_the_density_has_the_picture_its_cut_and_the_words() -> None:
    picture = np.zeros((40, 80, 3), np.uint8)
    figure: Any = density(two_blobs(), picture, cut=0.5, dark=True, words=WORDS, end_s=2.0)
    face, shells = figure.data
    assert (face.type, shells.type) == ("mesh3d", "isosurface")
    assert (shells.isomin, shells.isomax, shells.visible) == (0.5, 2.0, True)
    assert len(face.vertexcolor) == len(face.x)
    assert list(figure.layout.scene.xaxis.ticktext) == [word.text for word in WORDS]
    light: Any = density(two_blobs(), picture, cut=0.5, dark=False)
    assert light.data[1].colorscale != shells.colorscale
    empty: Any = density(two_blobs(), picture, cut=9.0, dark=True)
    assert empty.data[1].visible is False


def test_long_maps_are_pooled_and_short_ones_have_a_thickness() -> None:
    scores = np.arange(1000, dtype=np.float32)[None, None].repeat(2, axis=0).repeat(2, axis=1)
    half = np.array([0.25, 0.75])
    times_s, volume = pooled(Matchmap(scores, half, half, np.arange(1000) * 0.01))
    assert len(times_s) == volume.shape[2] == MOST_STEPS
    assert volume[0, 0] == pytest.approx(times_s * 100, rel=1e-4)
    assert pooled(Matchmap(scores[..., :1], half, half, np.zeros(1)))[1].shape[2] == 2


def test_words_stand_where_they_are_said_or_run_when_there_are_too_many() -> None:
    rows = placed(WORDS, 2.0, 400, lambda text: 8 * len(text))
    assert [each.left for each in rows.words] == [0, 40, 120, 200]
    assert rows.shown == 1
    many = tuple(Word("longish", 0.01 * number, 0.01 * number + 0.01) for number in range(100))
    running = placed(many, 1.0, 400, lambda text: 8 * len(text))
    assert running.shown == 3
    assert any(each.word.start_s == pytest.approx(0.5) for each in running.visible(0.5))
    assert {each.row for each in running.visible(0.99)} == {0, 1, 2}
