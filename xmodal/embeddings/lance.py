"""Vectors in LanceDB: for collections that outgrow one machine's disk.

LanceDB is an optional package. It keeps its threads in this process, logs to standard error, and makes no request
unless the place that it is given is an object store. `LanceCollection` is the store, `lance_search` the engine.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Float

from xmodal.embeddings.matrix_blocks import Block, blocks
from xmodal.embeddings.table_index import FORMAT, TableError, TableKey
from xmodal.embeddings.unit_rows import unit_rows
from xmodal.embeddings.vector_table import ROWS, Row, VectorTable, row_of
from xmodal.errors import InputError, reason
from xmodal.progress import Progress, Silent

INSTALL = "pip install lancedb"
_KEY = b"xmodal_key"
_COPIED_ROWS = 16_384


class LanceCollection:
    """The vectors of one key below an address: a folder, or an object store (`s3://bucket/folder`).

    An append is there as a whole or not at all, also when its process is killed. One writer at a time.
    """

    def __init__(self, address: str, key: TableKey, *, dim: int) -> None:
        """Open the collection, or make an empty one.

        Raises:
            InputError: LanceDB is not installed, or the address cannot be opened.
            TableError: it holds vectors of another key or dimension.
        """
        schema = pa.schema(
            [("row", pa.int64()), ("vector", pa.list_(pa.float32(), dim)), *ROWS],
            metadata={_KEY: f"{FORMAT} {key.digest}"},
        )
        self.key, self.dim, self._schema = key, dim, schema
        name = f"vectors_{key.digest[:16]}"
        lancedb = _lancedb()
        try:
            self.database = lancedb.connect(address)
            try:
                self.table = self.database.open_table(name)
            except ValueError:  # there is none
                self.table = self.database.create_table(name, schema=schema)
        except (OSError, RuntimeError, ValueError) as error:
            raise InputError(f"{address} cannot be opened with LanceDB: {reason(error)}") from error
        found = self.table.schema
        if (found.metadata or {}).get(_KEY) != schema.metadata[_KEY] or found.field("vector") != schema.field("vector"):
            raise TableError(f"{address} holds vectors of something else under the same name")

    def __len__(self) -> int:
        """Committed rows."""
        return self.table.count_rows()

    def append(self, vectors: Float[np.ndarray, "rows dim"], rows: Sequence[Row]) -> None:
        """Commit vectors of any length (stored at unit length, or zero) and what they are of.

        Raises:
            ValueError: NaN or infinite numbers, other dimensions, or not one row a vector.
        """
        self._add(vectors, pa.Table.from_pylist([row._asdict() for row in rows], schema=ROWS))

    def _add(self, vectors: Float[np.ndarray, "rows dim"], rows: pa.Table) -> None:
        if vectors.shape != (rows.num_rows, self.dim):
            raise ValueError(f"{rows.num_rows} rows of {self.dim} numbers each, not {vectors.shape}")
        first = len(self)
        numbers = pa.FixedSizeListArray.from_arrays(pa.array(unit_rows(vectors).ravel()), self.dim)
        columns = [pa.array(np.arange(first, first + len(vectors))), numbers, *rows.columns]
        self.table.add(pa.table(columns, schema=self._schema))
        self.__dict__.pop("rows", None)

    @cached_property
    def rows(self) -> pa.Table:
        """What each vector is of, with the columns `ROWS`, read into memory."""
        found = self.table.search().select(["row", *ROWS.names]).limit(max(1, len(self))).to_arrow()
        return found.sort_by("row").select(ROWS.names)

    def row(self, place: int) -> Row:
        """What the vector at `place` is of."""
        return row_of(self.rows.slice(place, 1))

    def blocks(self) -> Iterator[Block]:
        """All vectors once, from disk, in the order of their rows."""
        for first in range(0, len(self), _COPIED_ROWS):
            yield self.vectors(f"row >= {first} AND row < {first + _COPIED_ROWS}")

    def vectors(self, condition: str) -> Block:
        """Positions and vectors of the rows that fulfil a condition, in ascending order."""
        query = self.table.search().where(condition).select(["row", "vector"]).limit(max(1, len(self)))
        return positions_and_vectors(query.to_arrow().sort_by("row"), self.dim)


def positions_and_vectors(found: pa.Table, dim: int) -> Block:
    """The columns `row` and `vector` as arrays."""
    numbers = found["vector"].combine_chunks()
    return found["row"].to_numpy(), numbers.flatten().to_numpy(zero_copy_only=False).reshape(-1, dim)


def copied(table: VectorTable, address: str, *, progress: Progress | None = None) -> LanceCollection:
    """The vectors of a table in LanceDB; goes on where an interrupted copy stopped.

    Raises:
        InputError, TableError: see `LanceCollection`; there are more rows than the table has.
    """
    progress = progress or Silent()
    collection = LanceCollection(address, table.index.key, dim=table.dim)
    there = len(collection)
    if there > len(table):
        raise TableError(f"{address} holds {there} vectors of a table that has {len(table)}: delete it and copy again")
    for positions, vectors in blocks(table.vectors[there:]):
        for first in range(0, len(vectors), _COPIED_ROWS):
            part = vectors[first : first + _COPIED_ROWS]
            collection._add(part, table.rows.slice(there + int(positions[first]), len(part)))
            progress.update("Copying vectors", len(collection), len(table))
    if there < len(table):
        collection.table.optimize()  # many appends leave many small files
    return collection


def _lancedb() -> Any:
    """The package, typed as anything: it need not be installed."""
    try:
        import lancedb
    except ImportError as error:
        raise InputError(f"LanceDB is not installed: {INSTALL}") from error
    return lancedb
