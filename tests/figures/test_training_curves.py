"""Curves on screen and for print: what is drawn is what was logged."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from xmodal.evaluation.data_amount import AmountLine
from xmodal.evaluation.over_seeds import repeated
from xmodal.figures.printed_curves import write_figure
from xmodal.figures.training_curves import Curve, amounts, curves
from xmodal.runs.curves import Series, curves_of

SERIES = Series(np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.3, 0.2]))
LINES = [
    {"step": 10, "epoch": 0, "loss": 3.0, "sampled_margin": 1.0, "semi_hard": 2.0},
    {"step": 20, "epoch": 1, "loss": 2.0, "sampled_margin": 0.6, "semi_hard": 1.4},
    {"step": 20, "epoch": 1, "validation": {"recall_at_10": 0.3}, "concepts": {"count": 2, "units": 8, "top": []}},
]


def test_curves_hold_every_point() -> None:
    figure: Any = curves([Curve("a <run>", SERIES, "#123456", "dash", "star")], across="Epoch", up="R@10", share=True)
    [line] = figure.data
    assert list(line.y) == SERIES.values.tolist()
    assert line.name == "a &lt;run>"
    assert line.line.dash == "dash"
    assert figure.layout.xaxis.dtick == 1
    assert tuple(figure.layout.yaxis.range) == (0.0, 1.02)


def test_amounts_have_intervals_where_there_are_seeds() -> None:
    line = AmountLine("random", (0.1, 1.0), (repeated([0.1]), repeated([0.4, 0.5, 0.6])))
    figure: Any = amounts([line], ["#123456"], chance=0.01)
    [drawn] = figure.data
    assert list(drawn.x) == [10.0, 100.0]
    assert drawn.error_y.array[0] == 0.0
    assert drawn.error_y.array[1] == pytest.approx(0.2484, abs=1e-4)
    assert "one seed" in drawn.customdata[0]
    assert set(figure.layout.xaxis.ticktext) == {"10", "20", "50", "100"}


@pytest.mark.parametrize("suffix", [".png", ".pdf"])
def test_print_has_a_panel_for_all_that_was_logged(tmp_path: Path, suffix: str) -> None:
    whole, short = tmp_path / f"whole{suffix}", tmp_path / f"short{suffix}"
    write_figure({"a": curves_of(LINES), "b": curves_of(LINES[:2])}, whole, smoothing=0.5)
    write_figure({"b": curves_of(LINES[:2])}, short)
    if suffix == ".pdf":
        assert whole.read_bytes().startswith(b"%PDF")
        return
    with Image.open(whole) as large, Image.open(short) as small:
        assert large.width == 3 * small.width
        assert large.height == small.height


def test_nothing_logged_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="logged nothing"):
        write_figure({"a": curves_of([])}, tmp_path / "x.pdf")
