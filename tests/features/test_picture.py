"""Pictures are resized and cut as torchvision does it, at any size, and randomly only by the generator given."""

from pathlib import Path

import numpy as np
import pytest
import torch
from jaxtyping import UInt8
from PIL import Image
from pydantic import ValidationError
from torchvision import transforms

from xmodal.features.picture import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    RELEASED,
    WHOLE,
    Picture,
    batch,
    normalised,
    prepared,
    randomly_prepared,
)
from xmodal.seeding import stream

SIZES = ((256, 256), (300, 451), (1001, 640), (97, 64), (224, 3000), (31, 32))


def photo(rows: int, cols: int, *, seed: int = 0) -> UInt8[np.ndarray, "rows cols 3"]:
    """Smooth colours with fine noise."""
    generator = np.random.default_rng(seed)
    down, across = np.linspace(0, 200, rows)[:, None, None], np.linspace(0, 40, cols)[None, :, None]
    return (down + across + generator.integers(0, 16, (rows, cols, 3))).astype(np.uint8)


def places(rows: int, cols: int) -> UInt8[np.ndarray, "rows cols 3"]:
    """Red is the column and green is the row, as a share of 250."""
    found = np.zeros((rows, cols, 3), np.uint8)
    found[..., 0] = np.round(np.linspace(0, 250, cols))[None, :]
    found[..., 1] = np.round(np.linspace(0, 250, rows))[:, None]
    return found


def by_torchvision(picture: UInt8[np.ndarray, "rows cols 3"], options: Picture) -> UInt8[np.ndarray, "_ _ 3"]:
    resize = transforms.Resize(options.shorter_side_px)
    if options.crop_px is None:
        return np.array(resize(Image.fromarray(picture)))
    return np.array(transforms.CenterCrop(options.crop_px)(resize(Image.fromarray(picture))))


@pytest.mark.parametrize(("rows", "cols"), SIZES)
@pytest.mark.parametrize("options", [Picture(), WHOLE, Picture(shorter_side_px=64, crop_px=49)])
def test_it_is_what_torchvision_does(rows: int, cols: int, options: Picture) -> None:
    whole = options.model_copy(update={"longest_side_px": 10_000})
    assert np.array_equal(prepared(photo(rows, cols), whole), by_torchvision(photo(rows, cols), whole))


def test_a_real_photograph_is_as_torchvision_has_it(realdata: Path) -> None:
    for path in sorted((realdata / "imagenet_samples").glob("*.JPEG"))[:4]:
        with Image.open(path) as opened:
            picture = np.array(opened.convert("RGB"))
        assert np.array_equal(prepared(picture), by_torchvision(picture, Picture()))


@pytest.mark.parametrize(("rows", "cols"), [(1, 1), (1, 10_000), (10_000, 1), (2, 5000), (30, 3000)])
@pytest.mark.parametrize("options", [Picture(), RELEASED, WHOLE])
def test_any_size_becomes_one_that_a_network_can_take(rows: int, cols: int, options: Picture) -> None:
    picture = np.full((rows, cols, 3), (10, 130, 250), np.uint8)
    for found in (prepared(picture, options), randomly_prepared(picture, options, stream(1, "cut"))):
        if options.crop_px is None:
            assert min(found.shape[:2]) == 256
            assert max(found.shape[:2]) <= 2048
        else:
            assert found.shape == (224, 224, 3)
        assert (found == (10, 130, 250)).all()


def test_thirty_megapixels_are_one_picture_more() -> None:
    found = prepared(np.broadcast_to(np.array([10, 130, 250], np.uint8), (5000, 6000, 3)))
    assert found.shape == (224, 224, 3)
    assert (found == (10, 130, 250)).all()


def test_a_whole_picture_keeps_its_proportions_up_to_its_longest_side() -> None:
    assert prepared(photo(300, 450), WHOLE).shape == (256, 384, 3)
    long = prepared(places(10, 1000), WHOLE)
    assert long.shape == (256, 2048, 3)
    assert long[0, 0, 0] > 110
    assert long[0, -1, 0] < 140


