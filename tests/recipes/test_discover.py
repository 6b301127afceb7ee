"""Questions about a run: answered once, kept, told apart, and what went wrong is told."""

import base64
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.analysis.planted import CLASSES, planted
from tests.recipes.fresh_run import fresh_run
from tests.ui.tiny_catalog import ITEMS, build, words_of
from xmodal.analysis.clusters import Clustering, clusters
from xmodal.analysis.co_segmentation import Segmentation, Threshold
from xmodal.analysis.concepts import after_epoch, concepts
from xmodal.analysis.discoveries import SPOT_PX, cluster_report, concept_report, spotlight
from xmodal.analysis.observed import LABELS_PX, observe, square, truths_of
from xmodal.data.taxonomy import world
from xmodal.errors import InputError
from xmodal.features.picture import Picture
from xmodal.progress import Silent
from xmodal.recipes import discover
from xmodal.recipes.discover import Question, answer, kept_at, known, work_on
from xmodal.recipes.networks import load_matchmaps, matchmap_recipe_of
from xmodal.recipes.sources import data_of, pairs_of
from xmodal.runs.run import Run
from xmodal.workspace import Workspace


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with the tiny catalog."""
    root = tmp_path_factory.mktemp("workspace")
    build(root / "catalogs", root / "pictures and sounds")
    return Workspace(root)


@pytest.fixture(scope="module")
def run(here: Workspace) -> Run:
    return fresh_run(here)


@pytest.fixture
def question(run: Run) -> Question:
    return Question(kind="concepts", run=run.name, data="tiny", pairs=20)


def test_an_answer_is_kept_and_questions_are_told_apart(here: Workspace, question: Question) -> None:
    assert known(question, here) is None
    assert not work_on(question, here).running
    found = answer(question, here)
    assert found.pairs == 20
    assert found == known(question, here)
    path = kept_at(question, here)
    before = path.stat().st_mtime_ns
    assert answer(question, here) == found
    assert path.stat().st_mtime_ns == before
    others = ({"pairs": 21}, {"kind": "clusters"}, {"rules": {"examples": 4}}, {"clustering": {"clusters": 3}})
    paths = {kept_at(Question.model_validate(question.model_dump() | change), here) for change in others}
    assert len(paths | {path}) == 5
    patterns = answer(question.model_copy(update={"kind": "clusters"}), here)
    assert patterns.kind == "clusters"
    assert patterns.components > 0


def test_maps_and_truth_belong_together(here: Workspace, run: Run) -> None:
    recipe, data = matchmap_recipe_of(run), data_of("tiny", items=20)
    pairs = pairs_of(recipe, data, here, Silent()).first(20)
    truths = discover.truths_for(pairs, data, here)
    assert len(truths.ids) == 20, "the broken picture of item 7 is left out"
    assert "tiny/007" not in truths.ids
    assert set(truths.classes) == {"ball", "floor"}
    for place, identity in enumerate(truths.ids):
        wanted = words_of(int(identity[-3:]))
        assert [word.text for word in truths.words[place]] == [word.text for word in wanted]
        assert [word.end_s for word in truths.words[place]] == pytest.approx([word.end_s for word in wanted])
    found = after_epoch(load_matchmaps(run), pairs, truths)
    assert len(found.units) == recipe.model.image.map_dim
    assert 0 <= found.count <= len(found.units)
    with pytest.raises(ValueError, match="other pairs"):
        observe(load_matchmaps(run), pairs.first(19), truths)
    with pytest.raises(ValueError, match="for 20 pairs"):
        truths_of(pairs, ())


def test_what_went_wrong_is_told(here: Workspace, question: Question) -> None:
    lost = question.model_copy(update={"wordnet": Path("/no/such/table.tsv")})
    with pytest.raises(InputError, match="cannot be read"):
        answer(lost, here)
    work = work_on(lost, here)
    assert not work.running
    assert "/no/such/table.tsv" in work.fault
    with pytest.raises(InputError, match="no run"):
        kept_at(question.model_copy(update={"run": "nobody"}), here)
    path = kept_at(question.model_copy(update={"pairs": 33}), here)
    record = path.with_suffix(".progress.json")
    record.write_text(json.dumps({"stage": "Encoding pairs", "done": 3, "total": 33, "note": ""}))
    stopped = work_on(question.model_copy(update={"pairs": 33}), here)
    assert (stopped.running, stopped.fault) == (False, "it was stopped before its end")


def test_reports_hold_what_was_found() -> None:
    observed = planted()
    grey = np.full((64, 64, 3), 200, np.uint8)
    report = concept_report(concepts(observed, world()), observed, lambda _: grey, run="r", data="d")
    assert (report.count, len(report.top), len(report.values)) == (len(CLASSES),) * 3
    assert [len(entry.spots) for entry in report.top] == [5] * len(CLASSES)
    assert report.model_validate_json(report.model_dump_json()) == report
    cut = Clustering(segmentation=Segmentation(threshold=Threshold(kind="score", value=0.5)), clusters=6)
    patterns = cluster_report(clusters(observed, cut), observed, lambda _: grey, run="r", data="d")
    assert {entry.object for entry in patterns.listed} == set(CLASSES)
    assert all(len(entry.spots) == len(entry.stretches) == 6 for entry in patterns.listed)
    with Image.open(io.BytesIO(base64.b64decode(patterns.listed[0].spots[0].picture))) as picture:
        assert picture.size == (SPOT_PX, SPOT_PX)
        tones = np.asarray(picture)[..., 0]
        assert (tones < 60).mean() > 0.5, "dark outside"
        assert 0.1 < (tones > 150).mean() < 0.3, "9 of 49 cells are lit"


def test_a_spotlight_over_everything_and_over_nothing() -> None:
    grey = np.full((50, 50, 3), 200, np.uint8)
    for mask, tone in ((True, 200), (False, 40)):
        with Image.open(io.BytesIO(base64.b64decode(spotlight(grey, np.full((9, 9), mask))))) as picture:
            assert abs(int(np.asarray(picture)[70, 70, 0]) - tone) <= 3


def test_the_square_of_labels_is_the_square_of_the_picture() -> None:
    """Columns 0 to 399 of 200 rows: the middle 7/8 of the height, as wide."""
    labels = np.tile(np.arange(400), (200, 1))
    cut = square(labels, Picture(shorter_side_px=256, crop_px=224))
    assert cut.shape == (LABELS_PX, LABELS_PX)
    assert cut[0, 0] == pytest.approx(200 - 87.5, abs=1.5)
    assert cut[0, -1] == pytest.approx(200 + 87.5, abs=1.5)
    rows = square(labels.T, Picture(shorter_side_px=256, crop_px=224))
    assert (rows == cut.T).all()


def test_the_catalog_is_as_large_as_thought(here: Workspace) -> None:
    assert len(here.catalog("tiny")) == ITEMS
