"""A folder in some layout -> a catalog on disk: detect, read, check, write."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xmodal.data import lengths, load
from xmodal.data.catalog import Catalog, CatalogManifest
from xmodal.data.decode import MediaError
from xmodal.data.media import Stored
from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.table import READERS, detect
from xmodal.data.report import Report
from xmodal.data.rows import stored
from xmodal.data.sample import Sample
from xmodal.data.seen import SeenIds
from xmodal.data.writing import write_catalog
from xmodal.modality import AUDIBLE, PICTORIAL, Modality
from xmodal.progress import Progress, Silent

NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
"""Names of catalogs: they become folders and parts of addresses."""


@dataclass(frozen=True)
class ImportRequest:
    """What to read, and how."""

    path: Path
    format: str | None = None
    """Key of `READERS`; None: detect from content."""
    options: Mapping[str, str] = field(default_factory=dict)
    roots: Mapping[str, Path] = field(default_factory=dict)
    limit: int | None = None
    """Read at most that many items."""


def reader_of(request: ImportRequest) -> tuple[str, Reader]:
    """The reader that fits.

    Raises:
        ReaderError: the path is no folder, the format is unknown, or nothing recognises it.
    """
    known = ", ".join(READERS)
    if not request.path.is_dir():
        raise ReaderError(f"{request.path} is not a folder")
    if request.format is not None and request.format not in READERS:
        raise ReaderError(f"unknown format {request.format!r}; known: {known}")
    name = request.format or detect(request.path)
    if name is None:
        raise ReaderError(
            f"{request.path}: unknown layout. Known: {known}. Name one with --format, or see docs/DATA.md"
        )
    unknown = sorted(request.options.keys() - READERS[name].options.keys())
    if unknown:
        options = ", ".join(READERS[name].options) or "none"
        raise ReaderError(f"format {name} has no option {unknown[0]!r}; known: {options}")
    return name, READERS[name]


def samples(request: ImportRequest, report: Report, progress: Progress) -> Iterator[Sample]:
    """All good samples: unique ids, references inside their roots, at least one entry left.

    Raises:
        ReaderError: see `reader_of`, or nothing can be read at all.
    """
    _, reader = reader_of(request)
    roots = {"": request.path.resolve(), **{name: path.resolve() for name, path in request.roots.items()}}
    source = Source(request.path.resolve(), request.options, roots, progress)
    seen = SeenIds()
    for sample in reader.read(source, report):
        if request.limit is not None and report.read >= request.limit:
            return
        if not seen.first(sample.id):
            report.skip(request.path.name, sample.id, "duplicate id: the first one is kept")
            continue
        placed = Sample(**{**vars(sample), "roots": roots})
        kept = _present(placed, report)
        if kept is not None:
            report.read += 1
            progress.update("Reading", report.read, request.limit)
            yield kept


def _present(sample: Sample, report: Report) -> Sample | None:
    """The sample without entries whose file is missing or outside; None if no entry is left."""
    bad: list[Stored] = []
    for entry in stored(sample):
        try:
            load.file_path(entry, sample)
        except MediaError as error:
            report.skip(entry.path, sample.id, str(error))
            bad.append(entry)
    if not bad:
        return sample
    media = {modality: entry for modality, entry in sample.media.items() if entry not in bad}
    truth = sample.truth
    if truth.label_map is not None and truth.label_map.media in bad:
        truth = type(truth)(None, truth.objects, truth.words, truth.sound_events)
    return Sample(**{**vars(sample), "media": media, "truth": truth}) if media else None


def check(request: ImportRequest, *, decode: bool = True, progress: Progress | None = None) -> Report:
    """Read everything and, if `decode`, every entry's content too; nothing is written.

    Raises:
        ReaderError: see `samples`.
    """
    report, progress = Report(), progress or Silent()
    for sample in samples(request, report, progress):
        if decode:
            for modality, reason in faults(sample):
                entry = sample.media[modality]
                report.skip(entry.path if isinstance(entry, Stored) else request.path.name, sample.id, reason)
    return report


def faults(sample: Sample) -> list[tuple[Modality, str]]:
    """Which entries of a sample cannot be decoded or were cut short, and why."""
    found: list[tuple[Modality, str]] = []
    for modality, entry in sample.media.items():
        try:
            if modality in PICTORIAL:
                load.picture(sample, modality)
            elif modality in AUDIBLE:
                load.waveform(sample, modality)
            elif modality is Modality.VIDEO:
                load.clip(sample, size_px=64, rate_hz=1.0)
            if modality in (*AUDIBLE, Modality.VIDEO) and isinstance(entry, Stored) and entry.start_s is None:
                with load.opened(entry, sample) as file:
                    found += [(modality, missing)] if (missing := lengths.shortfall(file)) else []
        except MediaError as error:
            found.append((modality, str(error)))
    return found


def import_catalog(request: ImportRequest, folder: Path, progress: Progress | None = None) -> Catalog:
    """Read a folder and write its catalog (the media stay where they are).

    Raises:
        ReaderError: nothing could be read; an existing catalog of that name stays untouched.
    """
    if not NAME.fullmatch(folder.name):
        raise ReaderError(f"name {folder.name!r}: use lower-case letters, digits, '-', '_', '.' (at most 64)")
    key, reader = reader_of(request)
    report = Report()
    roots = {"": str(request.path.resolve()), **{name: str(path.resolve()) for name, path in request.roots.items()}}
    manifest = CatalogManifest(name=folder.name, title=reader.title, reader=key, roots=roots, notes=reader.layout)
    items = samples(request, report, progress or Silent())
    return write_catalog(folder, manifest, _some(items, request, report), report)


def _some(items: Iterator[Sample], request: ImportRequest, report: Report) -> Iterator[Sample]:
    yield from items
    if report.read == 0:
        reason = f": {report.rows[0].file}: {report.rows[0].reason}" if report.rows else ""
        raise ReaderError(f"{request.path}: no item could be read{reason}")
