"""Exact search against the oracle."""

from pathlib import Path

import numpy as np
import pytest

from tests.embeddings.drawn import naive, rows_of, table, unit, vectors
from xmodal.data.sample import Split
from xmodal.embeddings import matrix_blocks
from xmodal.embeddings.exact import ExactSearcher
from xmodal.embeddings.matrix_blocks import widened
from xmodal.embeddings.search import Searcher, allowed_rows
from xmodal.modality import Modality
from xmodal.seeding import stream

DATA = vectors(300)
UNIT = unit(DATA).astype(np.float32)
QUERIES = vectors(24, seed=1)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of 40 and of 13 rows."""
    monkeypatch.setattr(matrix_blocks, "_SEEN_BYTES", 40 * 24 * 4)
    monkeypatch.setattr(matrix_blocks, "_COPIED_BYTES", 13 * 24 * 4)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("k", [1, 10, 300])
@pytest.mark.parametrize("queries", [1, 2, 24])
@pytest.mark.parametrize("share", [1.0, 0.3])
def test_it_finds_what_the_oracle_finds(k: int, queries: int, share: float) -> None:
    allowed = stream(2, "mask").random(300) < share
    found = ExactSearcher(UNIT).search(QUERIES[:queries], k, allowed=None if share == 1 else allowed)
    positions, scores = naive(DATA, QUERIES[:queries], k, allowed)
    np.testing.assert_allclose(found.scores, scores, atol=1e-6)
    for mine, true in zip(found.positions.tolist(), positions, strict=True):
        assert len(set(mine)) == len(mine)
        assert mine == true or k == 300  # so far down, some are nearer to each other than rounding
        assert set(mine) == set(true)
    assert found.recall_at_10 == 1.0


@pytest.mark.usefixtures("small_blocks")
def test_equal_rows_come_in_their_order_however_they_are_asked_for() -> None:
    data = UNIT[stream(3, "places").integers(0, 12, 300)]  # twelve vectors, again and again
    searcher = ExactSearcher(data)
    together = searcher.search(QUERIES, 60)
    for place, query in enumerate(QUERIES):
        alone = searcher.search(query[None], 60)
        assert alone.positions[0].tolist() == together.positions[place].tolist()
        assert alone.scores[0].tolist() == together.scores[place].tolist()
    for positions, scores in zip(together.positions, together.scores, strict=True):
        pairs = list(zip((-scores).tolist(), positions.tolist(), strict=True))
        assert pairs == sorted(pairs)
    positions, _ = naive(data, QUERIES, 60)
    assert together.positions.tolist() == positions


def test_a_table_of_one_vector_alone_gives_its_first_rows() -> None:
    found = ExactSearcher(np.tile(UNIT[:1], (500, 1))).search(QUERIES, 5)
    assert found.positions.tolist() == [[0, 1, 2, 3, 4]] * 24


def test_more_than_there_are() -> None:
    searcher = ExactSearcher(UNIT)
    assert searcher.search(QUERIES, 10_000).positions.shape == (24, 300)
    mask = np.zeros(300, bool)
    mask[[7, 250]] = True
    found = searcher.search(QUERIES, 10, allowed=mask)
    assert sorted(found.positions[3].tolist()) == [7, 250]
    for searched in (
        searcher.search(QUERIES, 10, allowed=~np.ones(300, bool)),
        ExactSearcher(UNIT[:0]).search(QUERIES, 3),
    ):
        assert searched.positions.shape == searched.scores.shape == (24, 0)
    assert searcher.search(QUERIES[:0], 10).positions.shape == (0, 10)


@pytest.mark.parametrize(
    ("queries", "k", "rows", "message"),
    [
        (np.zeros((1, 24), np.float32), 10, 300, "query 0 is zero"),
        (np.full((1, 24), np.nan, np.float32), 10, 300, "NaN"),
        (np.full((1, 24), np.inf, np.float32), 10, 300, "infinite"),
        (np.ones((1, 23), np.float32), 10, 300, "24 numbers, the query's 23"),
        (np.ones((1, 24), np.float32), 0, 300, "at least 1 row"),
        (np.ones((1, 24), np.float32), 10, 299, "300 rows, the mask 299"),
    ],
)
def test_what_cannot_be_asked(queries: np.ndarray, k: int, rows: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ExactSearcher(UNIT).search(queries, k, allowed=np.ones(rows, bool))


def test_the_length_of_a_query_does_not_matter() -> None:
    searcher = ExactSearcher(UNIT)
    small, large = (searcher.search((QUERIES * factor).astype(np.float32), 10) for factor in (1e-3, 1e30))
    assert small.positions.tolist() == large.positions.tolist()


def test_every_float16_is_widened_exactly() -> None:
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)].reshape(-1, 2)
    wide = widened(halves)
    assert wide.dtype == np.float32
    assert wide.view(np.int32).tolist() == halves.astype(np.float32).view(np.int32).tolist()


def test_half_precision_finds_nearly_the_same(tmp_path: Path) -> None:
    found = ExactSearcher(table(tmp_path / "t", DATA, precision="float16").vectors).search(QUERIES, 10)
    np.testing.assert_allclose(found.scores, naive(DATA, QUERIES, 10)[1], atol=1e-3)


def test_filters_by_modality_split_and_scene(tmp_path: Path) -> None:
    found = table(tmp_path / "t", DATA)
    rows = rows_of(300)
    assert allowed_rows(found.rows) is None
    for modality in (None, Modality.SOUND, Modality.TEXT):
        for split in (None, Split.TEST):
            for scene in (None, "o'hara's \"bar\""):
                mask = allowed_rows(found.rows, modality=modality, split=split, scene=scene)
                expected = [
                    modality in (None, row.modality) and split in (None, row.split) and scene in (None, row.scene)
                    for row in rows
                ]
                assert (np.ones(300, bool) if mask is None else mask).tolist() == expected


def test_it_is_a_searcher() -> None:
    assert isinstance(ExactSearcher(UNIT), Searcher)
    assert len(ExactSearcher(UNIT)) == 300
