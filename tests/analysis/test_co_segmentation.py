"""Components of volumes drawn by hand."""

import numpy as np
import pytest
from pydantic import ValidationError

from xmodal.analysis.co_segmentation import Segmentation, Threshold, components
from xmodal.seeding import stream


def volume() -> np.ndarray:
    """4 x 5 cells, 6 frames: a block of 2 x 2 x 2, a line of 3 frames, one lone cell, two cells at a corner."""
    scores = np.zeros((4, 5, 6), np.float32)
    scores[0:2, 0:2, 0:2] = 10.0
    scores[3, 4, 2:5] = 7.0
    scores[3, 0, 5] = 50.0
    scores[0, 3, 3] = scores[1, 4, 4] = 6.0
    return scores


def options(kind: str = "score", value: float = 5.0, **more: int) -> Segmentation:
    return Segmentation.model_validate({"threshold": {"kind": kind, "value": value}, **more})


def test_by_hand() -> None:
    block, line, corner = components(volume(), options())
    assert (block.cells, line.cells, corner.cells) == (8, 3, 2)
    assert (block.mean_score, line.mean_score, corner.mean_score) == (10.0, 7.0, 6.0)
    assert block.image_mask[:2, :2].all()
    assert block.image_mask.sum() == 4
    assert (block.frames, line.frames, corner.frames) == ((0, 2), (2, 5), (3, 5))
    times_s = np.arange(6) * 0.16
    assert line.interval_s(times_s, 0.16) == pytest.approx((0.24, 0.72))
    assert block.interval_s(times_s, 0.16) == pytest.approx((0.0, 0.24))


def test_the_smallest_size_and_the_neighbours() -> None:
    everything = components(volume(), options(smallest_cells=1))
    assert [part.cells for part in everything] == [1, 8, 3, 2], "by the sum of what is above the cut"
    assert [part.cells for part in components(volume(), options(smallest_cells=1, connectivity=6))] == [1, 8, 3, 1, 1]
    assert [part.cells for part in components(volume(), options(smallest_cells=3))] == [8, 3]


def test_thresholds() -> None:
    scores = volume()
    assert [part.cells for part in components(scores, options(value=6.5))] == [8, 3]
    inside = int((scores > 0).sum())
    percent = 100 * (1 - inside / scores.size) - 0.5
    found = components(scores, options("percentile", percent, smallest_cells=1))
    assert sum(part.cells for part in found) == inside
    assert components(scores, options("percentile", 100.0, smallest_cells=1)) == ()
    assert components(scores, options("percentile", 0.0), cut=60.0) == ()
    assert components(np.full((2, 2, 3), 1.0), options("percentile", 50.0)) == ()
    for wrong in ({"kind": "percentile", "value": 101}, {"kind": "score", "value": float("nan")}):
        with pytest.raises(ValidationError):
            Threshold.model_validate(wrong)


@pytest.mark.parametrize("connectivity", [6, 26])
def test_against_flooding(connectivity: int) -> None:
    """Cells of random volumes, flooded one by one."""
    scores = stream(3, "volume").random((5, 6, 7))
    inside = {tuple(cell) for cell in np.argwhere(scores > 0.7).tolist()}
    near = 1 if connectivity == 6 else 3
    parts = []
    while inside:
        part, edge = set(), [inside.pop()]
        while edge:
            cell = edge.pop()
            part.add(cell)
            joined = {
                other for other in inside
                if max(abs(np.subtract(cell, other))) == 1 and sum(abs(np.subtract(cell, other))) <= near
            }  # fmt: skip
            inside -= joined
            edge.extend(joined)
        parts.append(part)
    found = components(scores, options(value=0.7, smallest_cells=1, connectivity=connectivity))
    assert sorted(part.cells for part in found) == sorted(map(len, parts))
    assert all(part.frame_mask.sum() == part.frames[1] - part.frames[0] for part in found)
