"""Vectors drawn around centres, what they are of, and tables of them."""

from pathlib import Path

import numpy as np

from xmodal.data.sample import Split
from xmodal.embeddings.table_index import Precision, TableKey
from xmodal.embeddings.table_writer import TableWriter
from xmodal.embeddings.vector_table import Row, VectorTable
from xmodal.modality import Modality
from xmodal.seeding import stream

KEY = TableKey(
    weights="0f" * 16, layer="hidden2", catalog="ca" * 16, modalities=(Modality.IMAGE, Modality.SOUND), details=""
)
SCENES = ("kitchen", "o'hara's \"bar\"", None)
PART_ROWS = 25


def vectors(rows: int, dim: int = 24, seed: int = 0) -> np.ndarray:
    """float32, of any length, around 20 centres."""
    drawn = stream(seed, "vectors")
    centres = stream(7, "centres").standard_normal((20, dim))
    found = centres[drawn.integers(0, 20, rows)] + 0.5 * drawn.standard_normal((rows, dim))
    return (found * drawn.uniform(0.1, 9, (rows, 1))).astype(np.float32)


def rows_of(count: int, first: int = 0) -> list[Row]:
    """Two rows an item: its picture and its sound; every third item is of the test split."""
    return [
        Row(
            f"item-{place // 2}",
            place // 2,
            (Modality.IMAGE, Modality.SOUND)[place % 2],
            Split.TEST if place // 2 % 3 == 0 else Split.TRAIN,
            SCENES[place // 2 % 5 % 3],
            text=place % 4,
        )
        for place in range(first, first + count)
    ]


def write(folder: Path, data: np.ndarray, *, precision: Precision = "float32", part_rows: int = PART_ROWS) -> None:
    """Write a table from wherever it is to its end."""
    with TableWriter(folder, KEY, dim=data.shape[1], precision=precision) as writer:
        while writer.rows < len(data):
            part = data[writer.rows : writer.rows + part_rows]
            rows = rows_of(len(part), writer.rows)
            writer.append(part, rows, items_done=(writer.rows + len(part)) // 2)
        if not writer.complete:
            writer.finish()


def table(folder: Path, data: np.ndarray, *, precision: Precision = "float32") -> VectorTable:
    """A finished table, opened."""
    write(folder, data, precision=precision, part_rows=4096)
    return VectorTable(folder, key=KEY)


def unit(data: np.ndarray) -> np.ndarray:
    """Rows of unit length, one number after the other."""
    return np.array([row / max(1e-12, np.sqrt(sum(float(x) ** 2 for x in row))) for row in data])


def naive(
    data: np.ndarray, queries: np.ndarray, k: int, allowed: np.ndarray | None = None
) -> tuple[list[list[int]], list[list[float]]]:
    """The oracle: every cosine, sorted; of equal ones the first row."""
    positions, scores = [], []
    for query in unit(queries):
        cosines = [float(np.sum(row * query)) for row in unit(data)]
        order = sorted(range(len(data)), key=lambda place: (-cosines[place], place))
        kept = [place for place in order if allowed is None or allowed[place]][:k]
        positions.append(kept)
        scores.append([cosines[place] for place in kept])
    return positions, scores
