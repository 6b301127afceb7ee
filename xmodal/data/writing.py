"""Samples -> a catalog on disk, in one step."""

import uuid
from collections.abc import Iterator
from pathlib import Path

from xmodal.data.catalog import MANIFEST, REPORT, Catalog, CatalogManifest
from xmodal.data.report import Report
from xmodal.data.rows import write_rows
from xmodal.data.sample import Sample
from xmodal.storage import atomic_write, sync_file


def write_catalog(folder: Path, manifest: CatalogManifest, items: Iterator[Sample], report: Report) -> Catalog:
    """Write a catalog into `folder` (beside media that may be there) so that a reader sees the old one or the new one.

    The table gets a name of its own and the manifest, replaced last and atomically, says which one counts; a failure
    leaves the old catalog untouched. `items`, `digest` and `table` of the manifest are filled in here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = f"items-{uuid.uuid4().hex[:12]}.arrow"
    try:
        count, content_digest = write_rows(folder / table, items)
        sync_file(folder / table)
        report.save(folder / REPORT)
        complete = manifest.model_copy(update={"items": count, "digest": content_digest, "table": table})
        atomic_write(folder / MANIFEST, complete.model_dump_json(indent=2))
    except BaseException:
        (folder / table).unlink(missing_ok=True)
        raise
    for old in folder.glob("items-*.arrow"):
        if old.name != table:
            old.unlink(missing_ok=True)
    return Catalog(folder)
