"""Items of the world -> a catalog on disk, with media as files; an interrupted build goes on where it stopped."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from xmodal.data import encode
from xmodal.data import workers as workers_of
from xmodal.data.catalog import MANIFEST, Catalog, CatalogManifest
from xmodal.data.media import Media, Stored
from xmodal.data.report import Report
from xmodal.data.rows import from_row, to_row
from xmodal.data.sample import Clip, Sample, Waveform
from xmodal.data.world import catalog as live
from xmodal.data.world.compose import compose
from xmodal.data.world.spec import WORLD_VERSION, WorldSpec
from xmodal.data.writing import write_catalog
from xmodal.modality import Modality
from xmodal.progress import Progress, Silent
from xmodal.storage import atomic_path, atomic_write, digest

STILL = tuple(modality for modality in Modality if modality is not Modality.VIDEO)


class WorldBuild(BaseModel):
    """What to build."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    world: WorldSpec = WorldSpec()
    """Which world, and how hard."""
    items: int = Field(default=240, ge=1)
    """How many items."""
    first: int = Field(default=0, ge=0)
    """Number of the first item: disjoint ranges are disjoint shards."""
    size_px: int = Field(default=512, ge=16, le=2048)
    """Side of the pictures."""
    modalities: tuple[Modality, ...] = STILL
    """Which to write as files; video is computed on demand unless it is named here."""
    workers: int = Field(default=0, ge=0, le=256)
    """Processes; 0: one per core."""

    def key(self) -> str:
        """Digest of what decides the content of the files."""
        content = self.model_dump_json(exclude={"workers", "items", "first"})
        return digest(str(WORLD_VERSION), content)


def build(request: WorldBuild, folder: Path, progress: Progress | None = None) -> Catalog:
    """Make the media below `folder/media` and write the catalog; files of an interrupted build are kept and used."""
    progress = progress or Silent()
    media = folder / "media" / request.key()[:12]
    media.mkdir(parents=True, exist_ok=True)
    report = Report()
    manifest = CatalogManifest(
        name=folder.name,
        title="Procedural world",
        reader="world",
        roots={"": str(media.relative_to(folder))},
        notes=f"World {WORLD_VERSION}: generated, no licence needed. {request.world.model_dump_json()}",
    )
    return write_catalog(folder, manifest, _samples(request, media, progress, report), report)


def _samples(request: WorldBuild, media: Path, progress: Progress, report: Report) -> Iterator[Sample]:
    numbers = range(request.first, request.first + request.items)
    workers = workers_of.count(request.workers, request.items)
    progress.update("Building the world", 0, request.items)
    for done, row in enumerate(_rows(request, media, numbers, workers), start=1):
        report.read = done
        progress.update("Building the world", done, request.items)
        yield from_row(row, {})


def _rows(request: WorldBuild, media: Path, numbers: range, workers: int) -> Iterator[dict[str, object]]:
    make = partial(build_item, request, media)
    if workers == 1:
        yield from map(make, numbers)
        return
    with workers_of.pool(workers) as pool:
        yield from pool.map(make, numbers, chunksize=4)


def build_item(request: WorldBuild, media: Path, index: int) -> dict[str, object]:
    """Write one item's files (unless they are there) and return its table row."""
    shard = media / f"{index // 1000:04d}"
    shard.mkdir(exist_ok=True)
    done = shard / f"{index:06d}.json"
    with contextlib.suppress(OSError, ValueError):  # not made yet, or damaged
        return json.loads(done.read_bytes())
    row = to_row(_item(request, shard, index))
    atomic_write(done, json.dumps(row, ensure_ascii=False))
    return row


def _item(request: WorldBuild, shard: Path, index: int) -> Sample:
    """The sample with its entries written as files; a complete item without video gets its video on demand."""
    scene = compose(request.world, index)
    sample = live.live_sample(request.world, index)
    media: dict[Modality, Media] = {}
    if Modality.SPEECH in request.modalities:
        sample, spoken = live.with_words(sample, request.world, scene)
        media[Modality.SPEECH] = _write(shard, index, Modality.SPEECH, encode.flac(spoken), "flac")
    for modality in request.modalities:
        if modality is Modality.TEXT:
            media[modality] = sample.media[modality]
        elif modality is not Modality.SPEECH:
            content = live.content(request.world, scene, modality, request.size_px)
            media[modality] = _written(shard, index, modality, content)
    if set(request.modalities) == set(STILL):
        media[Modality.VIDEO] = sample.media[Modality.VIDEO]
    if Modality.IMAGE not in media:
        sample = replace(sample, truth=replace(sample.truth, label_map=None))
    if Modality.SOUND not in media:
        sample = replace(sample, truth=replace(sample.truth, sound_events=()))
    return replace(sample, media=media)


def _written(shard: Path, index: int, modality: Modality, content: np.ndarray | Waveform | Clip) -> Stored:
    if isinstance(content, Waveform):
        return _write(shard, index, modality, encode.flac(content), "flac")
    if isinstance(content, Clip):
        name = f"{index:06d}.{modality.value}.webm"
        with atomic_path(shard / name) as path:
            encode.webm(content, path)
        return Stored(f"{shard.name}/{name}")
    if modality is Modality.IMAGE:
        return _write(shard, index, modality, encode.jpeg(content), "jpg")
    return _write(shard, index, modality, encode.png(content), "png")


def _write(shard: Path, index: int, modality: Modality, content: bytes, suffix: str) -> Stored:
    name = f"{index:06d}.{modality.value}.{suffix}"
    atomic_write(shard / name, content)
    return Stored(f"{shard.name}/{name}")


def is_built(folder: Path, request: WorldBuild) -> bool:
    """Whether the folder already holds exactly this build."""
    if not (folder / MANIFEST).exists():
        return False
    catalog = Catalog(folder)
    return len(catalog) == request.items and request.key()[:12] in catalog.manifest.roots[""]
