"""Tables of vectors: what is written is read, whatever is damaged is said and made again."""

import json
import multiprocessing
import os
import signal
from pathlib import Path

import numpy as np
import pytest

from tests.embeddings.drawn import KEY, PART_ROWS, rows_of, table, unit, vectors, write
from tests.jobs.waiting import until
from tests.small_files import no_file_above
from xmodal.embeddings.table_index import FORMAT, INDEX, TableError, TableKey, read_index, table_folder
from xmodal.embeddings.table_writer import TableWriter
from xmodal.embeddings.vector_table import VectorTable
from xmodal.modality import Modality

DATA = vectors(110)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write(tmp_path / "t", DATA)
    found = VectorTable(tmp_path / "t", key=KEY)
    assert (len(found), found.dim, found.vectors.dtype) == (110, 24, np.float32)
    np.testing.assert_allclose(found.vectors, unit(DATA), atol=1e-6)
    assert [found.row(place) for place in range(110)] == rows_of(110)
    assert found.positions.tolist() == [row.position for row in rows_of(110)]
    assert len(found.index.parts) == 5
    assert not found.vectors.flags.writeable


def test_float16_is_the_same_to_three_digits_and_half_as_large(tmp_path: Path) -> None:
    found = table(tmp_path / "t", DATA, precision="float16")
    assert found.vectors.dtype == np.float16
    np.testing.assert_allclose(found.vectors, unit(DATA), atol=5e-4)
    assert (tmp_path / "t" / "vectors.f16").stat().st_size == 110 * 24 * 2


def test_a_key_names_its_folder_and_every_field_of_it_counts(tmp_path: Path) -> None:
    changed: dict[str, object] = {
        "weights": "w",
        "layer": "l",
        "catalog": "c",
        "modalities": (Modality.TEXT,),
        "details": "d",
    }
    keys = [KEY, *(KEY.model_copy(update={name: value}) for name, value in changed.items())]
    assert len({table_folder(tmp_path, key) for key in keys}) == len(keys) == len(TableKey.model_fields) + 1


def test_a_vector_of_zeros_stays_zero(tmp_path: Path) -> None:
    data = DATA.copy()
    data[3] = 0
    found = table(tmp_path / "t", data)
    assert not found.vectors[3].any()
    assert np.linalg.norm(found.vectors[4]) == pytest.approx(1)


def test_an_empty_table_and_items_without_vectors(tmp_path: Path) -> None:
    with TableWriter(tmp_path / "t", KEY, dim=24) as writer:
        writer.append(np.empty((0, 24), np.float32), [], items_done=2, left_out=[("a", "no sound"), ("b", "cut")])
        writer.finish()
    found = VectorTable(tmp_path / "t")
    assert (len(found), found.rows.num_rows, found.index.parts[0].items_done) == (0, 0, 2)
    assert found.index.parts[0].left_out == (("a", "no sound"), ("b", "cut"))


@pytest.mark.parametrize(
    ("value", "message"), [(np.nan, "sound of item-0: vector 1 holds NaN"), (np.inf, "infinite"), (-np.inf, "infinite")]
)
def test_what_is_not_a_number_is_not_written(tmp_path: Path, value: float, message: str) -> None:
    data = DATA[:4].copy()
    data[1, 5] = value
    with TableWriter(tmp_path / "t", KEY, dim=24) as writer:
        with pytest.raises(ValueError, match=message):
            writer.append(data, rows_of(4), items_done=2)
        assert writer.rows == 0


def test_parts_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with TableWriter(tmp_path / "t", KEY, dim=24) as writer:
        with pytest.raises(ValueError, match="4 rows of 24 numbers"):
            writer.append(DATA[:3], rows_of(4), items_done=2)
        with pytest.raises(ValueError, match="3 rows of 24 numbers"):
            writer.append(DATA[:3, :20], rows_of(3), items_done=2)
        writer.append(DATA[:4], rows_of(4), items_done=2)
        with pytest.raises(ValueError, match="1 items are done, after 2"):
            writer.append(DATA[4:6], rows_of(2, 4), items_done=1)
        writer.finish()
        with pytest.raises(ValueError, match="finished"):
            writer.append(DATA[4:6], rows_of(2, 4), items_done=3)


