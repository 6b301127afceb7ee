"""Filled tables: runs, means over seeds and shares, what is missing; CSV, LaTeX and the lines of data amount."""

import csv
import io
import json

import pytest

from xmodal.evaluation.data_amount import both_directions, data_amount
from xmodal.evaluation.published import TABLES
from xmodal.evaluation.table_text import as_csv, as_latex, lines, number, with_interval
from xmodal.evaluation.tables import FilledTable, Scored, fill


def scored(run: str, recall: float, *, seed: int = 0, share: float = 1.0, row: str = "random") -> Scored:
    names: list[str] = ["recall_at_1", "recall_at_5", "recall_at_10"]
    to_image, from_image = (dict.fromkeys(names, value) for value in (recall, recall + 0.1))
    ours = {"speech_to_image": to_image, "image_to_speech": from_image}
    return Scored(run, (f"matchmaps.2/{row}",), ours, seed, share, family=row, label=f"start & {row}")


RUNS = (
    scored("a-1", 0.2, seed=0),
    scored("a-2", 0.3, seed=1),
    scored("a-3", 0.1, seed=0, share=0.1),
    scored("b-1", 0.6, row="supervised"),
)


@pytest.fixture
def filled() -> FilledTable:
    return fill(TABLES["matchmaps.2"], RUNS)


def test_shares_are_told_apart_and_seeds_are_averaged(filled: FilledTable) -> None:
    assert filled.missing == ("natural-sounds", "baseline-2016", "baseline-2017")
    [row] = [each for each in filled.rows if each.published.key == "random"]
    whole, tenth = row.families
    assert (whole.share, [run.run for run in whole.runs]) == (1.0, ["a-1", "a-2"])
    assert whole.measures["speech_to_image"]["recall_at_10"].mean == pytest.approx(0.25)
    assert whole.measures["speech_to_image"]["recall_at_10"].half_width == pytest.approx(12.7062 * 0.05, rel=1e-4)
    assert (tenth.share, tenth.measures["speech_to_image"]["recall_at_10"].half_width) == (0.1, None)


def test_of_two_runs_with_one_seed_the_later_counts() -> None:
    filled = fill(TABLES["matchmaps.2"], (scored("old", 0.2, seed=3), scored("new", 0.4, seed=3)))
    [family] = filled.rows[0].families
    assert [run.run for run in family.runs] == ["new"]


def test_json_has_every_run_and_the_means(filled: FilledTable) -> None:
    content = json.loads(json.dumps(filled.as_dict()))
    rows = [(row["row"], row["run"], row["seed"], row["share"]) for row in content["rows"]]
    assert rows[:4] == [
        ("random", "a-1", 0, 1.0),
        ("random", "a-2", 1, 1.0),
        ("random", "a-3", 0, 0.1),
        ("natural-sounds", None, None, None),
    ]
    assert content["rows"][0]["ours"]["speech_to_image"]["recall_at_10"] == 0.2
    assert content["rows"][3]["ours"] is None
    mean = content["means"][0]
    assert (mean["row"], mean["share"], mean["seeds"], mean["runs"]) == ("random", 1.0, [0, 1], ["a-1", "a-2"])
    assert mean["ours"]["speech_to_image"]["recall_at_10"]["low"] < 0.25


def test_csv_reads_back(filled: FilledTable) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(filled))))
    assert len(rows) == len(list(lines(filled))) == 2 * 6
    assert rows[0]["row"] == "Random"
    assert float(rows[0]["R@10 paper"]) == 0.512
    assert float(rows[0]["R@10 ours"]) == pytest.approx(0.25)
    assert float(rows[0]["R@10 low"]) < float(rows[0]["R@10 high"])
    assert rows[1]["share of data"] == "0.1"
    assert rows[-1]["R@10 ours"] == ""


def test_latex_has_as_many_cells_in_every_row(filled: FilledTable) -> None:
    text = as_latex(filled, measured_on="world:seed=7, n = 50")
    columns = text.split("{")[2].split("}")[0]
    assert text.startswith("% matchmaps.2: ")
    assert "world:seed=7, n = 50" in text.splitlines()[0]
    assert "% a-2: seed 1" in text.splitlines()
    rows = [line for line in text.splitlines() if line.endswith(r"\\")]
    assert {line.count("&") + 1 for line in rows} == {len(columns)}
    assert r"100\,\%" in text
    assert r"0.250 $\pm$ 0.635" in text


def test_counts_are_whole_numbers() -> None:
    run = Scored("c", ("matchmaps.5/supervised",), {"concepts": {"count": 12.0, "units": 64.0}})
    filled = fill(TABLES["matchmaps.5"], (run,))
    [line] = [each for each in lines(filled) if each.family]
    assert with_interval(line.ours("count"), "count") == "12"
    assert "126" in as_csv(filled)


def test_ranks_have_one_digit_and_rows_of_ours_no_published_number() -> None:
    runs = [
        Scored(f"r-{seed}", (f"see_hear_read.1/{row}",), {"image_to_sound": {"median_rank": rank}}, seed, family=row)
        for row, ranks in (("cca", (310.04, 312.0)), ("cluster-cca", (250.5,)))
        for seed, rank in enumerate(ranks)
    ]
    filled = fill(TABLES["see_hear_read.1"], runs)
    assert filled.measures == ("median_rank",)
    found = {
        line.row.key: (number(line.published("median_rank"), "median_rank"), line.ours("median_rank"))
        for line in lines(filled)
        if line.direction == "image_to_sound"
    }
    assert found["cca"][0] == "313.6"
    assert with_interval(found["cca"][1], "median_rank") == "311.0 ± 12.5"
    assert found["cluster-cca"][0] == ""
    assert with_interval(found["cluster-cca"][1], "median_rank") == "250.5"
    [cells] = [row for row in csv.DictReader(io.StringIO(as_csv(filled))) if row["median rank ours"] == "250.5"]
    assert (cells["direction"], cells["median rank paper"]) == ("image_to_sound", "")
    [line] = [line for line in as_latex(filled, measured_on="ten pairs").splitlines() if "250.5" in line]
    assert line.split(" & ")[2] == "--"
    [entry] = [
        row for row in json.loads(json.dumps(filled.as_dict()))["rows"] if row["run"] == "r-0" and row["row"] != "cca"
    ]
    assert entry["published"]["image_to_sound"] == {}


def test_dashes_of_the_paper_are_no_lines() -> None:
    filled = fill(TABLES["see_hear_read.3"], ())
    of = {row: [line.direction for line in lines(filled) if line.row.key == row] for row in ("both", "cca-sound")}
    assert len(of["both"]) == 9
    assert of["cca-sound"] == ["image_to_image", "image_to_sound", "sound_to_image", "sound_to_sound"]


def test_data_amount_is_the_mean_of_both_directions_within_a_run() -> None:
    random, supervised = data_amount((*RUNS, Scored("c", (), {"concepts": {"count": 1.0}})))
    assert random.shares == (0.1, 1.0)
    assert [found.mean for found in random.recalls] == pytest.approx([0.15, 0.3])
    assert [found.runs for found in random.recalls] == [1, 2]
    assert supervised.shares == (1.0,)
    with pytest.raises(ValueError, match="recall_at_10"):
        both_directions({"concepts": {"count": 1.0}})
