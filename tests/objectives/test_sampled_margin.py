"""Eq. 9-11 on matrices worked by hand."""

import pytest
import torch

from xmodal.objectives.sampled_margin import sample_impostors, sampled_margin

SIMILARITIES = torch.tensor([[3.0, 1.0, 2.5], [0.0, 2.0, 4.0], [1.0, 1.5, 5.0]])


def test_a_batch_worked_by_hand() -> None:
    captions, images = torch.tensor([2, 2, 0]), torch.tensor([1, 2, 1])
    # captions: 2.5-3+1 = 0.5; 4-2+1 = 3; 1-5+1 < 0. images: 0-3+1 < 0; 1.5-2+1 = 0.5; 4-5+1 = 0
    total = sampled_margin(SIMILARITIES, (captions, images), margin=1.0, reduction="sum")
    assert float(total) == pytest.approx(4.0)
    assert float(sampled_margin(SIMILARITIES, (captions, images), margin=1.0)) == pytest.approx(4.0 / 3)


def test_impostors_are_uniform_and_never_the_own_pair() -> None:
    generator = torch.Generator().manual_seed(0)
    counts = torch.zeros(2, 5, 5)
    for _ in range(500):
        for side, chosen in enumerate(sample_impostors(5, generator=generator)):
            counts[side, torch.arange(5), chosen] += 1
    assert float(counts.diagonal(dim1=1, dim2=2).sum()) == 0.0
    others = counts[:, ~torch.eye(5, dtype=torch.bool)]
    assert float((others - 125).abs().max()) < 50  # five standard deviations


def test_impostor_captions_and_images_are_drawn_apart() -> None:
    captions, images = sample_impostors(50, generator=torch.Generator().manual_seed(1))
    assert not torch.equal(captions, images)


def test_a_batch_of_one_has_no_impostors() -> None:
    with pytest.raises(ValueError, match="at least two pairs"):
        sample_impostors(1, generator=torch.Generator())
