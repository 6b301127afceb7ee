"""Writing a table of vectors part by part: killed at any moment, what was committed stays and the rest is made again.

A part is committed by the index that names it, which is replaced in one step after the part's vectors and rows are on
disk. Bytes of the matrix beyond the committed parts are what a killed writer left; the next one cuts them off.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
from filelock import FileLock
from jaxtyping import Float

from xmodal.embeddings.table_index import (
    INDEX,
    Part,
    Precision,
    TableError,
    TableIndex,
    TableKey,
    matrix_path,
    read_index,
    rows_path,
)
from xmodal.embeddings.unit_rows import unit_rows
from xmodal.embeddings.vector_table import ROWS, Row, mapped, sound_parts
from xmodal.storage import atomic_path, atomic_write, file_sha256, remove_leftovers

_COPIED_BYTES = 1 << 22


class TableWriter:
    """The one writer of a table, while its `with` block lasts; another process that wants to write waits for it.

    with TableWriter(folder, key, dim=512) as writer:
        for first in range(writer.items_done, len(catalog), 64):
            writer.append(vectors, rows, items_done=first + 64)
        writer.finish()
    """

    def __init__(self, folder: Path, key: TableKey, *, dim: int, precision: Precision = "float32") -> None:
        self.folder = Path(folder)
        self._index = TableIndex(key=key, dim=dim, precision=precision)
        self._lock = FileLock(self.folder.with_name(f".{self.folder.name}.lock"))

    def __enter__(self) -> "TableWriter":
        """Take the lock and go on from the parts that are there and sound.

        Raises:
            TableError: the folder holds a table of another key, dimension or precision, or an index that is damaged.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        try:
            self._go_on()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lock back; what is committed stays."""
        self._lock.release()

    @property
    def rows(self) -> int:
        """Rows committed so far."""
        return self._index.rows

    @property
    def items_done(self) -> int:
        """Items of the catalog that are dealt with: the next part begins there."""
        return self._index.parts[-1].items_done if self._index.parts else 0

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do."""
        return self._index.complete

    def append(
        self,
        vectors: Float[np.ndarray, "rows dim"],
        rows: Sequence[Row],
        *,
        items_done: int,
        left_out: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Commit one part: vectors of any length (stored at unit length) and what they are of.

        `items_done` counts the catalog's items that are dealt with then, `left_out` names those of them without a
        vector, with the reason.

        Raises:
            ValueError: NaN or infinite numbers, other dimensions, not one row a vector, or fewer items than before.
        """
        if self.complete:
            raise ValueError(f"{self.folder} is finished")
        if vectors.shape != (len(rows), self._index.dim):
            raise ValueError(f"{len(rows)} rows of {self._index.dim} numbers each, not {vectors.shape}")
        if items_done < self.items_done:
            raise ValueError(f"{items_done} items are done, after {self.items_done}")
        data = self._as_stored(vectors, rows)
        number = len(self._index.parts)
        self._write_vectors(data)
        path = rows_path(self.folder, number)
        with atomic_path(path) as new, pa.OSFile(str(new), "wb") as sink, pa.ipc.new_file(sink, ROWS) as writer:
            writer.write_table(pa.Table.from_pylist([row._asdict() for row in rows], schema=ROWS))
        part = Part(
            rows=len(rows),
            items_done=items_done,
            vectors_sha256=hashlib.sha256(data).hexdigest(),
            rows_sha256=file_sha256(path),
            left_out=tuple(left_out),
        )
        self._commit(self._index.model_copy(update={"parts": (*self._index.parts, part)}))

    def finish(self) -> None:
        """Say that every item is dealt with: the table can be opened now."""
        self._commit(self._index.model_copy(update={"complete": True}))

    def _as_stored(self, vectors: Float[np.ndarray, "rows dim"], rows: Sequence[Row]) -> bytes:
        try:
            unit = unit_rows(vectors)
        except ValueError as error:
            bad = int(np.flatnonzero(~np.isfinite(vectors).all(axis=1))[0])
            raise ValueError(f"the {rows[bad].modality.display.lower()} of {rows[bad].id}: {error}") from error
        return unit.astype("<f4" if self._index.precision == "float32" else "<f2").tobytes()

    def _go_on(self) -> None:
        if (self.folder / INDEX).is_file():
            found = read_index(self.folder)
            same = (found.key, found.dim, found.precision) == (
                self._index.key,
                self._index.dim,
                self._index.precision,
            )
            if not same:
                raise TableError(f"{self.folder} holds vectors of something else: delete it or choose another folder")
            whole = sound_parts(self.folder, found, mapped(self.folder, found))
            self._index = found
            if whole < len(found.parts):
                self._commit(found.model_copy(update={"parts": found.parts[:whole], "complete": False}))
                self._leave_damage()
        if not self.complete:
            remove_leftovers(self.folder)

    def _leave_damage(self) -> None:
        """Give the sound vectors a new file: who has mapped the old one would crash if it were cut."""
        path = matrix_path(self.folder, self._index.precision)
        if not path.exists():
            return
        with atomic_path(path) as new, path.open("rb") as old, new.open("wb") as file:
            left = self.rows * self._index.row_bytes
            while left > 0:
                left -= file.write(old.read(min(left, _COPIED_BYTES)))

    def _write_vectors(self, data: bytes) -> None:
        path = matrix_path(self.folder, self._index.precision)
        with path.open("rb+" if path.exists() else "wb") as file:
            file.truncate(self.rows * self._index.row_bytes)
            file.seek(0, os.SEEK_END)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def _commit(self, index: TableIndex) -> None:
        atomic_write(self.folder / INDEX, index.model_dump_json())
        self._index = index
