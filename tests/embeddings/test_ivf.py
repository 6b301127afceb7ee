"""Search with FAISS against exact search, and its index as a cache."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.embeddings.drawn import table, vectors, write
from xmodal.data.sample import Split
from xmodal.embeddings.engine import Engine, searcher
from xmodal.embeddings.exact import ExactSearcher
from xmodal.embeddings.ivf import IvfSearcher, ivf_searcher, looked_up, options
from xmodal.embeddings.ivf_index import INDEX, LISTS, list_count
from xmodal.embeddings.search import Found, Searcher, allowed_rows
from xmodal.embeddings.unit_rows import unit_rows
from xmodal.embeddings.vector_table import VectorTable
from xmodal.modality import Modality
from xmodal.seeding import stream
from xmodal.storage import file_sha256

ROWS = 3000
DATA = vectors(ROWS)
QUERIES = vectors(20, seed=1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> VectorTable:
    """A table with its index."""
    found = table(tmp_path_factory.mktemp("ivf") / "t", DATA)
    ivf_searcher(found)
    return found


@pytest.fixture
def own(made: VectorTable, tmp_path: Path) -> VectorTable:
    """A copy of both that a test may damage."""
    shutil.copytree(made.folder, tmp_path / "t")
    return VectorTable(tmp_path / "t")


def _share_found(found: Found, truth: Found) -> float:
    pairs = zip(found.positions, truth.positions, strict=True)
    return float(np.mean([np.isin(true, mine).mean() for mine, true in pairs]))


def test_it_finds_the_share_that_it_says_with_exact_scores(made: VectorTable) -> None:
    engine = ivf_searcher(made, exact_rows=0)
    assert isinstance(engine, Searcher)
    assert len(engine) == ROWS
    found, truth = engine.search(QUERIES, 10), ExactSearcher(made.vectors).search(QUERIES, 10)
    assert engine.measured.probes < list_count(ROWS)
    assert found.recall_at_10 == engine.measured.recall_at_10 >= 0.95
    assert _share_found(found, truth) >= 0.9
    for query, positions, scores in zip(QUERIES, found.positions, found.scores, strict=True):
        alone = ExactSearcher(made.vectors[positions]).search(query[None], 10)
        assert alone.positions[0].tolist() == list(range(10))  # best first
        assert alone.scores[0].tolist() == scores.tolist()  # the very numbers that exact search gives


def test_more_effort_for_a_higher_target_and_every_list_for_all_of_it(own: VectorTable) -> None:
    before = (own.folder / "ivf" / LISTS).stat().st_mtime_ns
    little = ivf_searcher(own, target=0.3).measured
    much = ivf_searcher(own, target=1.0).measured
    assert little.probes < much.probes <= list_count(ROWS)
    assert 0.3 <= little.recall_at_10 < much.recall_at_10
    assert much.recall_at_10 >= 0.999
    assert (own.folder / "ivf" / LISTS).stat().st_mtime_ns == before  # the lists stay as they are


def test_recall_is_measured_on_the_queries_that_are_given(own: VectorTable) -> None:
    far = stream(5, "far").standard_normal((30, 24)).astype(np.float32)  # of another kind than the table's rows
    near, strange = ivf_searcher(own).measured, ivf_searcher(own, trial_queries=far).measured
    assert near.trial == ""
    assert strange.trial != ""
    engine = ivf_searcher(own, trial_queries=far)
    truth = ExactSearcher(own.vectors).search(far, 10)
    assert _share_found(engine.search(far, 10), truth) == pytest.approx(strange.recall_at_10, abs=0.01)


def test_filters_hold_and_their_own_recall_is_told(made: VectorTable) -> None:
    engine, exact = ivf_searcher(made, exact_rows=0), ExactSearcher(made.vectors)
    for allowed in (
        allowed_rows(made.rows, modality=Modality.SOUND),
        allowed_rows(made.rows, split=Split.TEST),
        allowed_rows(made.rows, modality=Modality.IMAGE, scene="kitchen"),
    ):
        assert allowed is not None
        found = engine.search(QUERIES, 10, allowed=allowed)
        assert allowed[found.positions].all()
        assert found.recall_at_10 is not None
        assert found.recall_at_10 >= 0.95
        assert _share_found(found, exact.search(QUERIES, 10, allowed=allowed)) >= 0.9


def test_where_all_near_rows_are_filtered_out_the_search_looks_further(tmp_path: Path) -> None:
    apart = np.zeros((ROWS, 24), np.float32)
    apart[::2, 0], apart[1::2, 0] = 3, -3  # pictures here, sounds there
    data = vectors(ROWS) / np.linalg.norm(vectors(ROWS), axis=1, keepdims=True) * 3 + apart
    mixed = table(tmp_path / "t", data)
    sounds = data[1:200:2]
    engine = ivf_searcher(mixed, trial_queries=sounds, exact_rows=0)
    pictures = allowed_rows(mixed.rows, modality=Modality.IMAGE)
    assert pictures is not None
    found = engine.search(sounds, 10, allowed=pictures)
    truth = ExactSearcher(mixed.vectors).search(sounds, 10, allowed=pictures)
    assert found.recall_at_10 is not None
    assert found.recall_at_10 >= 0.95
    assert _share_found(found, truth) == pytest.approx(found.recall_at_10, abs=0.01)
    chosen = options(engine.measured.probes, pictures)  # the effort that does without a filter
    unfiltered = looked_up(engine.index, mixed.vectors, unit_rows(sounds), 10, chosen)[0]
    assert _share_found(Found(unfiltered, truth.scores), truth) < found.recall_at_10


def test_few_allowed_rows_are_answered_exactly(made: VectorTable) -> None:
    engine = ivf_searcher(made)  # anything below 200,000 rows is few
    allowed = stream(6, "mask").random(ROWS) < 0.02
    found, truth = (each.search(QUERIES, 10, allowed=allowed) for each in (engine, ExactSearcher(made.vectors)))
    assert found.positions.tolist() == truth.positions.tolist()
    assert found.recall_at_10 == 1.0


def test_more_than_the_lists_hold_and_nothing_allowed(made: VectorTable) -> None:
    engine = ivf_searcher(made, exact_rows=0)
    assert sorted(engine.search(QUERIES[:1], 10 * ROWS).positions[0].tolist()) == list(range(ROWS))
    assert engine.search(QUERIES, 10, allowed=np.zeros(ROWS, bool)).positions.shape == (20, 0)


@pytest.mark.parametrize(
    ("queries", "message"),
    [(np.zeros((1, 24), np.float32), "zero"), (np.ones((1, 9), np.float32), "24 numbers"), (QUERIES * np.nan, "NaN")],
)
def test_what_cannot_be_asked(made: VectorTable, queries: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ivf_searcher(made).search(queries, 10)


def _missing(folder: Path) -> None:
    (folder / LISTS).unlink()


def _cut(folder: Path) -> None:
    (folder / LISTS).write_bytes((folder / LISTS).read_bytes()[:-100])


def _flipped(folder: Path) -> None:
    data = bytearray((folder / LISTS).read_bytes())
    data[len(data) // 2] ^= 4
    (folder / LISTS).write_bytes(data)


def _no_description(folder: Path) -> None:
    (folder / INDEX).write_text("{")


def _not_of_faiss(folder: Path) -> None:
    """Whole, by its digest, but nothing that FAISS reads."""
    (folder / LISTS).write_bytes(b"IxFI" + bytes(100))
    described = json.loads((folder / INDEX).read_text())
    (folder / INDEX).write_text(json.dumps(described | {"lists_sha256": file_sha256(folder / LISTS)}))


@pytest.mark.parametrize("damage", [_missing, _cut, _flipped, _no_description, _not_of_faiss])
def test_a_damaged_index_is_made_again_the_same(own: VectorTable, damage) -> None:
    lists, described = ((own.folder / "ivf" / name).read_bytes() for name in (LISTS, INDEX))
    damage(own.folder / "ivf")
    found = ivf_searcher(own).search(QUERIES, 10)
    assert found.positions.shape == (20, 10)
    assert (own.folder / "ivf" / LISTS).read_bytes() == lists
    assert (own.folder / "ivf" / INDEX).read_bytes() == described


def test_an_index_of_another_matrix_is_not_used(own: VectorTable) -> None:
    shutil.copytree(own.folder / "ivf", own.folder / "old")
    shutil.rmtree(own.folder)
    write(own.folder, vectors(ROWS, seed=9), part_rows=4096)
    other = VectorTable(own.folder)
    assert ivf_searcher(other).measured.table == other.digest != own.digest


def test_a_table_of_one_vector_and_an_empty_one(tmp_path: Path) -> None:
    one = ivf_searcher(table(tmp_path / "one", DATA[:1]), exact_rows=0)
    assert one.search(QUERIES, 10).positions.tolist() == [[0]] * 20
    with pytest.raises(ValueError, match="no vectors"):
        ivf_searcher(table(tmp_path / "none", DATA[:0]))


def test_half_precision_is_indexed_too(tmp_path: Path) -> None:
    half = table(tmp_path / "half", DATA[:600], precision="float16")
    found = ivf_searcher(half, exact_rows=0).search(QUERIES, 10)
    assert _share_found(found, ExactSearcher(half.vectors).search(QUERIES, 10)) >= 0.9


def test_the_engine_follows_from_the_size_unless_it_is_named(
    made: VectorTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(searcher(made), ExactSearcher)
    assert isinstance(searcher(made, Engine.IVF), IvfSearcher)
    monkeypatch.setattr("xmodal.embeddings.engine.EXACT_ROWS", ROWS - 1)
    assert isinstance(searcher(made), IvfSearcher)
