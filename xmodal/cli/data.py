"""`python -m xmodal data check|import|show|list`."""

import json as js
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tyro.conf import Positional

from xmodal import workspace
from xmodal.data import importing, packing, resources
from xmodal.data.catalog import Catalog, Filter
from xmodal.data.importing import ImportRequest
from xmodal.data.readers import ReaderError
from xmodal.data.readers.table import READERS, described
from xmodal.data.report import Report
from xmodal.data.rows import to_row
from xmodal.progress import told

SHOWN = 20
"""Bad rows printed without `--json`."""


def check(
    path: Positional[Path],
    *,
    format: str | None = None,
    option: tuple[str, ...] = (),
    root: tuple[str, ...] = (),
    limit: int | None = None,
    decode: bool = True,
    strict: bool = False,
    json: bool = False,
) -> int:
    """Read a folder as a data set and list every bad row; nothing is written.

    Args:
        path: Folder in one of the known layouts, or a single file such as word vectors (which says what it is).
        format: Layout, if it is not recognised by itself.
        option: Settings of the reader, `key=value`, repeated after the flag.
        root: Further folders of media, `name=path`.
        limit: Look at this many items only.
        decode: Decode every picture and sound, not only the table.
        strict: Exit with code 1 if anything is bad.
        json: Print the report as JSON.
    """
    if path.is_file() or (path.is_dir() and format is None and importing.detect(path) is None):
        known = resources.describe(path)
        if known is not None:
            print(js.dumps({"path": str(path), "resource": known}) if json else f"{path}: {known}")
            return 0
        if path.is_file():
            raise ReaderError(f"{path}: neither a data set (give its folder) nor a known resource")
    request = _request(path, format, option, root, limit)
    name, _ = importing.reader_of(request)
    report = importing.check(request, decode=decode, progress=told())
    _print(report, json=json, format=name, path=str(path))
    return 1 if strict and report.total else 0


def import_(
    path: Positional[Path],
    *,
    name: str | None = None,
    format: str | None = None,
    option: tuple[str, ...] = (),
    root: tuple[str, ...] = (),
    limit: int | None = None,
    strict: bool = False,
    json: bool = False,
) -> int:
    """Make a folder a catalog of the workspace (the media stay where they are).

    Args:
        path: Folder in one of the known layouts.
        name: Name of the catalog; default: the folder's.
        format: Layout, if it is not recognised by itself.
        option: Settings of the reader, `key=value`, repeated after the flag.
        root: Further folders of media, `name=path`.
        limit: Take this many items only.
        strict: Exit with code 1 if anything was skipped.
        json: Print the report as JSON.
    """
    here = workspace.current()
    here.prepare()
    key = name or path.resolve().name.lower().replace(" ", "-")
    request = _request(path, format, option, root, limit)
    catalog = importing.import_catalog(request, here.catalogs / key, told())
    report = catalog.report()
    _print(report, json=json, format=catalog.manifest.reader, path=str(path), catalog=catalog.name)
    return 1 if strict and report.total else 0


def show(
    name: Positional[str],
    item: Positional[str | None] = None,
    *,
    words: str = "",
    limit: int = 10,
    json: bool = False,
) -> int:
    """Show a catalog of the workspace, or one of its items.

    Args:
        name: Catalog, as `data list` names it.
        item: Id of one item; without it the catalog is described.
        words: Only items in which all these words occur.
        limit: How many items to list.
        json: Print JSON.
    """
    catalog = workspace.current().catalog(name)
    if item is not None:
        row = {
            key: value for key, value in to_row(catalog.sample(item)).items() if value is not None and key != "search"
        }
        print(js.dumps(row, ensure_ascii=False, indent=None if json else 2))
        return 0
    found = catalog.select(Filter(words=words)) if words else catalog
    content = describe(catalog) | {"found": len(found)}
    content["first"] = [found[place].id for place in range(min(limit, len(found)))]
    print(js.dumps(content, ensure_ascii=False, indent=None if json else 2))
    return 0


