"""A catalog: a table of samples on disk, opened without loading it.

One folder holds `items-*.arrow` (Arrow IPC, memory-mapped: opening millions of rows reads the footer only),
`catalog.json` (which table counts, name, reader, roots, digest) and `report.json` (bad rows). Media stay where they
are; the table holds references (`media.parse`). A `Catalog` is cheap to pickle: each worker opens it again by path.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Bool, Int64
from pydantic import BaseModel, ConfigDict, Field

from xmodal.data.pairing import FULL, Pairing
from xmodal.data.report import Report
from xmodal.data.rows import from_row
from xmodal.data.sample import Sample, Split
from xmodal.errors import InputError
from xmodal.modality import Modality

MANIFEST = "catalog.json"
REPORT = "report.json"


class CatalogManifest(BaseModel):
    """What `catalog.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=1, le=1)
    """Version of the layout on disk."""
    name: str
    """Short name, also the folder's."""
    title: str
    """Name for people."""
    reader: str
    """Key of `readers.READERS`, `world`, or `table`."""
    roots: dict[str, str]
    """Named folders of the media; the empty name is the main one, relative to this folder if not absolute."""
    table: str = ""
    """File name of the table in this folder."""
    items: int = Field(default=0, ge=0)
    digest: str = ""
    """Digest of the table: changes when any row changes."""
    notes: str = ""
    """Licence, attribution, remarks."""


class Filter(BaseModel):
    """Which items to keep; an unset field keeps all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    split: Split | None = None
    """Items of this part; unset: of all parts."""
    scene: str | None = None
    """Items with this scene label."""
    without_scenes: tuple[str, ...] = ()
    """Scenes to leave out, such as `world.categories.ZERO_SHOT` in training."""
    group: str | None = None
    """Items of this speaker, video or user."""
    modality: Modality | None = None
    """Items that have this entry."""
    words: str = ""
    """Every one of these words occurs in the text, the spoken words, the objects, the sound events, the scene or id."""


_ITERATED_ROWS = 512
"""Rows that iteration converts at once."""


class CatalogError(InputError):
    """A folder that is not a readable catalog."""


class Catalog:
    """Lazy random access to the samples of one catalog, or of a selection of it."""

    def __init__(self, folder: Path, rows: Int64[np.ndarray, "items"] | None = None, pairing: Pairing = FULL) -> None:
        """Open a catalog folder.

        Raises:
            CatalogError: missing, unreadable or written by a newer version.
        """
        self.folder = Path(folder)
        self.pairing = pairing
        self._rows = rows
        self.manifest, self.whole = _opened(self.folder)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as the path; the table is mapped again on arrival."""
        return (_reopened, (self.folder, self.digest, self._rows, self.pairing))

    @cached_property
    def roots(self) -> Mapping[str, Path]:
        """Named folders that references are relative to."""
        return {name: (self.folder / path).resolve() for name, path in self.manifest.roots.items()}

    @property
    def name(self) -> str:
        """Short name."""
        return self.manifest.name

    @property
    def digest(self) -> str:
        """Digest of the whole table."""
        return self.manifest.digest

    def column(self, name: str) -> pa.ChunkedArray:
        """One column of this selection (a view if nothing is filtered)."""
        return self.whole[name] if self._rows is None else self.whole[name].take(pa.array(self._rows))

    @property
    def rows(self) -> Int64[np.ndarray, "items"]:
        """Row numbers of this selection in the whole table."""
        return np.arange(self.whole.num_rows, dtype=np.int64) if self._rows is None else self._rows

    @property
    def table(self) -> pa.Table:
        """The rows of this selection (a view if nothing is filtered)."""
        return self.whole if self._rows is None else self.whole.take(pa.array(self._rows))

    def __len__(self) -> int:
        """Number of items in this selection."""
        return self.whole.num_rows if self._rows is None else int(self._rows.size)

    def __getitem__(self, position: int) -> Sample:
        """The sample at `position` (0 to len - 1; negative from the end)."""
        if not -len(self) <= position < len(self):
            raise IndexError(f"item {position} of {len(self)}")
        row = position % len(self) if self._rows is None else int(self._rows[position])
        return self.pairing.apply(from_row(self.whole.slice(row, 1).to_pylist()[0], self.roots))

    def __iter__(self) -> Iterator[Sample]:
        """All samples of this selection in order."""
        for first in range(0, len(self), _ITERATED_ROWS):
            rows = self.rows[first : first + _ITERATED_ROWS]
            part = self.whole.slice(first, rows.size) if self._rows is None else self.whole.take(pa.array(rows))
            for row in part.to_pylist():
                yield self.pairing.apply(from_row(row, self.roots))

    def find(self, identity: str) -> int | None:
        """Position of the item with that id in this selection, None if it is not there."""
        row = pc.index(self.whole["id"], identity).as_py()
        if row < 0 or self._rows is None:
            return row if row >= 0 else None
        places = np.flatnonzero(self._rows == row)
        return int(places[0]) if places.size else None

    def sample(self, identity: str) -> Sample:
        """The item with that id.

        Raises:
            KeyError: there is none.
        """
        position = self.find(identity)
        if position is None:
            raise KeyError(f"catalog {self.name!r} has no item {identity!r}")
        return self[position]

    def select(self, wanted: Filter) -> "Catalog":
        """The items that pass the filter, in the same order."""
        return self._selected(_mask(self, wanted), self.pairing)

    def paired(self, pairing: Pairing) -> "Catalog":
        """The same items with training entries hidden by `pairing`; training items left with no pair are dropped."""
        keep = np.ones(len(self), dtype=bool)
        if pairing.pairs:
            have = {modality: _present(self.column(modality.value)) for modality in Modality}
            fills = [np.logical_and.reduce([have[modality] for modality in pair]) for pair in pairing.pairs]
            trains = equals(self.column("split"), Split.TRAIN.value)
            keep = ~trains | np.logical_or.reduce(fills)
        return self._selected(keep, pairing)

    def _selected(self, keep: np.ndarray, pairing: Pairing) -> "Catalog":
        """The items where `keep` is true, over the same mapped table."""
        chosen = object.__new__(Catalog)
        rows = self._rows if keep.all() else self.rows[keep]
        chosen.__dict__.update(self.__dict__, pairing=pairing, _rows=rows)
        return chosen

    def counts(self) -> dict[Modality, int]:
        """How many items have each modality (absent ones left out)."""
        have = {modality: len(self) - self.column(modality.value).null_count for modality in Modality}
        return {modality: count for modality, count in have.items() if count}

    def values(self, column: str) -> Counter[str]:
        """How often each value of `split`, `scene` or `group` occurs, None left out."""
        counted = pc.call_function("value_counts", [self.column(column).combine_chunks()]).to_pylist()
        return Counter({entry["values"]: entry["counts"] for entry in counted if entry["values"] is not None})

    def report(self) -> Report:
        """What the import skipped."""
        return Report.load(self.folder / REPORT)


def _opened(folder: Path) -> tuple[CatalogManifest, pa.Table]:
    """Manifest and memory-mapped table.

    A writer replaces the manifest first and deletes the old table after it, so a reader that comes between the two
    looks again. Who has mapped a table keeps its rows, also when it is deleted.
    """
    seen = None
    while True:
        manifest = _manifest(folder)
        path = folder / manifest.table
        try:
            return manifest, pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        except (OSError, pa.ArrowException) as error:
            if not isinstance(error, FileNotFoundError) or manifest.table == seen:
                raise CatalogError(f"{path} is damaged: import the data again") from error
            seen = manifest.table


def _manifest(folder: Path) -> CatalogManifest:
    try:
        return CatalogManifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise CatalogError(f"{folder} is not a readable catalog: {reason}") from error


def _reopened(folder: Path, digest: str, rows: Int64[np.ndarray, "items"] | None, pairing: Pairing) -> Catalog:
    """What a pickled catalog becomes: the same rows of the same table, or an error."""
    catalog = Catalog(folder, rows, pairing)
    if catalog.digest != digest:
        raise CatalogError(f"{folder} was written again meanwhile: open it again")
    return catalog


def equals(column: pa.ChunkedArray, value: str) -> Bool[np.ndarray, "items"]:
    """Where a column of strings holds that value; nowhere where it holds nothing."""
    return pc.fill_null(pc.call_function("equal", [column, pa.scalar(value)]), False).to_numpy()


def _present(column: pa.ChunkedArray) -> Bool[np.ndarray, "items"]:
    return pc.call_function("is_valid", [column]).to_numpy()


def _mask(catalog: Catalog, wanted: Filter) -> Bool[np.ndarray, "items"]:
    keep = np.ones(len(catalog), dtype=bool)
    for column in ("split", "scene", "group"):
        value = getattr(wanted, column)
        if value is not None:
            keep &= equals(catalog.column(column), str(value))
    if wanted.without_scenes:
        scenes = pc.SetLookupOptions(pa.array(wanted.without_scenes))
        keep &= ~pc.call_function("is_in", [catalog.column("scene")], scenes).to_numpy()
    if wanted.modality is not None:
        keep &= _present(catalog.column(wanted.modality.value))
    for word in wanted.words.casefold().split():
        found = pc.call_function("match_substring", [catalog.column("search")], pc.MatchSubstringOptions(word))
        keep &= found.to_numpy()
    return keep
