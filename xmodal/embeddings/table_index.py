"""The index of a table of vectors: what the table is of, and which parts of it are committed."""

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from xmodal.errors import InputError, reason
from xmodal.modality import Modality
from xmodal.storage import digest

INDEX = "table.json"
FORMAT = 1
"""Of the folder and of what the numbers in it mean."""
Precision = Literal["float32", "float16"]


class TableError(InputError):
    """A table that cannot be used, with one line that says which file, why, and what to do."""


class TableKey(BaseModel):
    """What a table's vectors are of; anything that changes a vector changes the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: str = Field(min_length=1)
    """Digest of the network's weights."""
    layer: str = Field(min_length=1)
    """Name of the layer whose activations the vectors are."""
    catalog: str = Field(min_length=1)
    """Digest of the catalog."""
    modalities: tuple[Modality, ...] = Field(min_length=1)
    """Whose entries have rows: one, or several in one table."""
    details: str = ""
    """Whatever else changes vectors, such as a digest of how media are made ready."""

    @property
    def digest(self) -> str:
        """32 hex digits."""
        return digest(f"vectors {FORMAT}", self.model_dump_json())


class Part(BaseModel):
    """Rows that were committed together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int = Field(ge=0)
    items_done: int = Field(ge=0)
    """Items of the catalog that are dealt with when this part is there: where an extraction goes on."""
    vectors_sha256: str
    """Of the part's bytes in the matrix."""
    rows_sha256: str
    """Of the part's file of rows."""
    left_out: tuple[tuple[str, str], ...] = ()
    """Id and reason of each item that has no vector."""


class TableIndex(BaseModel):
    """What `table.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=FORMAT, le=FORMAT)
    key: TableKey
    dim: int = Field(ge=1)
    precision: Precision = "float32"
    parts: tuple[Part, ...] = ()
    complete: bool = False
    """Every item of the catalog is dealt with."""

    @property
    def rows(self) -> int:
        """Committed rows."""
        return sum(part.rows for part in self.parts)

    @property
    def row_bytes(self) -> int:
        """Bytes of one vector."""
        return self.dim * (4 if self.precision == "float32" else 2)

    @property
    def digest(self) -> str:
        """Changes when any vector or row changes (how it is cut into parts counts too)."""
        parts = (each for part in self.parts for each in (part.vectors_sha256, part.rows_sha256))
        return digest(self.key.digest, str(self.dim), self.precision, *parts)


def table_folder(root: Path, key: TableKey) -> Path:
    """Where the table of that key lies below `root`, or will lie."""
    return root / key.digest[:16]


def matrix_path(folder: Path, precision: Precision) -> Path:
    """The raw matrix, row after row, little-endian."""
    return folder / ("vectors.f32" if precision == "float32" else "vectors.f16")


def rows_path(folder: Path, part: int) -> Path:
    """What the vectors of a part are of: an Arrow file."""
    return folder / f"rows-{part:06d}.arrow"


def read_index(folder: Path) -> TableIndex:
    """The index of a table.

    Raises:
        TableError: missing, unreadable or written by a newer version.
    """
    path = folder / INDEX
    try:
        data = path.read_bytes()
        found = json.loads(data).get("format")
        if isinstance(found, int) and found > FORMAT:
            raise TableError(f"{path} was written by a newer version (format {found}, this one reads {FORMAT})")
        return TableIndex.model_validate_json(data)
    except FileNotFoundError as error:
        raise TableError(f"{folder} holds no table of vectors ({INDEX} is missing)") from error
    except TableError:
        raise
    except (OSError, ValueError, AttributeError) as error:
        raise TableError(
            f"{path} is damaged: {reason(error)}; delete the folder and extract the vectors again"
        ) from error
