"""Orderings of a paper's rows against ours: by hand, and the interval against scipy's test."""

from typing import cast

import pytest
from scipy.stats import ttest_1samp, ttest_ind

from xmodal.evaluation.orderings import Ordering, orderings
from xmodal.evaluation.published import TABLES
from xmodal.evaluation.tables import Scored, fill


def runs(row: str, *ranks: float, way: str = "image_to_sound") -> list[Scored]:
    key = (f"see_hear_read.1/{row}",)
    return [
        Scored(f"{row}-{seed}", key, {way: {"median_rank": rank}}, seed, family=row) for seed, rank in enumerate(ranks)
    ]


def found(*scored: list[Scored]) -> dict[tuple[str, str, str], Ordering]:
    filled = fill(TABLES["see_hear_read.1"], [each for row in scored for each in row])
    return {(each.direction, each.better, each.worse): each for each in orderings(filled, "median_rank")}


def test_lower_ranks_are_better_and_every_pair_of_printed_rows_is_there() -> None:
    all_of_them = found()
    assert len(all_of_them) == 4 * 21 - 1, "seven rows; linear regression and normalised CCA tie once"
    assert {each.verdict for each in all_of_them.values()} == {"unknown"}
    assert all_of_them["sound_to_image", "ranking", "both"].published == (47.8, 49.5)
    assert all_of_them["image_to_sound", "both", "ranking"].published == (47.5, 49.0)
    assert not any("cluster-cca" in pair for pair in all_of_them)


def test_verdicts() -> None:
    shown = found(
        runs("both", 10.0, 11.0, 12.0),
        runs("ranking", 10.5, 11.5, 12.0),
        runs("model-transfer", 4.0, 5.0, 6.0),
        runs("cca", 40.0),
        runs("random", 500.0),
    )
    verdicts = {
        (better, worse): each.verdict for (way, better, worse), each in shown.items() if way == "image_to_sound"
    }
    assert verdicts["both", "ranking"] == "within noise"
    assert verdicts["both", "model-transfer"] == "does not hold"
    assert verdicts["both", "cca"] == "holds"
    assert verdicts["cca", "random"] == "holds", "baselines have no seeds"
    assert verdicts["both", "linear-regression"] == "unknown"
    assert shown["image_to_sound", "both", "cca"].ours == (11.0, 40.0)
    assert shown["sound_to_image", "both", "cca"].ours is None


def test_one_seed_says_nothing() -> None:
    shown = found(runs("both", 10.0), runs("ranking", 90.0, 91.0), runs("random", 500.0))
    assert shown["image_to_sound", "both", "ranking"].verdict == "unknown"
    assert shown["image_to_sound", "both", "random"].verdict == "unknown"
    assert shown["image_to_sound", "ranking", "random"].verdict == "holds"


@pytest.mark.parametrize("gap", [0.5, 1.0, 1.5, 1.8, 2.0, 2.5, 4.0])
def test_noise_is_where_welchs_test_is_above_five_percent(gap: float) -> None:
    first, second = [10.0, 11.0, 12.0], [10.0 + gap, 11.5 + gap, 11.0 + gap, 11.2 + gap]
    _, chance = cast(tuple[float, float], ttest_ind(first, second, equal_var=False))
    shown = found(runs("both", *first), runs("ranking", *second))["image_to_sound", "both", "ranking"]
    assert shown.verdict == ("holds" if chance < 0.05 else "within noise")
    _, alone = cast(tuple[float, float], ttest_1samp(first, 11.0 + gap))
    against = found(runs("both", *first), runs("cca", 11.0 + gap))["image_to_sound", "both", "cca"]
    assert against.verdict == ("holds" if alone < 0.05 else "within noise")
