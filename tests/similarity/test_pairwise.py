"""All pairs at once against one pair at a time, in value and in gradient."""

import math

import pytest
import torch
from torch import Tensor

from xmodal.similarity import pairwise as blocked
from xmodal.similarity.matchmap import Aggregation, aggregate, matchmap
from xmodal.similarity.pairwise import pairwise

BEST = (Aggregation.MISA, Aggregation.SIMA)


def drawn(
    images: int, captions: int, *, dim: int = 6, rows: int = 3, frames: int = 7, dtype: torch.dtype = torch.float64
) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(images * 100 + captions)
    cells = torch.randn(images, dim, rows, 4, generator=generator, dtype=torch.float64).to(dtype)
    spoken = torch.randn(captions, dim, frames, generator=generator, dtype=torch.float64).to(dtype)
    lengths = torch.randint(1, frames + 1, (captions,), generator=generator)
    return cells, spoken, lengths


def one_by_one(images: Tensor, captions: Tensor, lengths: Tensor, aggregation: Aggregation) -> Tensor:
    return torch.stack(
        [
            torch.stack(
                [
                    aggregate(matchmap(image, caption), aggregation, int(frames))
                    for caption, frames in zip(captions, lengths, strict=True)
                ]
            )
            for image in images
        ]
    )


def gradients(scores: Tensor, *inputs: Tensor) -> tuple[Tensor, ...]:
    weights = torch.randn(scores.shape, generator=torch.Generator().manual_seed(9), dtype=torch.float64)
    return torch.autograd.grad((scores * weights.to(scores.dtype)).sum(), inputs)