def test_random_squares_are_anywhere_and_only_by_the_generator() -> None:
    picture, options = places(300, 600), Picture()
    cuts = [randomly_prepared(picture, options, stream(seed, "cut")) for seed in range(60)]
    lefts, tops = np.array([(cut[0, 0, 0], cut[0, 0, 1]) for cut in cuts]).T
    assert (lefts.min(), tops.min()) < (15, 5)
    assert lefts.max() > 135
    assert tops.max() > 25
    widths = np.array([int(cut[0, -1, 0]) - int(cut[0, 0, 0]) for cut in cuts])
    assert widths == pytest.approx(224 / 512 * 250, abs=2)
    assert np.array_equal(cuts[3], randomly_prepared(picture, options, stream(3, "cut")))
    generator = stream(3, "cut")
    first = randomly_prepared(picture, options, generator)
    assert np.array_equal(first, cuts[3])
    assert not np.array_equal(first, randomly_prepared(picture, options, generator))


def test_a_random_square_is_a_part_of_the_resized_picture() -> None:
    picture, options = photo(400, 500), Picture(shorter_side_px=64, crop_px=49)
    whole = by_torchvision(picture, options.model_copy(update={"crop_px": None}))
    squares = np.lib.stride_tricks.sliding_window_view(whole, (49, 49, 3))[:, :, 0]
    assert squares.shape[:2] == (16, 32)
    for seed in range(9):
        found = randomly_prepared(picture, options, stream(seed, "cut"))
        assert (squares == found).all(axis=(2, 3, 4)).sum() == 1


def test_random_areas_have_the_sizes_and_shapes_of_the_released_code() -> None:
    picture = places(400, 400)
    shares, shapes = [], []
    for seed in range(150):
        cut = randomly_prepared(picture, RELEASED, stream(seed, "cut")).astype(float)
        width, height = cut[0, -1, 0] - cut[0, 0, 0], cut[-1, 0, 1] - cut[0, 0, 1]
        shares.append(width * height / 250.0**2)
        shapes.append(width / height)
    assert 0.07 < min(shares) < 0.2
    assert max(shares) > 0.8
    assert np.mean(shares) == pytest.approx(0.5, abs=0.08)
    assert 0.7 < min(shapes) < 0.85
    assert 1.2 < max(shapes) < 1.4


def test_normalised_is_imagenet_s_and_channels_last() -> None:
    pictures = batch([photo(8, 6), photo(8, 6, seed=1)])
    found = normalised(pictures)
    expected = transforms.Normalize(IMAGENET_MEAN, IMAGENET_STD)(pictures.permute(0, 3, 1, 2) / 255.0)
    assert found.dtype == torch.float32
    assert found.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5, check_stride=False)
    own = normalised(pictures, Picture(mean=(0.0, 0.0, 0.0), std=(1.0, 0.5, 0.25)))
    torch.testing.assert_close(own[:, 2], pictures[..., 2] / 255.0 * 4.0)


def test_its_input_is_left_as_it_was() -> None:
    picture = photo(300, 280)
    before = picture.copy()
    found = prepared(picture)
    found[:] = 0
    randomly_prepared(picture, RELEASED, stream(0, "cut"))
    normalised(batch([picture]))
    assert np.array_equal(picture, before)
    assert np.array_equal(prepared(before[:, ::-1])[:, ::-1], prepared(before))


def test_a_batch_of_several_sizes_is_refused() -> None:
    with pytest.raises(ValueError, match="one size, got 4 x 5, 6 x 5"):
        batch([photo(6, 5), photo(4, 5)])
    with pytest.raises(ValueError, match="got none"):
        batch([])
    with pytest.raises(ValueError, match="without pixels"):
        prepared(np.zeros((0, 5, 3), np.uint8))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"crop_px": 300}, "does not fit"), ({"std": (1, 0, 1)}, "over 0"), ({"longest_side_px": 9}, "under the shorter")],
)
def test_options_that_make_no_sense_are_refused(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Picture.model_validate(wrong)


def test_options_survive_json() -> None:
    for options in (Picture(), WHOLE, RELEASED):
        assert Picture.model_validate_json(options.model_dump_json()) == options
