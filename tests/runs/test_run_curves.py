"""Series out of metrics: every kind of line, and lines that hold nonsense."""

from typing import Any

from xmodal.runs.curves import curves_of

LINES: list[dict[str, Any]] = [
    {"step": 1, "epoch": 0, "stage": "few", "loss": 3.0, "sampled_margin": 1.0, "semi_hard": 2.0, "rate": 0.1},
    {"step": 10, "epoch": 0, "stage": "few", "loss": 2.0, "sampled_margin": 0.5, "semi_hard": 1.5, "waiting": 0.0},
    {"step": 20, "epoch": 1, "stage": "few", "loss": float("nan"), "sampled_margin": 0.2},
    {"step": 20, "epoch": 1, "validation": {"recall_at_10": 0.25, "auc_seen": None}},
    {
        "step": 40,
        "epoch": 2,
        "validation": {"recall_at_10": 0.5},
        "concepts": {"count": 3, "units": 64, "top": [{"unit": 5, "name": "dog", "object": "dog", "value": 0.9}]},
    },
]


def test_losses_validation_and_concepts() -> None:
    found = curves_of(LINES)
    assert set(found.losses) == {"loss", "sampled_margin", "semi_hard"}
    assert found.losses["loss"].at.tolist() == [1, 10]
    assert found.losses["sampled_margin"].values.tolist() == [1.0, 0.5, 0.2]
    assert {name: each.values.tolist() for name, each in found.validation.items()} == {"recall_at_10": [0.25, 0.5]}
    assert (found.concepts.at.tolist(), found.concepts.values.tolist(), found.units) == ([2], [3], 64)
    assert found.top[2][0].name == "dog"
    rows = list(found.rows())
    assert {"kind": "concepts", "name": "count", "unit": "epoch", "at": 2.0, "value": 3.0} in rows
    assert len(rows) == 2 + 3 + 2 + 2 + 1


def test_a_step_that_was_logged_twice_counts_once_and_order_does_not_matter() -> None:
    lines = [{"step": 10, "loss": 1.0}, {"step": 1, "loss": 5.0}, {"step": 10, "loss": 2.0}]
    found = curves_of(lines).losses["loss"]
    assert (found.at.tolist(), found.values.tolist()) == ([1, 10], [5.0, 2.0])


def test_nothing_logged_is_no_error() -> None:
    found = curves_of([{"step": True, "loss": 1.0}, {"note": "x"}])
    assert not list(found.rows())
