"""Eq. 2 and 3 against loops over pairs, and worked by hand."""

import pytest
import torch
from torch import Tensor

from xmodal.objectives.ranking import Ranking, ranking
from xmodal.similarity.cosine import cosines


def by_loops(similarities: Tensor, margin: float) -> float:
    """Eq. 2 as printed, from x to y and from y to x."""
    total, rows = 0.0, similarities.tolist()
    for i in range(len(rows)):
        for j in range(len(rows)):
            if j != i:
                total += max(0.0, margin - rows[i][i] + rows[i][j])
                total += max(0.0, margin - rows[i][i] + rows[j][i])
    return total


def test_a_batch_worked_by_hand() -> None:
    similarities = torch.tensor([[0.9, 0.5, 0.8], [0.1, 0.4, 0.3], [0.6, 0.7, 0.5]])
    # rows: .8 beats .9 - .2 by .1; .1 and .3 against .4 - .2: .1; .6 and .7 against .5 - .2: .3 and .4
    # columns: .1 and .6 against .7: 0; .5 and .7 against .2: .3 and .5; .8 and .3 against .3: .5 and 0
    total = 0.1 + 0.1 + 0.3 + 0.4 + 0.3 + 0.5 + 0.5
    assert float(ranking(similarities, margin=0.2, reduction="sum")) == pytest.approx(total, rel=1e-5)
    assert float(ranking(similarities, margin=0.2)) == pytest.approx(total / 6, rel=1e-5)


@pytest.mark.parametrize("pairs", [2, 7, 20])
@pytest.mark.parametrize("margin", [0.1, 1.0])
def test_it_is_the_double_loop(pairs: int, margin: float) -> None:
    generator = torch.Generator().manual_seed(pairs)
    similarities = cosines(*(torch.randn(pairs, 4, generator=generator) for _ in range(2)))
    expected = by_loops(similarities, margin)
    assert float(ranking(similarities, margin=margin, reduction="sum")) == pytest.approx(expected, rel=1e-5)
    assert float(ranking(similarities.T, margin=margin, reduction="sum")) == pytest.approx(expected, rel=1e-5)


def test_the_mean_does_not_depend_on_the_batch() -> None:
    """The same impostors, twice or five times as many: each hinge is 0.2 - 0.9 + 0.8."""
    for pairs in (2, 4, 10):
        similarities = torch.full((pairs, pairs), 0.8).fill_diagonal_(0.9)
        assert float(ranking(similarities, margin=0.2)) == pytest.approx(2 * 0.1, rel=1e-5)


def test_the_gradient_reaches_own_pairs_and_impostors_within_the_margin() -> None:
    similarities = torch.tensor([[0.9, 0.8], [0.0, 0.5]], requires_grad=True)
    # only 0.8 is within the margin: of the first row's 0.9 and of the second column's 0.5
    (gradient,) = torch.autograd.grad(ranking(similarities, margin=0.2, reduction="sum"), similarities)
    assert gradient.tolist() == [[-1.0, 2.0], [0.0, -1.0]]


def test_nothing_is_lost_where_pairs_stand_clear() -> None:
    assert float(ranking(torch.eye(6), margin=0.9)) == 0.0


def test_reduction_is_a_field() -> None:
    similarities = torch.zeros(3, 3)
    terms = [
        Ranking(margin=0.5, weight=2.0, reduction=reduction).terms(similarities, torch.Generator())["ranking"]
        for reduction in ("mean", "sum")
    ]
    assert [float(each) for each in terms] == pytest.approx([2 * 2 * 0.5, 2 * 12 * 0.5])
