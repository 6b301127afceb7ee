"""`evaluate --table matchmaps.4`: what spoken words name, found in pictures."""

import pytest

from tests.cli.running import Commands
from tests.recipes.spoken_balls import NAME, TEST_ITEMS, with_balls, with_runs

RUN = "matchmaps-compact-sisa-shn-none"
SOUNDS = "matchmaps-compact-natural-sounds-resnet-res-davenet"
MEASURES = {
    "mean_average_precision", "intersection_over_union", "intersection_over_detection", "intersection_over_target",
}  # fmt: skip


@pytest.fixture
def xmodal_with_balls(xmodal: Commands) -> Commands:
    with_runs(with_balls(xmodal.workspace), RUN, SOUNDS)
    return xmodal


def test_table_4(xmodal_with_balls: Commands) -> None:
    asked = ("evaluate", RUN, "--data", NAME, "--table", "matchmaps.4")
    shown = xmodal_with_balls(*asked, "--json")
    assert shown.code == 0, shown.err
    rows = {row["row"]: row for row in shown.json["rows"]}
    ours = rows["rn-sisa-shn-none"]["ours"]["localisation"]
    assert rows["rn-sisa-shn-none"]["run"] == f"{RUN}-1"
    assert set(ours) >= MEASURES
    assert all(0.0 <= ours[name] <= 1.0 for name in MEASURES)
    assert (ours["word_object_pairs"], ours["images"]) == (2.0, TEST_ITEMS)
    full = rows["full-frame"]["ours"]["localisation"]
    assert (full["mean_average_precision"], full["intersection_over_target"]) == (1.0, 1.0)
    assert full["intersection_over_union"] == pytest.approx((40 / 96) ** 2 / 2 + 1 / 12, abs=0.01)
    assert set(shown.json["missing"]) == set(rows) - {"full-frame", "rn-sisa-shn-none"}
    about = shown.json["runs"][f"{RUN}-1"]
    assert {name: about[name] for name in ("seed", "share", "pairs")} == {"seed": 0, "share": 1.0, "pairs": TEST_ITEMS}
    lines = xmodal_with_balls(*asked).out.splitlines()
    assert "mIoU" in lines[1]
    assert any(f"{ours['mean_average_precision']:.3f}" in line and RUN in line for line in lines)

    few = xmodal_with_balls(*asked, "--n", "5")
    assert few.code == 2
    assert "said 9 times in these 5 captions" in few.err
    deaf = xmodal_with_balls("evaluate", SOUNDS, "--data", NAME, "--table", "matchmaps.4")
    assert deaf.code == 2
    assert "words are looked for by their sound" in deaf.err
