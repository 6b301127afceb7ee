"""What Python draws for films is what the player draws, and segments are heard alone."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visitor
from xmodal.figures.heat import heat_table
from xmodal.figures.matchmap_look import Look, colour_table, grid_at, grid_over, painted, percentiles
from xmodal.figures.score_map import ScoreMap, score_map
from xmodal.seeding import stream
from xmodal.ui.components.assets import FOLDER

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
DRAW = """({ map, look, heat, moment, stretch, stepwise }) => {
    map.levels = Uint8Array.from(map.levels);
    map.percentiles = percentiles(map);
    map.stepwise = stepwise;
    const threshold = look.unit === "score" ? levelOf(map, look.score) : map.percentiles[look.percentile];
    const top = (map.percentiles[99] + map.percentiles[100]) / 2;
    const table = colourTable({ ...look, heat: Uint8Array.from(heat) }, threshold, top);
    const grid = new Float32Array(map.rows * map.cols);
    if (stretch) gridOver(map, stretch, grid); else gridAt(map, moment, grid);
    const enlarger = new Enlarger(map.rows, map.cols);
    enlarger.paint(grid, table, { putImageData() {} });
    return {
        percentiles: Array.from(map.percentiles), table: Array.from(new Uint8Array(table.buffer)),
        size: [enlarger.height, enlarger.width], pixels: Array.from(enlarger.image.data),
    };
}"""
"""The player's own functions on one map; `putImageData` is not asked, as it would round premultiplied colours."""


@pytest.fixture(scope="module")
def canvas(chromium: Browser) -> Page:
    """A page that holds the player's drawing."""
    page = chromium.new_context().new_page()
    scripts = "\n".join((FOLDER / "matchmap" / name).read_text(encoding="utf-8") for name in ("scores.js", "looks.js"))
    names = "percentiles, levelOf, colourTable, gridAt, gridOver, Enlarger"
    page.evaluate(f"() => {{ {scripts}\nObject.assign(window, {{ {names} }}); }}")
    return page


def facts(shown: ScoreMap) -> dict[str, Any]:
    frames, rows, cols = shown.levels.shape
    return {
        "levels": shown.levels.ravel().tolist(), "frames": frames, "rows": rows, "cols": cols,
        "low": shown.low, "high": shown.high, "first": shown.first_s, "step": shown.step_s,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "look", "asked"),
    [
        ((9, 14, 14), Look(), {"moment": 0.7}),
        ((9, 7, 7), Look(mode="heat", percentile=60.0, opacity=0.55), {"moment": 1.234}),
        ((5, 6, 11), Look(mode="heat", unit="score", score=12.5, opacity=1.0), {"stretch": (0.3, 0.95)}),
        ((4, 5, 3), Look(unit="score", score=-400.0, opacity=0.35), {"moment": 0.55, "stepwise": True}),
    ],
)
def test_python_and_browser_draw_the_same_bytes(
    canvas: Page, shape: tuple[int, int, int], look: Look, asked: dict[str, Any]
) -> None:
    scores = stream(sum(shape), "scores").normal(0.0, 40.0, shape)
    shown = score_map("Matchmap", scores, first_s=0.1, step_s=0.2)
    given = {"map": facts(shown), "look": json.loads(look.model_dump_json()), "heat": list(heat_table())}
    drawn = canvas.evaluate(DRAW, given | {"stretch": None, "moment": 0.0, "stepwise": False} | asked)
    assert drawn["percentiles"] == percentiles(shown.levels).tolist()
    table = colour_table(shown, look)
    assert np.array_equal(np.array(drawn["table"]).reshape(-1, 4), table)
    if "stretch" in asked:
        grid = grid_over(shown, asked["stretch"])
    else:
        grid = grid_at(shown, asked["moment"], stepwise="stepwise" in asked)
    ours = painted(grid, table)
    assert list(ours.shape[:2]) == drawn["size"]
    assert np.array_equal(np.array(drawn["pixels"], np.uint8).reshape(ours.shape), ours)


def test_a_segment_is_heard_alone_by_click_and_by_letter(trained: str, visit: Callable[..., Visitor]) -> None:
    visitor = visit(width=390)
    page = visitor.open(f"{trained}/matchmap?run=matchmaps-tiny-1&item=tiny/003&view=Segments&cut_percent=80.0")
    view = page.locator(".segments")
    expect(view).to_have_attribute("data-state", "ready", timeout=60_000)
    rows = view.locator(".rows button")
    count = rows.count()
    assert count == view.locator(".region").count() == view.locator(".band").count() > 0
    rows.first.click()
    expect(rows.first).to_have_class("on playing")
    expect(view).to_have_class("xm segments one")
    expect(rows.first).not_to_have_class("on playing", timeout=15_000)  # it stops by itself where the segment ends
    last = chr(ord("A") + count - 1)
    page.keyboard.press(last.lower())
    expect(rows.nth(count - 1)).to_have_class("on playing")
    assert "cut_percent=80" in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
