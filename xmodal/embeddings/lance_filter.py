"""A mask over rows as a condition that LanceDB understands."""

import numpy as np
import pyarrow as pa
from jaxtyping import Bool, Int64

_COLUMNS = ("modality", "split", "scene")


class RowConditions:
    """Conditions over the rows of one table, whose columns are `vector_table.ROWS`.

    What filters by modality, split and scene make is written in these words; rows that are otherwise than most of
    their modality, split and scene are named one by one. The condition is exact for every mask, and short for those.
    """

    def __init__(self, rows: pa.Table) -> None:
        codes = np.zeros(rows.num_rows, np.int64)
        names: list[list[str | None]] = []
        for column in _COLUMNS:
            coded = rows[column].combine_chunks().dictionary_encode(null_encoding="encode")
            names.append(coded.dictionary.to_pylist())
            codes = codes * max(1, len(names[-1])) + coded.indices.to_numpy()
        kinds, self._kind_of_row = np.unique(codes, return_inverse=True)
        self._kinds = [self._named(int(kind), names) for kind in kinds]

    @staticmethod
    def _named(code: int, names: list[list[str | None]]) -> tuple[str | None, ...]:
        values: list[str | None] = []
        for column in reversed(names):
            code, place = divmod(code, max(1, len(column)))
            values.append(column[place])
        return tuple(reversed(values))

    def condition(self, allowed: Bool[np.ndarray, "rows"]) -> str:
        """The rows where `allowed` is true, in SQL."""
        share = np.bincount(self._kind_of_row, allowed, len(self._kinds)) / np.bincount(self._kind_of_row)
        mostly = share > 0.5
        by_kind = mostly[self._kind_of_row]
        inside = " OR ".join(self._kind(kind) for kind in np.flatnonzero(mostly).tolist()) or "false"
        without, beside = np.flatnonzero(by_kind & ~allowed), np.flatnonzero(allowed & ~by_kind)
        if without.size:
            inside = f"({inside}) AND row NOT IN ({_listed(without)})"
        return f"({inside}) OR row IN ({_listed(beside)})" if beside.size else inside

    def _kind(self, kind: int) -> str:
        values = zip(_COLUMNS, self._kinds[kind], strict=True)
        return "(" + " AND ".join(f"{name} {_equal(value)}" for name, value in values) + ")"


def _equal(value: str | None) -> str:
    return "IS NULL" if value is None else "= '" + value.replace("'", "''") + "'"


def _listed(rows: Int64[np.ndarray, "rows"]) -> str:
    return ", ".join(map(str, rows.tolist()))
