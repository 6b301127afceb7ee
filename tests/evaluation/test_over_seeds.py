"""Means and intervals over seeds, worked by hand."""

import pytest

from xmodal.evaluation.over_seeds import over_seeds, repeated


def test_three_runs_by_hand() -> None:
    found = repeated([0.4, 0.5, 0.6])
    assert found.mean == pytest.approx(0.5)
    assert found.half_width == pytest.approx(4.302653 * 0.1 / 3**0.5, rel=1e-6)
    assert found.interval == pytest.approx((0.5 - 0.248414, 0.5 + 0.248414), abs=1e-5)
    assert found.as_dict()["runs"] == 3


def test_one_run_has_no_interval() -> None:
    assert repeated([0.4]).as_dict() == {"mean": 0.4, "low": None, "high": None, "runs": 1}
    with pytest.raises(ValueError, match="at least one run"):
        repeated([])


def test_only_what_all_runs_have_is_averaged() -> None:
    first = {"speech_to_image": {"recall_at_10": 0.2, "queries": 5.0}, "image_to_speech": {"recall_at_10": 0.1}}
    second = {"speech_to_image": {"recall_at_10": 0.4}}
    found = over_seeds([first, second])
    assert list(found) == ["speech_to_image"]
    assert list(found["speech_to_image"]) == ["recall_at_10"]
    assert found["speech_to_image"]["recall_at_10"].mean == pytest.approx(0.3)
    assert over_seeds([]) == {}
