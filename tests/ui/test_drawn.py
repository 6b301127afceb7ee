"""Drawings and placed words become pictures; nothing else that a browser could send does."""

from typing import Any

import numpy as np
import pytest

from xmodal.errors import InputError
from xmodal.ui.retrieval.drawn import PICTURE_PX, picture_of


def stroke(*points: tuple[float, float], **more: Any) -> dict[str, Any]:
    return {"width": 0.02, "erases": False, "points": [list(point) for point in points], **more}


def word(name: str, x: float, y: float, size: float = 0.09) -> dict[str, Any]:
    return {"name": name, "x": x, "y": y, "size": size}


def picture(mode: str, *things: dict[str, Any]) -> np.ndarray:
    found = picture_of({"mode": mode, "things": list(things)})
    assert found is not None
    assert found.shape == (PICTURE_PX, PICTURE_PX, 3)
    return found[..., 0]


def ink(part: np.ndarray) -> int:
    return int((part < 128).sum())


def test_a_line_is_where_it_was_drawn_and_as_wide() -> None:
    found = picture("draw", stroke((0.25, 0.5), (0.75, 0.5)))
    rows, cols = np.nonzero(found < 128)
    assert rows.mean() == pytest.approx(PICTURE_PX / 2, abs=1)
    assert cols.min() == pytest.approx(0.25 * PICTURE_PX, abs=5)
    assert cols.max() == pytest.approx(0.75 * PICTURE_PX, abs=5)
    assert np.ptp(rows) + 1 == pytest.approx(0.02 * PICTURE_PX, abs=2)


def test_the_eraser_takes_away_and_a_dot_is_seen() -> None:
    line, rubber = stroke((0.1, 0.5), (0.9, 0.5)), stroke((0.5, 0.0), (0.5, 1.0), width=0.1, erases=True)
    erased = picture("draw", line, rubber)
    middle = slice(round(0.46 * PICTURE_PX), round(0.54 * PICTURE_PX))
    assert ink(erased[:, middle]) == 0
    assert 0 < ink(erased) < ink(picture("draw", line))
    assert ink(picture("draw", stroke((0.5, 0.5)))) > 10


def test_words_are_written_where_they_were_placed() -> None:
    found = picture("layout", word("dog", 0.25, 0.25), word("boat", 0.75, 0.75))
    half = PICTURE_PX // 2
    assert min(ink(found[:half, :half]), ink(found[half:, half:])) > 50
    assert ink(found[:half, half:]) == ink(found[half:, :half]) == 0
    assert ink(picture("layout", word("dog", 0.5, 0.5, 0.18))) > 2 * ink(picture("layout", word("dog", 0.5, 0.5)))


@pytest.mark.parametrize("mode", ["draw", "layout"])
def test_an_empty_paper_is_no_query(mode: str) -> None:
    assert picture_of({"mode": mode, "things": []}) is None


@pytest.mark.parametrize(
    "content",
    [
        None,
        "M 0 0",
        {"mode": "paint", "things": []},
        {"mode": "draw", "things": [stroke()]},
        {"mode": "draw", "things": [stroke((0.5, 1.5))]},
        {"mode": "draw", "things": [stroke((0.5, float("nan")))]},
        {"mode": "draw", "things": [stroke((0.5, 0.5), width=9.0)]},
        {"mode": "draw", "things": [stroke((0.5, 0.5), path="../x")]},
        {"mode": "draw", "things": [stroke((0.5, 0.5))] * 401},
        {"mode": "draw", "things": [stroke(*[(0.5, 0.5)] * 401)]},
        {"mode": "layout", "things": [word("", 0.5, 0.5)]},
        {"mode": "layout", "things": [word("x" * 41, 0.5, 0.5)]},
        {"mode": "layout", "things": [word("dog", 0.5, 0.5)] * 41},
        {"mode": "layout", "things": [word("dog", 0.5, 0.5, 1e9)]},
    ],
)
def test_what_no_canvas_tells_is_refused(content: object) -> None:
    with pytest.raises(InputError, match="the drawing cannot be used"):
        picture_of(content)
