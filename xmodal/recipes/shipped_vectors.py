"""Vectors of a catalog that lie beside the weights that made them, so that search needs no job: read, never written to.

`<run>/vectors/<table folder>` is a finished table (`xmodal/embeddings`), rounded to float16, with its scales.
The workspace's own table comes first wherever there is one.
"""

from pathlib import Path

import numpy as np

from xmodal.embeddings.sense_scales import load_scales
from xmodal.embeddings.table_index import TableIndex, TableKey, read_index, table_folder
from xmodal.embeddings.table_writer import TableWriter
from xmodal.embeddings.vector_table import VectorTable
from xmodal.errors import InputError
from xmodal.recipes.embedder import scaled
from xmodal.recipes.networks import recipe_of
from xmodal.runs.run import Run, RunError
from xmodal.storage import atomic_directory

FOLDER = "vectors"
"""Folder of a run that holds them."""
MOST_BYTES = 8_000_000
"""Of one table that ships."""


def shipped_folder(run: Run, key: TableKey) -> Path:
    """Where the table of that key would lie in the run."""
    return table_folder(run.folder / FOLDER, key)


def shipped_index(run: Run, key: TableKey) -> TableIndex | None:
    """What came with the run; None: no finished table of that key. Its vectors are not looked at yet."""
    try:
        found = read_index(shipped_folder(run, key))
    except InputError:
        return None
    return found if found.complete and found.key == key else None


def shipped_table(run: Run, key: TableKey) -> VectorTable | None:
    """The table that came with the run, every byte of it checked; None: none did.

    Raises:
        TableError: it is damaged.
    """
    if shipped_index(run, key) is None:
        return None
    table = VectorTable(shipped_folder(run, key), key=key)
    if scaled(recipe_of(run)):
        load_scales(table.folder)
    return table


def keep(run: Run, table: VectorTable) -> VectorTable:
    """Put a table beside the weights of the run that made it.

    Raises:
        RunError: it is larger than what ships.
        TableError: its scales are missing or damaged.
    """
    folder = shipped_folder(run, table.index.key)
    size_bytes = table.index.rows * table.dim * 2
    if size_bytes > MOST_BYTES:
        raise RunError(f"vectors of {size_bytes:,} bytes are too many to ship: at most {MOST_BYTES:,}")
    with atomic_directory(folder) as new:
        with TableWriter(new, table.index.key, dim=table.dim, precision="float16") as writer:
            first = 0
            for part in table.index.parts:
                rows = [table.row(place) for place in range(first, first + part.rows)]
                vectors = np.asarray(table.vectors[first : first + part.rows], np.float32)
                writer.append(vectors, rows, items_done=part.items_done, left_out=part.left_out)
                first += part.rows
            writer.finish()
        if scaled(recipe_of(run)):
            load_scales(table.folder).save(new)
    for lock in folder.parent.glob(".*.lock"):
        lock.unlink()
    return VectorTable(folder, key=table.index.key)
