"""Scores are measured once, kept by weights, data and number, and travel with a run that is given away."""

from dataclasses import replace

import pytest

from tests.recipes.fresh_run import fresh_run
from xmodal.evaluation.published import TABLES
from xmodal.evaluation.tables import fill
from xmodal.recipes import MATCHMAPS, RECIPES, rows, scores
from xmodal.recipes.changes import changed
from xmodal.recipes.networks import matchmap_recipe_of
from xmodal.recipes.scores import Asked, Scores, family_of, kept, measured, scored, share_of
from xmodal.runs.checkpoint import load_tensors, save_checkpoint
from xmodal.runs.run import Run, open_run
from xmodal.storage import atomic_write
from xmodal.workspace import Workspace

DATA = "world:seed=5,objects_min=1,objects_max=1"
ASKED = Asked(data=DATA, n=6)
ROW = "matchmaps-compact-sisa-shn-none"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="module")
def run(here: Workspace) -> Run:
    return fresh_run(here, ROW)


@pytest.fixture(scope="module")
def found(here: Workspace, run: Run) -> Scores:
    return measured(run, ASKED, here)


def test_measured_once(here: Workspace, run: Run, found: Scores, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (found.pairs, found.ours["speech_to_image"]["queries"]) == (6, 6.0)
    monkeypatch.setattr(scores, "_MEASURES", {})
    assert measured(run, ASKED, here) == found
    assert kept(run, here) == (found,)
    with pytest.raises(KeyError):
        measured(run, Asked(data=DATA, n=5), here)
    with pytest.raises(KeyError):
        measured(run, ASKED.model_copy(update={"data": "world:seed=6"}), here)


def test_concepts_are_counted_for_table_5(here: Workspace, run: Run) -> None:
    asked = ASKED.model_copy(update={"measure": "concepts"})
    concepts = measured(run, asked, here).ours["concepts"]
    assert 0 <= concepts["count"] <= concepts["units"] == 8
    filled = fill(TABLES["matchmaps.5"], scored(run, measured(run, asked, here), "matchmaps.5"))
    assert [row.published.key for row in filled.rows if row.runs] == ["rn-sisa-shn-none"]
    assert filled.as_dict()["missing"] == [
        row.key for row in TABLES["matchmaps.5"].rows if row.key != "rn-sisa-shn-none"
    ]


def test_scores_go_along_with_a_run_and_count_for_no_other_weights(here: Workspace, run: Run, found: Scores) -> None:
    elsewhere = Workspace(here.root / "elsewhere")
    assert kept(run, elsewhere) == ()
    path = scores.keep_beside(run, (found,))
    assert kept(run, elsewhere) == (found,)
    atomic_write(path, '[{"format": 2}]')
    assert kept(run, elsewhere) == ()
    scores.keep_beside(run, (found,))
    other = replace(run, folder=here.root / "other")
    changed_weights = {name: each + 1 for name, each in load_tensors(run.checkpoint(), "model").items()}
    save_checkpoint(other.checkpoint_path(1), {"model": changed_weights}, step=1, epoch=1)
    atomic_write(other.folder / "manifest.json", (run.folder / "manifest.json").read_bytes())
    atomic_write(other.folder / "results" / "scores.json", path.read_bytes())
    assert kept(open_run(other.folder), here) == ()


def test_the_baseline_of_table_4_stands_in_a_row_of_its_own(run: Run, found: Scores) -> None:
    values = {"localisation": {"mean_average_precision": 0.1}}
    both = scored(run, found.model_copy(update={"ours": values, "baselines": {"full-frame": values}}), "matchmaps.4")
    filled = fill(TABLES["matchmaps.4"], [*both, *both])  # of two runs the same baseline: it counts once
    assert {row.published.key: len(row.runs) for row in filled.rows if row.runs} == {
        "full-frame": 1, "rn-sisa-shn-none": 1,
    }  # fmt: skip


def test_families_differ_in_more_than_seed_and_share() -> None:
    recipe = MATCHMAPS[ROW]
    seeded, tenth = changed(recipe, ["seed=3"]), changed(recipe, ["data.*.share=0.1"])
    assert family_of(recipe) == family_of(seeded) == family_of(tenth)
    assert (share_of(recipe), share_of(tenth)) == (1.0, 0.1)
    assert family_of(recipe) != family_of(changed(recipe, ["stages.0.epochs=1"]))
    assert len({family_of(each) for each in RECIPES.values()}) == len(RECIPES)


def test_every_row_has_a_command_but_the_baselines(here: Workspace, run: Run) -> None:
    papers = {row.partition(".")[0] for recipe in RECIPES.values() for row in recipe.rows}
    assert "matchmaps" in papers
    for table in TABLES.values():
        for row in table.rows if table.key.partition(".")[0] in papers else ():
            lines = rows.commands(table.key, row.key, here)
            assert bool(lines) is not row.baseline, (table.key, row.key)
            for line in lines:
                words = line.split()
                assert words[:3] == ["python", "-m", "xmodal"]
                assert words[3] in ("train", "evaluate")
                assert words[4] in RECIPES
    assert matchmap_recipe_of(run).name == ROW
