"""Pictures under heat: grey where it is cold, the target outlined."""

import io

import numpy as np
from PIL import Image

from xmodal.ui.views.heat_pictures import SIDE_PX, at_size, framed, heated, mask_at


def test_cold_places_are_grey_and_hot_ones_coloured() -> None:
    picture = np.full((20, 30, 3), (200, 100, 60), np.uint8)
    heat = np.zeros((20, 30))
    heat[:, 20:] = 1.0
    shown = heated(picture, heat, None)
    assert (shown[:, :20] == 120).all()
    red, _, blue = shown[0, 25].astype(int)
    assert red > blue + 20


def test_the_target_is_outlined_inside_its_edge() -> None:
    target = np.zeros((20, 30), bool)
    target[5:15, 20:] = True
    shown = heated(np.full((20, 30, 3), 120, np.uint8), np.zeros((20, 30)), target)
    assert shown[5:9, 25, 0].tolist() == [0, 255, 0, 120]
    assert (shown[:5] == 120).all()
    assert (shown[9, 24:] == 120).all(), "the border of the picture is no edge of the thing"


def test_a_picture_is_shown_whole_in_a_square() -> None:
    with Image.open(io.BytesIO(framed(np.full((112, 224, 3), 250, np.uint8)).content)) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert pixels.shape == (SIDE_PX, SIDE_PX, 3)
    assert pixels[SIDE_PX // 2].min() > 230
    assert pixels[:50].max() < 20


def test_sizes() -> None:
    assert at_size(np.zeros((100, 50, 3), np.uint8)).shape == (224, 112, 3)
    assert mask_at(np.array([[True, False]]), 2, 4).tolist() == [[True, True, False, False]] * 2
