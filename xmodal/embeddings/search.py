"""What every way of searching a table of vectors offers, and what it is asked."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import pyarrow as pa
from jaxtyping import Bool, Float, Float32, Int64

from xmodal.data.catalog import equals
from xmodal.data.sample import Split
from xmodal.embeddings.unit_rows import unit_rows
from xmodal.modality import Modality


@dataclass(frozen=True)
class Found:
    """The nearest rows of each query, best first; of equally near ones the first in the table comes first.

    (An approximate engine sees only those that it finds.)
    """

    positions: Int64[np.ndarray, "queries found"]
    """Rows of the table."""
    scores: Float32[np.ndarray, "queries found"]
    """Their cosines with the query, computed from the stored vectors whatever the engine: comparable between them."""
    recall_at_10: float | None = 1.0
    """Share of the true ten nearest that this engine finds, measured on the user's own vectors; 1 if it is exact, None
    if it was not measured (LanceDB under a filter that keeps many rows)."""


@runtime_checkable
class Searcher(Protocol):
    """One engine over one table."""

    def __len__(self) -> int:
        """Rows of the table."""
        ...

    def search(
        self,
        queries: Float[np.ndarray, "queries dim"],
        k: int,
        *,
        allowed: Bool[np.ndarray, "rows"] | None = None,
    ) -> Found:
        """The `k` nearest allowed rows of each query; fewer if fewer are allowed, none if none is.

        Queries may have any length but 0.

        Raises:
            ValueError: `k` below 1, other dimensions than the table's, a mask of another length, a query that is zero
                or holds NaN or infinite numbers.
        """
        ...


def asked(
    queries: Float[np.ndarray, "queries dim"], k: int, allowed: Bool[np.ndarray, "rows"] | None, shape: tuple[int, int]
) -> Float32[np.ndarray, "queries dim"]:
    """The queries at unit length, if they can be asked of a table of that shape.

    Raises:
        ValueError: see `Searcher.search`.
    """
    rows, dim = shape
    if k < 1:
        raise ValueError(f"at least 1 row must be asked for, not {k}")
    if queries.shape[1] != dim:
        raise ValueError(f"the table's vectors have {dim} numbers, the query's {queries.shape[1]}")
    if allowed is not None and len(allowed) != rows:
        raise ValueError(f"the table has {rows} rows, the mask {len(allowed)}")
    unit = unit_rows(queries)
    heard = unit.any(axis=1)
    if not heard.all():
        raise ValueError(f"query {np.argmin(heard)} is zero: nothing is near to it or far from it")
    return unit


def possible(k: int, rows: int, allowed: Bool[np.ndarray, "rows"] | None) -> int:
    """How many rows a search for `k` finds."""
    return min(k, rows if allowed is None else int(np.count_nonzero(allowed)))


def allowed_rows(
    rows: pa.Table, *, modality: Modality | None = None, split: Split | None = None, scene: str | None = None
) -> Bool[np.ndarray, "rows"] | None:
    """Which rows (`VectorTable.rows`) pass the filters, None if every one does; an unset filter keeps all."""
    wanted = {"modality": modality, "split": split, "scene": scene}
    masks = [equals(rows[column], str(value)) for column, value in wanted.items() if value is not None]
    return np.logical_and.reduce(masks) if masks else None