def list_(*, json: bool = False) -> int:
    """List the catalogs of the workspace.

    Args:
        json: Print JSON.
    """
    here = workspace.current()
    content = [describe(here.catalog(name)) for name in here.names()]
    if json:
        print(js.dumps(content, ensure_ascii=False))
        return 0
    for entry in content:
        modalities = ", ".join(f"{name} {count:,}" for name, count in entry["modalities"].items())
        print(f"{entry['name']:<20} {entry['items']:>9,} items   {modalities}")
    if not content:
        print(f"no catalog in {here.root}; begin with: python -m xmodal demo prepare", file=sys.stderr)
    return 0


def pack(name: Positional[str], *, out: Path, shard_mb: int = 500, json: bool = False) -> int:
    """Write a catalog's media as tar shards (WebDataset layout) that open as a catalog again.

    Args:
        name: Catalog, as `data list` names it.
        out: Folder for the shards; it must hold none yet.
        shard_mb: Size of a shard.
        json: Print JSON.
    """
    packed = packing.pack(
        workspace.current().catalog(name), out, shard_bytes=max(1, shard_mb) * 1_000_000, progress=told()
    )
    shards = len(list(out.glob("*.tar")))
    report = packed.report()
    content = {"catalog": packed.name, "folder": str(out), "items": len(packed), "shards": shards, "bad": report.total}
    if json:
        print(js.dumps(content))
        return 0
    print(f"{len(packed):,} items in {shards} shards in {out}, {report.total:,} entries left out")
    for note in report.notes:
        print(f"note: {note}")
    return 0


def formats(*, json: bool = False) -> int:
    """List the layouts that are read, with their options.

    Args:
        json: Print JSON.
    """
    if json:
        known = {
            key: {"title": it.title, "layout": it.layout, "options": dict(it.options)} for key, it in READERS.items()
        }
        print(js.dumps(known, ensure_ascii=False))
    else:
        print(described())
    return 0


def describe(catalog: Catalog) -> dict[str, Any]:
    """What a catalog holds, as plain values."""
    return {
        "name": catalog.name,
        "title": catalog.manifest.title,
        "format": catalog.manifest.reader,
        "items": len(catalog),
        "splits": dict(catalog.values("split")),
        "scenes": len(catalog.values("scene")),
        "groups": len(catalog.values("group")),
        "modalities": {modality.value: count for modality, count in catalog.counts().items()},
        "bad_rows": catalog.report().total,
        "digest": catalog.digest,
    }


def _request(
    path: Path, format: str | None, option: Sequence[str], root: Sequence[str], limit: int | None
) -> ImportRequest:
    roots = {key: Path(value) for key, value in _settings(root, "--root").items()}
    return ImportRequest(path, format, _settings(option, "--option"), roots, limit)


def _settings(pairs: Sequence[str], flag: str) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise ReaderError(f"{flag} {pair!r}: write key=value")
    return dict(pair.split("=", 1) for pair in pairs)


def _print(report: Report, *, json: bool, **about: str) -> None:
    if json:
        content = {**about, "read": report.read, "bad": report.total, "notes": report.notes}
        print(js.dumps(content | {"rows": [asdict(row) for row in report.rows]}, ensure_ascii=False))
        return
    print(", ".join(f"{key} {value}" for key, value in about.items()))
    print(f"{report.read:,} items read, {report.total:,} bad rows")
    for note in report.notes:
        print(f"note: {note}")
    for row in report.rows[:SHOWN]:
        print(f"  {row.file} [{row.row}]: {row.reason}")
    if report.total > SHOWN:
        print(f"  ... and {report.total - SHOWN:,} more; --json prints them")


COMMANDS: dict[str, Callable[..., int]] = {
    "check": check,
    "import": import_,
    "show": show,
    "list": list_,
    "formats": formats,
    "pack": pack,
}
"""Commands of the group."""
