"""The FAISS index of a table: inverted lists of vectors of 8 bits a number, kept on disk beside the matrix.

It is a cache. Whatever is wrong with it (missing, damaged, of another matrix, by another version), it is made again
from the matrix.
"""

from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field

from xmodal.embeddings.faiss_package import faiss_package
from xmodal.embeddings.matrix_blocks import blocks, widened
from xmodal.progress import Progress
from xmodal.seeding import stream
from xmodal.storage import atomic_directory, atomic_write, file_sha256

INDEX, LISTS = "ivf.json", "lists.faiss"
FORMAT = 1
FaissIndex = Any
"""An `IndexIVF` of FAISS, which has no types."""
_TRAINED_ON = 64
"""Vectors a list that the lists' centres are found from."""


class Measured(BaseModel):
    """How hard to look, and what that finds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    """Digest of the table."""
    target: float = Field(gt=0, le=1)
    """The recall that was asked for."""
    trial: str
    """Digest of the queries that it was measured with; empty: rows of the table."""
    probes: int = Field(ge=1)
    """Lists that a query looks into."""
    recall_at_10: float = Field(ge=0, le=1)
    """Reached with so many; below the target only where every list is looked into."""


class IvfIndex(BaseModel):
    """What `ivf.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=FORMAT, ge=FORMAT, le=FORMAT)
    lists_sha256: str
    measured: Measured


def list_count(rows: int) -> int:
    """The power of two nearest to the square root of the rows: building and looking cost about the same then."""
    return max(1, 1 << round(np.log2(max(1, rows)) / 2))


def built(vectors: Float[np.ndarray, "rows dim"], progress: Progress) -> FaissIndex:
    """An index over all rows: the same bytes from the same rows, by fixed seeds.

    One byte a number and 8 a row, in memory; the matrix is read in blocks.
    """
    faiss = faiss_package()
    rows, dim = vectors.shape
    lists = list_count(rows)
    index = faiss.index_factory(dim, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.cp.min_points_per_centroid = 1  # tables that are too small for the default warn otherwise
    chosen = np.sort(stream(0, "training rows").permutation(rows)[: _TRAINED_ON * lists])
    progress.update("Training the search index", 0, rows)
    index.train(widened(vectors[chosen]))
    for positions, part in blocks(vectors):
        index.add(part)
        progress.update("Building the search index", int(positions[-1]) + 1, rows)
    return index


def keep(folder: Path, index: FaissIndex, measured: Measured, kept: IvfIndex | None) -> None:
    """Keep an index with what was measured, in one step; of one that is `kept` already, what was measured anew."""
    faiss = faiss_package()
    if kept is not None:
        atomic_write(folder / INDEX, kept.model_copy(update={"measured": measured}).model_dump_json())
        return
    with atomic_directory(folder) as new:
        with (new / LISTS).open("wb") as file:
            faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))
        described = IvfIndex(lists_sha256=file_sha256(new / LISTS), measured=measured)
        atomic_write(new / INDEX, described.model_dump_json())


def load(folder: Path, table: str, shape: tuple[int, int]) -> tuple[FaissIndex, IvfIndex] | None:
    """The index that is kept for a table of that digest and shape; None if there is none that can be used."""
    faiss = faiss_package()
    try:
        kept = IvfIndex.model_validate_json((folder / INDEX).read_bytes())
        if kept.measured.table != table or file_sha256(folder / LISTS) != kept.lists_sha256:
            return None
        index = faiss.read_index(str(folder / LISTS))
    except (OSError, ValueError, RuntimeError):  # RuntimeError: what FAISS says of a file of another version
        return None
    fits = isinstance(index, faiss.IndexIVF) and (index.ntotal, index.d) == shape
    return (index, kept) if fits else None