def small_blocks(monkeypatch: pytest.MonkeyPatch, *, stored: bool) -> None:
    """Blocks of one or two items, tiles of one item and five queries: every edge is met at small sizes."""
    monkeypatch.setattr(blocked, "BLOCK_ITEMS", 2)
    monkeypatch.setattr(blocked, "BLOCK_MATCHES", 28)
    monkeypatch.setattr(blocked, "TILE_ROWS", 13)
    monkeypatch.setattr(blocked, "TILE_ENTRIES", 64)
    if not stored:
        monkeypatch.setattr(blocked, "STORED_BYTES", 0)


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize("aggregation", Aggregation)
def test_equals_one_pair_at_a_time(
    aggregation: Aggregation, small: bool, stored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if small:
        small_blocks(monkeypatch, stored=stored)
    images, captions, lengths = drawn(5, 7)
    images.requires_grad_(True)
    captions.requires_grad_(True)
    scores = pairwise(images, captions, lengths, aggregation)
    expected = one_by_one(images, captions, lengths, aggregation)
    assert torch.allclose(scores, expected, rtol=1e-12, atol=1e-14)
    for got, wanted in zip(gradients(scores, images, captions), gradients(expected, images, captions), strict=True):
        assert torch.allclose(got, wanted, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("aggregation", Aggregation)
def test_gradients_in_single_precision(aggregation: Aggregation) -> None:
    images, captions, lengths = drawn(16, 12, dim=64, rows=7, frames=40, dtype=torch.float32)
    images.requires_grad_(True)
    captions.requires_grad_(True)
    got = gradients(pairwise(images, captions, lengths, aggregation), images, captions)
    cube = torch.einsum("idrc,jdt->ijrct", images, captions).flatten(2, 3)
    present = torch.arange(40) < lengths[:, None]
    match aggregation:
        case Aggregation.SISA:
            naive = (cube.mean(2) * present).sum(2) / lengths
        case Aggregation.MISA:
            naive = (cube.amax(2) * present).sum(2) / lengths
        case Aggregation.SIMA:
            naive = cube.masked_fill(~present[:, None], -math.inf).amax(3).mean(2)
    for mine, wanted in zip(got, gradients(naive, images, captions), strict=True):
        assert float((mine - wanted).norm() / wanted.norm()) < 1e-5


@pytest.mark.parametrize("aggregation", Aggregation)
def test_gradcheck(aggregation: Aggregation) -> None:
    images, captions, lengths = drawn(2, 3, dim=3, rows=1, frames=3)

    def scores(cells: Tensor, spoken: Tensor) -> Tensor:
        return pairwise(cells, spoken, lengths, aggregation)

    assert torch.autograd.gradcheck(scores, (images.requires_grad_(True), captions.requires_grad_(True)), eps=1e-7)


@pytest.mark.parametrize("aggregation", Aggregation)
def test_one_sided_gradients(aggregation: Aggregation) -> None:
    images, captions, lengths = drawn(3, 4)
    both = images.clone().requires_grad_(True), captions.clone().requires_grad_(True)
    expected = gradients(pairwise(both[0], both[1], lengths, aggregation), *both)
    (of_images,) = gradients(pairwise(both[0], captions, lengths, aggregation), both[0])
    (of_captions,) = gradients(pairwise(images, both[1], lengths, aggregation), both[1])
    assert torch.equal(of_images, expected[0])
    assert torch.equal(of_captions, expected[1])
    assert not pairwise(images, captions, lengths, aggregation).requires_grad


@pytest.mark.parametrize("aggregation", BEST)
def test_the_first_of_equal_places_takes_the_gradient(aggregation: Aggregation) -> None:
    images = torch.ones(1, 2, 2, 2, requires_grad=True)
    captions = torch.ones(1, 2, 3, requires_grad=True)
    lengths = torch.tensor([2])
    of_images, of_captions = torch.autograd.grad(pairwise(images, captions, lengths, aggregation), (images, captions))
    first_cell = [[1.0, 0.0], [0.0, 0.0]] if aggregation is Aggregation.MISA else [[0.25, 0.25], [0.25, 0.25]]
    first_frame = [0.5, 0.5, 0.0] if aggregation is Aggregation.MISA else [1.0, 0.0, 0.0]
    assert of_images[0].tolist() == [first_cell] * 2
    assert of_captions[0].tolist() == [first_frame] * 2


@pytest.mark.parametrize("aggregation", Aggregation)
def test_padded_frames_change_nothing(aggregation: Aggregation) -> None:
    images, captions, lengths = drawn(4, 5)
    captions.requires_grad_(True)
    beyond = torch.arange(captions.shape[2]) >= lengths[:, None]
    loud = torch.where(beyond[:, None], 1e6, captions)
    scores = pairwise(images, loud, lengths, aggregation)
    assert torch.allclose(scores, pairwise(images, captions, lengths, aggregation))
    (gradient,) = gradients(pairwise(images, captions, lengths, aggregation), captions)
    assert float(gradient.abs().transpose(1, 2)[beyond].sum()) == 0.0


@pytest.mark.parametrize("aggregation", Aggregation)
def test_under_bfloat16_autocast(aggregation: Aggregation) -> None:
    images, captions, lengths = drawn(4, 3, dim=32, dtype=torch.bfloat16)
    images.requires_grad_(True)
    captions.requires_grad_(True)
    with torch.autocast("cpu", torch.bfloat16):
        scores = pairwise(images, captions, lengths, aggregation)
        got = gradients(scores, images, captions)
    exact = one_by_one(images.float(), captions.float(), lengths, aggregation)
    assert scores.dtype == torch.float32
    assert float((scores - exact).detach().abs().max()) < 0.01 * float(exact.detach().abs().max())
    assert [part.dtype for part in got] == [torch.bfloat16] * 2
    assert all(bool(torch.isfinite(part).all()) for part in got)


def test_autocast_leaves_single_precision_alone() -> None:
    images, captions, lengths = drawn(4, 3, dim=32, dtype=torch.float32)
    plain = pairwise(images, captions, lengths, Aggregation.MISA)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(pairwise(images, captions, lengths, Aggregation.MISA), plain)


@pytest.mark.parametrize("aggregation", BEST)
def test_channels_last_pictures(aggregation: Aggregation) -> None:
    images, captions, lengths = drawn(4, 3)
    last = images.contiguous(memory_format=torch.channels_last)
    scores = pairwise(last, captions, lengths, aggregation)
    assert torch.allclose(scores, pairwise(images, captions, lengths, aggregation))


@pytest.mark.parametrize("frames", [255, 256, 40_000])
def test_more_places_than_small_integers_count(frames: int) -> None:
    captions = torch.zeros(1, 1, frames)
    captions[0, 0, -1] = 1.0
    images = torch.ones(1, 1, 1, 1, requires_grad=True)
    captions.requires_grad_(True)
    score = pairwise(images, captions, torch.tensor([frames]), Aggregation.SIMA)
    (gradient,) = torch.autograd.grad(score, captions)
    assert score.tolist() == [[1.0]]
    assert gradient[0, 0].nonzero().tolist() == [[frames - 1]]


@pytest.mark.parametrize("length", [0, 8, -1])
def test_lengths_outside_the_captions_are_refused(length: int) -> None:
    images, captions, lengths = drawn(2, 3)
    lengths[1] = length
    with pytest.raises(ValueError, match=r"1\.\.7 frames"):
        pairwise(images, captions, lengths, Aggregation.SISA)
