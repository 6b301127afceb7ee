"""A catalog -> tar shards in the WebDataset layout, with a catalog beside them that refers into them by offset.

Item n gives the members `<n>.<modality>.<extension>`, `<n>.label_map.png` and `<n>.json`; the last one holds the
table row (id, split, scene, group, text, truth, facts), so that `readers.shards` opens the folder again as it was.
"""

import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from xmodal.data import encode, load
from xmodal.data.catalog import Catalog, CatalogError
from xmodal.data.decode import MediaError
from xmodal.data.media import Media, Stored
from xmodal.data.report import Report
from xmodal.data.rows import to_row
from xmodal.data.sample import LabelMapSource, Sample
from xmodal.data.writing import write_catalog
from xmodal.modality import PICTORIAL, Modality
from xmodal.progress import Progress, Silent
from xmodal.storage import atomic_path

SELF_CONTAINED = frozenset({"indexed", "voc"})
"""Label map schemes that need nothing but their own file; others refer to tables beside it and are left out."""
ROW = "xmodal"
"""Key of the table row in an item's JSON."""


def pack(
    catalog: Catalog, folder: Path, *, shard_bytes: int = 500_000_000, progress: Progress | None = None
) -> Catalog:
    """Write `shard-000000.tar` ... of about `shard_bytes` each and a catalog of them; unreadable entries are reported.

    Raises:
        CatalogError: the folder holds shards already.
    """
    if any(folder.glob("shard-*.tar")):
        raise CatalogError(f"{folder} holds shards already: choose another folder or delete them")
    folder.mkdir(parents=True, exist_ok=True)
    report = Report()
    told = _told(catalog, progress or Silent())
    manifest = catalog.manifest.model_copy(update={"name": folder.name, "reader": "shards", "roots": {"": "."}})
    return write_catalog(folder, manifest, _packed(told, folder, shard_bytes, report), report)


def _told(catalog: Catalog, progress: Progress) -> Iterator[Sample]:
    for done, sample in enumerate(catalog, start=1):
        yield sample
        progress.update("Packing", done, len(catalog))


def _packed(samples: Iterator[Sample], folder: Path, shard_bytes: int, report: Report) -> Iterator[Sample]:
    """Samples whose entries lie in shards; a shard gets its name when it is whole."""
    waiting = next(samples, None)
    shard = number = 0
    while waiting is not None:
        name = f"shard-{shard:06d}.tar"
        written: list[Sample] = []
        with atomic_path(folder / name) as path, tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
            while waiting is not None and (not written or tar.offset < shard_bytes):
                written.append(_add(tar, name, number, waiting, report))
                number += 1
                waiting = next(samples, None)
        report.read += len(written)
        yield from written
        shard += 1


def _add(tar: tarfile.TarFile, shard: str, number: int, sample: Sample, report: Report) -> Sample:
    """Append one item to the open shard; the sample that refers to what was written."""
    media: dict[Modality, Media] = {}
    for modality, entry in sample.media.items():
        if not isinstance(entry, Stored):
            media[modality] = entry
            continue
        try:
            extension, content = _content(sample, modality, entry)
        except MediaError as error:
            report.skip(entry.path, sample.id, str(error))
            continue
        media[modality] = _append(tar, shard, f"{number:08d}.{modality.value}.{extension}", content)
    truth = replace(sample.truth, label_map=_label_map(tar, shard, number, sample, report))
    moved = replace(sample, media=media, truth=truth)
    row = {key: value for key, value in to_row(moved).items() if value is not None and key != "search"}
    _append(tar, shard, f"{number:08d}.json", json.dumps({ROW: row}, ensure_ascii=False).encode())
    return moved


def _content(sample: Sample, modality: Modality, entry: Stored) -> tuple[str, bytes]:
    """Extension and bytes: the file as it is, or the part of a recording encoded anew without loss of length."""
    if entry.start_s is None:
        with load.opened(entry, sample) as file:
            name = PurePosixPath(entry.path).name.partition(".")[2] if entry.offset_bytes is None else ""
            return (name.rpartition(".")[2] or "bin").lower(), file.read()
    if modality in PICTORIAL:
        return "jpg", encode.jpeg(load.picture(sample, modality), quality=95)
    if modality is Modality.VIDEO:
        raise MediaError("a part of a video cannot be packed: cut the videos first")
    return "flac", encode.flac(load.waveform(sample, modality))


def _label_map(tar: tarfile.TarFile, shard: str, number: int, sample: Sample, report: Report) -> LabelMapSource | None:
    source = sample.truth.label_map
    if source is None or not isinstance(source.media, Stored):
        return source
    if source.scheme not in SELF_CONTAINED:
        report.note(f"label maps of scheme {source.scheme} need the set's own tables and were left out")
        return None
    try:
        with load.opened(source.media, sample) as file:
            stored = _append(tar, shard, f"{number:08d}.label_map.png", file.read())
    except MediaError as error:
        report.skip(source.media.path, sample.id, str(error))
        return None
    return LabelMapSource(source.scheme, stored)


def _append(tar: tarfile.TarFile, shard: str, name: str, content: bytes) -> Stored:
    """Write one member: no owner, no time, so that the same items give the same bytes."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    offset = tar.offset + len(info.tobuf(tar.format, tar.encoding or "utf-8", tar.errors or "strict"))
    tar.addfile(info, io.BytesIO(content))
    return Stored(shard, offset_bytes=offset, size_bytes=len(content))
