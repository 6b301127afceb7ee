import numpy as np
import pytest

from xmodal.data.decode import MediaError
from xmodal.data.polygons import Shape, label_map, mask


def test_rectangle_covers_its_pixels() -> None:
    drawn = mask([[2, 1, 7, 1, 7, 4, 2, 4]], rows=6, cols=10)
    expected = np.zeros((6, 10), bool)
    expected[1:4, 2:7] = True
    assert (drawn == expected).all()
    assert not mask([[20, 20, 30, 20, 30, 30]], rows=6, cols=10).any()


def test_run_lengths_go_down_the_columns() -> None:
    drawn = mask({"counts": [4, 3, 5], "size": [4, 3]}, rows=4, cols=3)
    assert drawn.astype(int).tolist() == [[0, 1, 0], [0, 1, 0], [0, 1, 0], [0, 0, 0]]


def test_compressed_run_lengths() -> None:
    """[4, 3, 5]: one sign each, 48 + count; [4, 3, 5, 2, 4]: from the third count on, differences to two before."""
    assert (
        mask({"counts": "435", "size": [4, 3]}, rows=4, cols=3)
        == mask({"counts": [4, 3, 5], "size": [4, 3]}, rows=4, cols=3)
    ).all()
    # 5 stays 5 (index 2), 2 - 3 = -1 -> bits 11111 -> 'O', 4 - 5 = -1 -> 'O'
    assert (
        mask({"counts": "435OO", "size": [6, 3]}, rows=6, cols=3)
        == mask({"counts": [4, 3, 5, 2, 4], "size": [6, 3]}, rows=6, cols=3)
    ).all()


def test_small_things_stay_visible_on_large_ones() -> None:
    shapes = [Shape("bird", 2, [[4, 4, 6, 4, 6, 6, 4, 6]]), Shape("house", 1, [[0, 0, 10, 0, 10, 10, 0, 10]])]
    found = label_map(shapes, rows=10, cols=10)
    assert found.labels[5, 5] == 2
    assert found.instances[5, 5] == 1
    assert found.labels[1, 1] == 1
    assert found.instance_names == ("bird", "house")
    assert found.names == {1: "house", 2: "bird"}


@pytest.mark.parametrize(
    "segmentation",
    [
        "x",
        [[1, 2, 3]],
        [[1, 2]],
        [["a", "b", "c", "d", "e", "f"]],
        [[float("nan")] * 6],
        {"counts": [1, 2], "size": [4, 3]},
        {"counts": [12], "size": [3, 4]},
        {"counts": [-1, 13], "size": [4, 3]},
        {"counts": None, "size": [4, 3]},
    ],
)
def test_damage_is_one_line(segmentation: object) -> None:
    with pytest.raises(MediaError):
        mask(segmentation, rows=4, cols=3)


def test_size_is_limited() -> None:
    with pytest.raises(MediaError, match="pixels"):
        label_map([], rows=100_000, cols=100_000)