def _start(folder: Path, rows: int) -> None:
    with TableWriter(folder, KEY, dim=24) as writer:
        writer.append(DATA[:rows], rows_of(rows), items_done=rows // 2)


def test_an_unfinished_table_opens_only_for_who_asks_for_that(tmp_path: Path) -> None:
    _start(tmp_path / "t", 10)
    with pytest.raises(TableError, match=r"not finished \(10 rows\)"):
        VectorTable(tmp_path / "t")
    assert len(VectorTable(tmp_path / "t", unfinished=True)) == 10


def test_what_a_killed_writer_left_is_not_seen_and_is_written_over(tmp_path: Path) -> None:
    _start(tmp_path / "t", PART_ROWS)
    with (tmp_path / "t" / "vectors.f32").open("ab") as file:
        file.write(b"half a vector of a part that was never committed")
    (tmp_path / "t" / "rows-000001.arrow").write_bytes(b"ARROW1")
    (tmp_path / "t" / ".table.json.x1.json").write_bytes(b"{")
    assert len(VectorTable(tmp_path / "t", unfinished=True).rows) == PART_ROWS
    write(tmp_path / "t", DATA)
    write(tmp_path / "whole", DATA)
    assert VectorTable(tmp_path / "t").digest == VectorTable(tmp_path / "whole").digest
    assert sorted(path.name for path in (tmp_path / "t").iterdir()) == sorted(
        path.name for path in (tmp_path / "whole").iterdir()
    )


def _cut(folder: Path) -> None:
    path = folder / "vectors.f32"
    path.write_bytes(path.read_bytes()[:-5])


def _flipped(folder: Path) -> None:
    path = folder / "vectors.f32"
    data = bytearray(path.read_bytes())
    data[60 * 24 * 4 + 3] ^= 1
    path.write_bytes(data)


def _cut_rows(folder: Path) -> None:
    path = folder / "rows-000002.arrow"
    path.write_bytes(path.read_bytes()[:-20])


def _missing_rows(folder: Path) -> None:
    (folder / "rows-000002.arrow").unlink()


def _wrong_digest(folder: Path) -> None:
    index = json.loads((folder / INDEX).read_text())
    index["parts"][2]["vectors_sha256"] = "0" * 64
    (folder / INDEX).write_text(json.dumps(index))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_cut, "cut: 109 of 110 rows"),
        (_flipped, "damaged from row 50 on"),
        (_cut_rows, "damaged from row 50 on"),
        (_missing_rows, "damaged from row 50 on"),
        (_wrong_digest, "damaged from row 50 on"),
    ],
)
def test_damage_is_said_and_only_what_is_damaged_is_made_again(tmp_path: Path, damage, message: str) -> None:
    write(tmp_path / "t", DATA)
    sound = VectorTable(tmp_path / "t")
    before = np.array(sound.vectors[:50])
    damage(tmp_path / "t")
    with pytest.raises(TableError, match=message):
        VectorTable(tmp_path / "t")
    with TableWriter(tmp_path / "t", KEY, dim=24) as writer:
        assert (writer.rows, writer.items_done) == ((100, 50) if damage is _cut else (50, 25))
        assert not writer.complete
    np.testing.assert_array_equal(sound.vectors[:50], before)  # a reader that has it mapped lives on
    write(tmp_path / "t", DATA)
    assert VectorTable(tmp_path / "t").digest == sound.digest


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is damaged"),
        (b"{", "is damaged"),
        (b"[]", "is damaged"),
        (b'{"format": 1}', "key: field required"),
        (json.dumps({"format": FORMAT + 1, "new": 3}).encode(), "newer version"),
    ],
)
def test_an_index_that_cannot_be_read_is_said_and_never_written_over(
    tmp_path: Path, content: bytes, message: str
) -> None:
    write(tmp_path / "t", DATA)
    (tmp_path / "t" / INDEX).write_bytes(content)
    with pytest.raises(TableError, match=message):
        VectorTable(tmp_path / "t")
    with pytest.raises(TableError, match=message), TableWriter(tmp_path / "t", KEY, dim=24):
        pass
    assert (tmp_path / "t" / INDEX).read_bytes() == content


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "t", DATA)
    other = KEY.model_copy(update={"layer": "scores"})
    with pytest.raises(TableError, match="something else"):
        VectorTable(tmp_path / "t", key=other)
    for key, dim in ((other, 24), (KEY, 25)):
        with pytest.raises(TableError, match="something else"), TableWriter(tmp_path / "t", key, dim=dim):
            pass
    with pytest.raises(TableError, match="holds no table"):
        VectorTable(tmp_path / "nothing")


def test_a_full_disk_leaves_the_committed_parts(tmp_path: Path) -> None:
    _start(tmp_path / "t", PART_ROWS)
    with TableWriter(tmp_path / "t", KEY, dim=24) as writer:
        with no_file_above(PART_ROWS * 24 * 4 + 1000), pytest.raises(OSError, match="File too large"):
            writer.append(DATA[25:50], rows_of(25, 25), items_done=25)
        assert writer.rows == PART_ROWS
        writer.append(DATA[25:50], rows_of(25, 25), items_done=25)
    assert len(VectorTable(tmp_path / "t", unfinished=True)) == 50


MANY = vectors(700, dim=24, seed=3)


def _write_and_wait(folder: Path, rows: int) -> None:
    """Write at least that many rows, then wait to be killed."""
    with TableWriter(folder, KEY, dim=MANY.shape[1]) as writer:
        while writer.rows < rows:
            part = MANY[writer.rows : writer.rows + PART_ROWS]
            writer.append(part, rows_of(len(part), writer.rows), items_done=(writer.rows + len(part)) // 2)
        signal.pause()


def test_a_writer_that_is_killed_again_and_again_makes_the_same_table(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.embeddings.drawn"])
    folder, killed_at = tmp_path / "killed", []
    for least in (150, 450):
        child = context.Process(target=_write_and_wait, args=(folder, least + 100))
        child.start()
        until(lambda least=least: (folder / INDEX).is_file() and read_index(folder).rows >= least)
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        left = VectorTable(folder, unfinished=True)
        assert [left.row(place) for place in (0, len(left) - 1)] == [rows_of(1)[0], rows_of(1, len(left) - 1)[0]]
        np.testing.assert_allclose(left.vectors, unit(MANY[: len(left)]), atol=1e-6)
        killed_at.append(len(left))
    assert 150 <= killed_at[0] <= killed_at[1] < 700
    write(folder, MANY)
    write(tmp_path / "whole", MANY)
    assert VectorTable(folder).digest == VectorTable(tmp_path / "whole").digest
    assert (folder / "vectors.f32").read_bytes() == (tmp_path / "whole" / "vectors.f32").read_bytes()
