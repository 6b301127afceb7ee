"""What pages know of the catalogs in the workspace, without Streamlit."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from xmodal import workspace
from xmodal.data.catalog import MANIFEST, Catalog, CatalogError
from xmodal.data.sample import Sample
from xmodal.modality import Modality

OPEN = 32
"""Catalogs held open; a table is memory-mapped, so one costs little."""
COVERS = 6
"""Items that stand for a catalog."""


@dataclass(frozen=True)
class Where:
    """Which catalog, in which version: the key of caches and addresses."""

    catalog: str
    digest: str


@dataclass(frozen=True)
class Summary:
    """What the first page says about a catalog."""

    name: str
    title: str
    reader: str
    notes: str
    items: int
    counts: Mapping[Modality, int]
    splits: Mapping[str, int]
    masks: int
    """Items with a label map."""
    bad_rows: int
    covers: tuple[str, ...]
    """Ids of items spread over the catalog."""


@dataclass(frozen=True)
class Broken:
    """A catalog that cannot be opened."""

    name: str
    reason: str


def open_catalog(name: str) -> Catalog:
    """The catalog of that name, opened once per version and shared by pages and routes: read it, never change it.

    Raises:
        CatalogError: there is none, or it is damaged.
    """
    folder = workspace.current().catalogs / name
    if name not in workspace.current().names():
        raise CatalogError(f"there is no catalog {name!r}")
    return _opened(folder, (folder / MANIFEST).stat().st_mtime_ns)


@lru_cache(maxsize=OPEN)
def _opened(folder: Path, stamp_ns: int) -> Catalog:
    del stamp_ns  # only part of the key
    catalog = Catalog(folder)
    _ = catalog.whole  # opened now, so that a damaged table shows here
    return catalog


def where(catalog: Catalog) -> Where:
    """The key of an open catalog."""
    return Where(catalog.name, catalog.digest)


def summarise(catalog: Catalog) -> Summary:
    """Counts and covers.

    Raises:
        CatalogError: its table is damaged.
    """
    manifest = catalog.manifest
    places = range(0, len(catalog), max(1, len(catalog) // COVERS))
    try:
        bad_rows = catalog.report().total
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CatalogError(f"the report of {catalog.name} is damaged: import the data again") from error
    return Summary(
        name=catalog.name,
        title=manifest.title,
        reader=manifest.reader,
        notes=manifest.notes,
        items=len(catalog),
        counts=catalog.counts(),
        splits=dict(catalog.values("split")),
        masks=len(catalog) - catalog.table["label_map"].null_count,
        bad_rows=bad_rows,
        covers=tuple(catalog[place].id for place in places)[:COVERS],
    )


def richest(catalog: Catalog, *, among: int = 24) -> Sample | None:
    """The item with the most entries and truth among the first ones; None if the catalog is empty."""
    candidates = [catalog[place] for place in range(min(among, len(catalog)))]
    return max(candidates, key=_riches, default=None)


def _riches(sample: Sample) -> tuple[int, int]:
    truth = sample.truth
    events = len(truth.sound_events)
    return len(sample.media) + bool(truth.label_map) + bool(truth.words), min(events, 3)
