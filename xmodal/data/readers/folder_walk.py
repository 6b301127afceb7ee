"""Files below a folder in a stable order, without following links out of it."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from xmodal.data.report import Report

DEEPEST = 6
"""Folders within folders that are looked into."""


def files_below(root: Path, folder: str, report: Report, *, depth: int = DEEPEST) -> Iterator[str]:
    """Path relative to `root` (`/` between parts) of every visible file below `folder` (empty: the root itself).

    Files of a folder come before its folders, both sorted by name. A folder that cannot be listed and a linked folder
    go to the report.
    """
    try:
        with os.scandir(root / folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        report.skip(folder or root.name, "", f"folder cannot be listed: {error.strerror}")
        return
    prefix = f"{folder}/" if folder else ""
    inner: list[str] = []
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if not entry.is_dir():
            yield prefix + entry.name
        elif entry.is_symlink():
            report.skip(prefix + entry.name, "", "linked folder: read its target by itself, or give it with --root")
        else:
            inner.append(prefix + entry.name)
    for name in inner:
        if depth > 0:
            yield from files_below(root, name, report, depth=depth - 1)
        else:
            report.skip(name, "", "folder lies too deep")


def some_folders(path: Path, limit: int = 50) -> list[Path]:
    """The visible folders directly in `path`, at most `limit` of its entries looked at beyond files; never raises."""
    try:
        with os.scandir(path) as listing:
            found = (entry.name for entry in listing if entry.is_dir() and not entry.name.startswith("."))
            return [path / name for name in sorted(islice(found, limit))]
    except OSError:
        return []


def some_files(path: Path, limit: int = 50) -> list[Path]:
    """Some of the visible files directly in `path`; never raises."""
    try:
        with os.scandir(path) as listing:
            found = (entry.name for entry in listing if not entry.name.startswith(".") and entry.is_file())
            return [path / name for name in sorted(islice(found, limit))]
    except OSError:
        return []
