"""Search with a real LanceDB against exact search."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.embeddings.drawn import KEY, rows_of, table, vectors
from xmodal.data.sample import Split
from xmodal.embeddings import lance, lance_search
from xmodal.embeddings.engine import Engine, searcher
from xmodal.embeddings.exact import ExactSearcher
from xmodal.embeddings.lance import LanceCollection, copied
from xmodal.embeddings.lance_filter import RowConditions
from xmodal.embeddings.lance_search import LanceSearcher, lance_searcher
from xmodal.embeddings.search import Searcher, allowed_rows
from xmodal.embeddings.table_index import TableError
from xmodal.embeddings.vector_table import VectorTable
from xmodal.errors import InputError
from xmodal.modality import Modality
from xmodal.seeding import stream

ROWS = 1200
DATA = vectors(ROWS)
QUERIES = vectors(4, seed=1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> VectorTable:
    """A table, to be copied."""
    return table(tmp_path_factory.mktemp("lance") / "t", DATA)


@pytest.fixture(scope="module")
def indexed(made: VectorTable) -> LanceSearcher:
    """Its copy in LanceDB, with an index although it is small."""
    return lance_searcher(copied(made, str(made.folder / "lance")), exact_rows=100)


def test_without_an_index_it_is_exact(made: VectorTable) -> None:
    engine = searcher(made, Engine.LANCE)
    assert isinstance(engine, Searcher)
    found, truth = engine.search(QUERIES, 10), ExactSearcher(made.vectors).search(QUERIES, 10)
    assert found.positions.tolist() == truth.positions.tolist()
    assert found.scores.tolist() == truth.scores.tolist()
    assert found.recall_at_10 == 1.0


def test_with_an_index_it_tells_its_recall_and_keeps_what_it_measured(
    indexed: LanceSearcher, made: VectorTable
) -> None:
    measured = indexed.measured
    assert measured is not None
    assert measured.recall_at_10 >= 0.95
    found, truth = indexed.search(QUERIES, 10), ExactSearcher(made.vectors).search(QUERIES, 10)
    assert found.recall_at_10 == measured.recall_at_10
    assert np.mean([np.isin(*pair).mean() for pair in zip(truth.positions, found.positions, strict=True)]) >= 0.8
    version = indexed.collection.table.version
    again = lance_searcher(LanceCollection(str(made.folder / "lance"), KEY, dim=24), exact_rows=100)
    assert again.measured == measured
    assert again.collection.table.version == version  # no new index


@pytest.mark.parametrize(
    "wanted",
    [
        {"modality": Modality.SOUND},
        {"split": Split.TEST, "scene": "o'hara's \"bar\""},
        {"modality": Modality.IMAGE, "split": Split.TRAIN, "scene": "kitchen"},
        {"modality": Modality.TEXT},
    ],
)
def test_filters_hold(indexed: LanceSearcher, made: VectorTable, wanted: dict) -> None:
    allowed = allowed_rows(made.rows, **wanted)
    assert allowed is not None
    truth = ExactSearcher(made.vectors).search(QUERIES, 10, allowed=allowed)
    exactly = LanceSearcher(indexed.collection).search(QUERIES, 10, allowed=allowed)
    assert exactly.positions.tolist() == truth.positions.tolist()
    found = indexed.search(QUERIES, 10, allowed=allowed)
    assert found.positions.shape == truth.positions.shape
    assert allowed[found.positions].all()
    assert found.recall_at_10 == (None if np.count_nonzero(allowed) > 100 else 1.0)


def test_any_mask_becomes_an_exact_condition(indexed: LanceSearcher, made: VectorTable) -> None:
    conditions = RowConditions(made.rows)
    sounds = allowed_rows(made.rows, modality=Modality.SOUND)
    assert sounds is not None
    but_two = sounds.copy()
    but_two[[0, 1]] = ~but_two[[0, 1]]
    for mask in (sounds, but_two, stream(4, "mask").random(ROWS) < 0.4, np.ones(ROWS, bool), np.zeros(ROWS, bool)):
        positions = indexed.collection.vectors(conditions.condition(mask))[0]
        assert positions.tolist() == np.flatnonzero(mask).tolist()
    assert len(conditions.condition(but_two)) < 700  # two rows are named, not six hundred


def test_more_than_there_are_and_none(indexed: LanceSearcher) -> None:
    assert sorted(indexed.search(QUERIES[:1], 10 * ROWS).positions[0].tolist()) == list(range(ROWS))
    assert indexed.search(QUERIES, 10, allowed=np.zeros(ROWS, bool)).positions.shape == (4, 0)
    with pytest.raises(ValueError, match="query 1 is zero"):
        indexed.search(QUERIES * np.array([[1], [0], [1], [1]], np.float32), 10)


def test_a_copy_goes_on_where_it_was_interrupted(made: VectorTable, tmp_path: Path) -> None:
    begun = LanceCollection(str(tmp_path / "l"), KEY, dim=24)
    begun.append(DATA[:500], rows_of(500))
    whole = copied(made, str(tmp_path / "l"))
    assert len(whole) == ROWS
    assert [whole.row(place) for place in (0, 499, 500, ROWS - 1)] == [
        rows_of(1, place)[0] for place in (0, 499, 500, ROWS - 1)
    ]
    np.testing.assert_array_equal(np.concatenate([part for _, part in whole.blocks()]), made.vectors)
    assert len(copied(made, str(tmp_path / "l"))) == ROWS


def test_what_does_not_fit_is_refused(made: VectorTable, tmp_path: Path) -> None:
    with pytest.raises(TableError, match="something else"):
        LanceCollection(str(made.folder / "lance"), KEY, dim=25)
    larger = LanceCollection(str(tmp_path / "l"), KEY, dim=24)
    with pytest.raises(ValueError, match="3 rows of 24 numbers"):
        larger.append(DATA[:2], rows_of(3))
    larger.append(vectors(ROWS + 1), rows_of(ROWS + 1))
    with pytest.raises(TableError, match="1201 vectors of a table that has 1200"):
        copied(made, str(tmp_path / "l"))


def test_damaged_vectors_are_an_error(made: VectorTable, tmp_path: Path) -> None:
    collection = copied(made, str(tmp_path / "l"))
    for path in (tmp_path / "l").glob("*.lance/data/*.lance"):
        path.write_bytes(path.read_bytes()[:200])
    with pytest.raises((OSError, RuntimeError, ValueError)):
        LanceSearcher(LanceCollection(str(tmp_path / "l"), KEY, dim=24)).search(QUERIES, 10)
    assert len(collection) == ROWS


_WITHOUT = """
import sys
sys.modules["lancedb"] = None
from xmodal.embeddings import engine, lance, lance_search
from xmodal.embeddings.table_index import TableKey
try:
    lance.LanceCollection(sys.argv[1], TableKey(weights="w", layer="l", catalog="c", modalities=("image",)), dim=4)
except ValueError as error:
    print(type(error).__name__, error)
"""


def test_without_the_package_everything_else_works_and_it_is_named(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _WITHOUT, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == f"{InputError.__name__} LanceDB is not installed: {lance.INSTALL}", done.stderr
    assert lance_search.LanceSearcher is LanceSearcher
