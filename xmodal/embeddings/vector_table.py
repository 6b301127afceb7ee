"""Vectors of one catalog on disk: a memory-mapped matrix, and what each of its rows is of.

A folder holds `vectors.f32` or `vectors.f16` (the raw matrix, row after row), `rows-*.arrow` (one Arrow file a part)
and `table.json` (what it is of, the committed parts with their digests). `table_writer` makes it. Rows have unit
length, so that a dot product is a cosine; a row is zero where the network answered nothing, and its cosine with
everything is 0.

float16 halves the disk. Entries are rounded to 11 bits, which moves a cosine by about 1e-5: `benchmarks/retrieval.py`
prints what that does to the ten nearest. Exact search takes about three times as long on it as on
float32 (entries are widened first).
"""

import hashlib
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from jaxtyping import Float, Int64

from xmodal.data.sample import Split
from xmodal.embeddings.table_index import TableError, TableIndex, TableKey, matrix_path, read_index, rows_path
from xmodal.errors import reason
from xmodal.modality import Modality
from xmodal.storage import file_sha256

ROWS = pa.schema(
    [
        ("id", pa.string()),
        ("position", pa.int64()),
        ("modality", pa.string()),
        ("split", pa.string()),
        ("scene", pa.string()),
        ("text", pa.int32()),
    ]
)
"""Columns of a table's rows, those of `Row`."""


class Row(NamedTuple):
    """What one vector is of."""

    id: str
    """Id of the item."""
    position: int
    """Its position in the catalog."""
    modality: Modality
    """Which entry of it."""
    split: Split
    scene: str | None = None
    text: int = 0
    """Which text, of an entry that holds several."""


class VectorTable:
    """A table opened for reading; the matrix is mapped, not read (verification reads it once)."""

    def __init__(
        self, folder: Path, *, key: TableKey | None = None, verify: bool = True, unfinished: bool = False
    ) -> None:
        """Open a folder.

        Sizes are always checked; `verify` has the digest of every part checked too, at 1-2 GB/s. `unfinished` allows
        a table whose extraction has not come to its end: what is committed now is what is seen.

        Raises:
            TableError: missing, damaged, of another key than `key`, not finished, or from a newer version.
        """
        self.folder = Path(folder)
        self.index = read_index(self.folder)
        if key is not None and self.index.key != key:
            raise TableError(f"{self.folder} holds vectors of something else than what is asked for")
        if not self.index.complete and not unfinished:
            raise TableError(f"{self.folder} is not finished ({self.index.rows} rows): extract its vectors again")
        self.vectors: Float[np.ndarray, "rows dim"] = mapped(self.folder, self.index)
        """The matrix, read-only."""
        if len(self.vectors) < self.index.rows:
            raise TableError(
                f"{matrix_path(self.folder, self.index.precision)} is cut: {len(self.vectors)} of "
                f"{self.index.rows} rows; extract its vectors again"
            )
        if verify:
            whole = sound_parts(self.folder, self.index, self.vectors)
            if whole < len(self.index.parts):
                raise TableError(
                    f"{self.folder} is damaged from row {_start(self.index, whole)} on: extract its vectors again"
                )

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.vectors)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self.index.dim

    @property
    def digest(self) -> str:
        """Changes when any vector or row changes."""
        return self.index.digest

    @cached_property
    def rows(self) -> pa.Table:
        """What each vector is of, with the columns `ROWS`, memory-mapped.

        Raises:
            TableError: a file is missing or unreadable.
        """
        parts = [_read_rows(rows_path(self.folder, part)) for part in range(len(self.index.parts))]
        table = pa.concat_tables([ROWS.empty_table(), *parts])
        if table.num_rows != len(self):
            raise TableError(f"{self.folder} has {table.num_rows} rows for {len(self)} vectors")
        return table

    @cached_property
    def positions(self) -> Int64[np.ndarray, "rows"]:
        """Position in the catalog of each row's item."""
        return self.rows["position"].to_numpy()

    def row(self, place: int) -> Row:
        """What the vector at `place` is of."""
        return row_of(self.rows.slice(place, 1))


def row_of(table: pa.Table) -> Row:
    """The first row of a table with the columns `ROWS`."""
    found = table.select(ROWS.names).slice(0, 1).to_pylist()[0]
    return Row(**found | {"modality": Modality(found["modality"]), "split": Split(found["split"])})


def mapped(folder: Path, index: TableIndex) -> Float[np.ndarray, "rows dim"]:
    """The committed rows of the matrix, read-only; fewer if the file is cut.

    Raises:
        TableError: the file cannot be read.
    """
    path = matrix_path(folder, index.precision)
    kind = np.dtype("<f4" if index.precision == "float32" else "<f2")
    try:
        rows = min(index.rows, path.stat().st_size // index.row_bytes) if path.exists() else 0
        if rows == 0:
            return np.empty((0, index.dim), kind)
        return np.asarray(np.memmap(path, kind, "r", shape=(rows, index.dim)))
    except OSError as error:
        raise TableError(f"{path} cannot be read: {reason(error)}") from error


def sound_parts(folder: Path, index: TableIndex, vectors: Float[np.ndarray, "rows dim"]) -> int:
    """How many parts, from the first on, are as they were committed; `vectors` is what is mapped of them.

    Going through the mapping also has the system enter all of its pages: single rows are then read without faults.
    """
    start = 0
    for number, part in enumerate(index.parts):
        path = rows_path(folder, number)
        if not path.is_file() or file_sha256(path) != part.rows_sha256:
            return number
        if hashlib.sha256(vectors[start : start + part.rows].data).hexdigest() != part.vectors_sha256:
            return number
        start += part.rows
    return len(index.parts)


def _start(index: TableIndex, part: int) -> int:
    return sum(each.rows for each in index.parts[:part])


def _read_rows(path: Path) -> pa.Table:
    try:
        table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    except (OSError, pa.ArrowException) as error:
        raise TableError(f"{path} is missing or damaged: extract the vectors again") from error
    if table.schema != ROWS:
        raise TableError(f"{path} has other columns than a table of vectors")
    return table
