"""Sketch, clip art and spatial text: the same scene, each in its own way."""

import numpy as np
import pytest
from PIL import Image

from xmodal.data.world.clip_art import render_clip_art
from xmodal.data.world.compose import compose
from xmodal.data.world.layout import place, visible_fraction
from xmodal.data.world.outline import EDGE_MARGIN, edge_distance
from xmodal.data.world.sketch import render_sketch
from xmodal.data.world.spatial_text import render_spatial_text
from xmodal.data.world.spec import WorldSpec

DRAWINGS = {"sketch": render_sketch, "clip_art": render_clip_art, "spatial_text": render_spatial_text}
SCENES = [compose(WorldSpec(), index) for index in range(12)]


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_size_shows_the_same_drawing(name: str) -> None:
    for scene in SCENES[:4]:
        large, small = (DRAWINGS[name](scene, size_px=size) for size in (192, 64))
        assert (large.shape, small.shape) == ((192, 192, 3), (64, 64, 3))
        shrunk = np.asarray(Image.fromarray(large).resize((64, 64), Image.Resampling.BOX), dtype=float)
        assert np.abs(shrunk - small).mean() < 14


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_same_scene_gives_the_same_pixels_and_others_differ(name: str) -> None:
    one, again, other = (DRAWINGS[name](scene, size_px=64) for scene in (SCENES[0], SCENES[0], SCENES[1]))
    np.testing.assert_array_equal(one, again)
    assert (one != other).mean() > 0.01


@pytest.mark.parametrize("name", DRAWINGS)
def test_nothing_is_empty(name: str) -> None:
    for scene in SCENES:
        assert DRAWINGS[name](scene, size_px=64).std() > 5


def test_a_sketch_is_grey_lines_on_white_paper() -> None:
    for scene in SCENES:
        sketch = render_sketch(scene, size_px=96)
        assert (sketch == sketch[..., :1]).all()
        assert np.median(sketch) > 240
        assert 0.01 < (sketch[..., 0] < 128).mean() < 0.4


def test_hands_differ() -> None:
    ink = [float((render_sketch(scene, size_px=96) < 128).mean()) for scene in SCENES]
    assert max(ink) > 1.5 * min(ink)


def test_clip_art_is_coloured_and_flat() -> None:
    for scene in SCENES[:4]:
        picture = render_clip_art(scene, size_px=128)
        flat = (np.abs(np.diff(picture.astype(int), axis=1)).sum(axis=2) == 0).mean()
        assert flat > 0.5
        assert np.ptp(picture.astype(int), axis=2).max() > 60


def test_words_of_spatial_text_lie_where_their_things_are() -> None:
    """Ink is denser inside the boxes of well visible things than outside."""
    inside, outside = [], []
    for scene in SCENES:
        ink = render_spatial_text(scene, size_px=128)[..., 0] < 160
        boxes = np.zeros_like(ink)
        for box, share in zip(place(scene), visible_fraction(scene), strict=True):
            if share > 0.5:
                top, bottom = (round(128 * min(max(value, 0), 1)) for value in (box.top, box.bottom))
                left, right = (round(128 * min(max(value, 0), 1)) for value in (box.left, box.right))
                boxes[top:bottom, left:right] = True
        inside.append(ink[boxes].mean())
        outside.append(ink[~boxes].mean())
    assert np.mean(inside) > 1.3 * np.mean(outside)


def test_spatial_text_shows_no_scene_name_and_fits_the_paper() -> None:
    for scene in SCENES:
        ink = render_spatial_text(scene, size_px=128)[..., 0] < 160
        assert 0.005 < ink.mean() < 0.5


def test_edges_of_a_symbol_reach_the_sides_of_its_box_and_nothing_beyond() -> None:
    for wanted_px in (30, 150, 400):
        field = edge_distance("fridge", "a", wanted_px)
        levels = np.asarray(field.image).astype(float)
        # as pixels of the image, whose longer side is the symbol's and a margin at either end
        longer_px = max(levels.shape) / (1 + 2 * EDGE_MARGIN)
        away = (255 - levels) * field.unit * longer_px
        rim = EDGE_MARGIN * longer_px
        assert away[:, : round(rim + 0.02 * longer_px + 2)].min() < 1.0
        outside = np.concatenate([away[0], away[-1], away[:, 0], away[:, -1]])
        assert outside.min() > min(rim - 2.0, 0.9 * 255 * field.unit * longer_px)
