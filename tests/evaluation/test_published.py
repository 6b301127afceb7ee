"""The papers' tables as printed: keys, directions, and what See, Hear and Read says of its own numbers."""

import pytest

from xmodal.evaluation.published import TABLES, PublishedTable, rows_in
from xmodal.evaluation.tables import HEADS, LOWER_IS_BETTER

SENSES = ("image", "sound", "text")


def best(table: PublishedTable, direction: str, measure: str) -> set[str]:
    values = {row.key: row.measures[direction][measure] for row in table.rows if row.measures.get(direction)}
    wanted = min(values.values()) if measure in LOWER_IS_BETTER else max(values.values())
    return {key for key, value in values.items() if value == wanted}


@pytest.mark.parametrize("key", TABLES)
def test_every_table_is_whole(key: str) -> None:
    table = TABLES[key]
    assert table.key == key
    assert len({row.key for row in table.rows}) == len(table.rows)
    printed = [measures for row in table.rows for measures in row.measures.values() if measures]
    assert {tuple(measures) for measures in printed} == {tuple(printed[0])}
    assert printed[0].keys() <= HEADS.keys()


def test_both_is_best_but_where_the_paper_says_otherwise() -> None:
    found = {
        (key, way): best(table, way, measure)
        for key, measure in (
            ("see_hear_read.1", "median_rank"), ("see_hear_read.2", "median_rank"), ("see_hear_read.3", "accuracy"),
        )
        for table in [TABLES[key]]
        for way in table.rows[-1].measures
    }  # fmt: skip
    assert len(found) == 4 + 2 + 9
    assert {where: rows for where, rows in found.items() if rows != {"both"}} == {
        ("see_hear_read.1", "sound_to_image"): {"ranking"},
        ("see_hear_read.3", "text_to_image"): {"model-transfer"},
        ("see_hear_read.3", "sound_to_sound"): {"model-transfer", "both"},
    }


def test_table_3_has_nine_directions_and_dashes_where_cca_has_no_vectors() -> None:
    rows = {row.key: row.measures for row in TABLES["see_hear_read.3"].rows}
    for key, senses in (("both", SENSES), ("cca-text", ("image", "text")), ("cca-sound", ("image", "sound"))):
        assert rows[key].keys() == {f"{train}_to_{test}" for train in senses for test in senses}
    assert rows["both"]["image_to_text"] == {"accuracy": 0.338}
    assert rows["chance"]["text_to_text"]["accuracy"] == pytest.approx(1 / 42, abs=1e-3)


def test_a_network_of_table_1_is_measured_for_the_others() -> None:
    assert rows_in("see_hear_read.3", ("see_hear_read.1/both",)) == ("see_hear_read.1/both", "see_hear_read.3/both")
    baselines = {row.key for table in TABLES.values() for row in table.rows if row.baseline}
    assert baselines == {
        "full-frame", "random", "linear-regression", "cca", "normalised-cca", "cluster-cca", "chance", "cca-text",
        "cca-sound",
    }  # fmt: skip
    assert not next(row for row in TABLES["matchmaps.2"].rows if row.key == "random").baseline
