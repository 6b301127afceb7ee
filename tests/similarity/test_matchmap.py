"""The matchmap and its scores against Eq. 5-8 written as loops."""

import pytest
import torch
from torch import Tensor

from xmodal.similarity.matchmap import Aggregation, aggregate, matchmap


def by_loops(image: Tensor, caption: Tensor, aggregation: Aggregation, frames: int) -> float:
    """Eq. 6-8, as printed, over the first frames."""
    _, rows, cols = image.shape

    def entry(row: int, col: int, frame: int) -> float:
        return float(image[:, row, col] @ caption[:, frame])

    cells = [(row, col) for row in range(rows) for col in range(cols)]
    if aggregation is Aggregation.SISA:
        return sum(entry(*cell, frame) for cell in cells for frame in range(frames)) / (len(cells) * frames)
    if aggregation is Aggregation.MISA:
        return sum(max(entry(*cell, frame) for cell in cells) for frame in range(frames)) / frames
    return sum(max(entry(*cell, frame) for frame in range(frames)) for cell in cells) / len(cells)


def drawn(seed: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return (
        torch.randn(5, 3, 4, dtype=torch.float64, generator=generator),
        torch.randn(5, 6, dtype=torch.float64, generator=generator),
    )


@pytest.mark.parametrize("frames", [1, 4, 6])
@pytest.mark.parametrize("aggregation", Aggregation)
def test_scores_are_those_of_the_paper(aggregation: Aggregation, frames: int) -> None:
    image, caption = drawn(1)
    score = aggregate(matchmap(image, caption), aggregation, frames)
    assert float(score) == pytest.approx(by_loops(image, caption, aggregation, frames), rel=1e-12)


def test_a_map_worked_by_hand() -> None:
    image = torch.tensor([[[1.0, 0.0]], [[0.0, 2.0]]])  # two cells: (1, 0) and (0, 2)
    caption = torch.tensor([[3.0, 0.0, -1.0], [1.0, 0.0, 4.0]])  # three frames: (3, 1), (0, 0), (-1, 4)
    cube = matchmap(image, caption)
    assert cube.tolist() == [[[3.0, 0.0, -1.0], [2.0, 0.0, 8.0]]]
    assert float(aggregate(cube, Aggregation.SISA)) == 2.0
    assert float(aggregate(cube, Aggregation.MISA)) == pytest.approx((3 + 0 + 8) / 3)
    assert float(aggregate(cube, Aggregation.SIMA)) == pytest.approx((3 + 8) / 2)
    assert float(aggregate(cube, Aggregation.SIMA, frames=2)) == pytest.approx((3 + 2) / 2)


@pytest.mark.parametrize("aggregation", Aggregation)
def test_padded_frames_count_for_nothing(aggregation: Aggregation) -> None:
    image, caption = drawn(2)
    padded = torch.cat([caption, torch.full((5, 3), 1e6, dtype=torch.float64)], 1)
    score = aggregate(matchmap(image, padded), aggregation, frames=6)
    assert float(score) == pytest.approx(float(aggregate(matchmap(image, caption), aggregation)), rel=1e-12)


@pytest.mark.parametrize("frames", [0, 7, -1])
def test_frames_outside_the_map_are_refused(frames: int) -> None:
    with pytest.raises(ValueError, match="cannot be scored"):
        aggregate(matchmap(*drawn(3)), Aggregation.SISA, frames)
