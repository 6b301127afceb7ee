"""Steps that are foretold are the steps that are counted one by one."""

import numpy as np
import pytest

from tests.recipes.shrunk import shrunk
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.planned import padded_lengths, plan_of, spread
from xmodal.recipes.probed import VALIDATION, Probed
from xmodal.recipes.step_cost import BatchShape, similarity_flop, step_cost
from xmodal.similarity.matchmap import Aggregation

COSINE = MATCHMAPS["matchmaps-demo-cosine"]


def probes(*lengths: int) -> dict[str, Probed]:
    known = np.array(lengths)
    return {name: Probed(name, 1000, 1.0, known) for name in (*COSINE.data, VALIDATION)}


def test_operations_between_two_lengths() -> None:
    last = plan_of(COSINE, probes(300, 400, 500), bfloat16=False)[-1]
    stage = COSINE.stages[-1]
    assert last.stage == stage
    exact = step_cost(COSINE.model, stage, last.shape)
    assert last.shape.items == 160
    assert last.flop(160) == pytest.approx(exact.branches_flop + similarity_flop(stage, 160, exact.maps), rel=0.03)
    assert last.forward_flop * 160 == pytest.approx(exact.forward_flop, rel=0.03)
    assert last.steps == last.stage.epochs * (1000 // 160)
    assert exact.branches_flop / exact.forward_flop == pytest.approx(3, rel=0.1)


def test_what_a_step_keeps() -> None:
    stage = COSINE.stages[-1]
    one, two, half = (
        step_cost(COSINE.model, stage, shape)
        for shape in (BatchShape(8, 96, 200), BatchShape(16, 96, 200), BatchShape(8, 96, 200, bfloat16=True))
    )
    assert two.kept_bytes == pytest.approx(2 * one.kept_bytes, rel=0.05)
    assert 0.4 < half.kept_bytes / one.kept_bytes < 0.75
    assert one.weights_bytes >= 4 * one.parameters == one.gradients_bytes
    assert one.optimiser_bytes == pytest.approx(2 * one.gradients_bytes, rel=0.01)  # Adam's two means
    frozen = step_cost(COSINE.model, stage.model_copy(update={"frozen": ("image.",)}), BatchShape(8, 96, 200))
    assert frozen.kept_bytes < 0.6 * one.kept_bytes
    assert frozen.gradients_bytes < one.gradients_bytes
    assert frozen.branches_flop < one.branches_flop


def test_similarities_of_all_places_cost_more() -> None:
    shape = step_cost(COSINE.model, COSINE.stages[-1], BatchShape(8, 96, 200)).maps
    assert (shape.cells, shape.dim) == (36, 128)
    one, all_places = (shape.pairwise_flop(each, 8) for each in (Aggregation.SISA, Aggregation.MISA))
    assert (one, all_places) == (2 * 8 * 8 * 128, 2 * 8 * 8 * 128 * 36 * shape.frames)


def test_lengths_of_captions_that_nobody_saw() -> None:
    many = spread(np.array([300, 400, 500]), 1000, 450)
    assert (len(many), int(many.max())) == (1000, 450)
    assert int(np.median(many)) == 400
    assert spread(np.array([70]), 5, 450).tolist() == [70] * 5
    assert spread(np.array([5, 6, 7, 8]), 3, 6).tolist() == [5, 6, 6]


def test_batches_of_like_lengths_are_padded_less() -> None:
    lengths = np.arange(1, 1001)
    apart, alike = padded_lengths(lengths, 10, 1), padded_lengths(lengths, 10, 100)
    assert apart[1] == alike[1] == 1000
    assert alike[0] == 505  # ten of like lengths: 10, 20, ... 1000
    assert apart[0] > 850


def test_every_network_can_be_planned() -> None:
    kinds = {
        (each.model.image.kind, each.model.caption.kind, each.stages[-1].labels is None): each
        for each in MATCHMAPS.values()
    }
    assert len(kinds) >= 6
    for recipe in map(shrunk, kinds.values()):
        known = {name: Probed(name, 6, 1.0, np.array([9, 12]), seen=frozenset({"dog"})) for name in recipe.data}
        stages = plan_of(recipe, known, bfloat16=False)
        assert [plan.steps for plan in stages] == [2] * len(recipe.stages), recipe.name
        assert all(plan.flop(3) > 0 and plan.most.kept_bytes > 0 for plan in stages), recipe.name
