"""Making pairs ready for training, by several workers, part by part.

Parts that an interrupted preparation left are used by the next one.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from filelock import FileLock
from jaxtyping import Float, UInt8

from xmodal.data import load, workers
from xmodal.data.decode import MediaError
from xmodal.data.sample import Sample
from xmodal.errors import InputError, reason
from xmodal.features.picture import Picture, prepared
from xmodal.features.prepared import (
    FORMAT,
    INDEX,
    LABELS,
    PairOptions,
    Prepared,
    PreparedIndex,
    SensePairOptions,
    StoredPair,
)
from xmodal.modality import AUDIBLE, PICTORIAL, Modality
from xmodal.progress import Progress, Silent
from xmodal.storage import atomic_directory, atomic_path, atomic_write, digest, remove_leftovers, reserve

PART_ITEMS = 64
"""Items of one part: what an interruption loses at most."""


@runtime_checkable
class Source(Protocol):
    """Samples by position: a catalog or a stretch of the world."""

    @property
    def digest(self) -> str:
        """Changes when any item changes."""
        ...

    def __len__(self) -> int:
        """Number of samples."""
        ...

    def __getitem__(self, position: int, /) -> Sample:
        """One sample."""
        ...


def prepare(
    source: Source, options: StoredPair, root: Path, *, workers_wanted: int = 0, progress: Progress | None = None
) -> Prepared:
    """The prepared pairs of a source below `root`, made unless they are there.

    Items without both media, or whose media cannot be read, are left out and listed in the index. Who asks for the
    same pairs while another process makes them waits for it.

    Raises:
        InputError: nothing is left.
    """
    folder = prepared_folder(source, options, root)
    if not (folder / INDEX).is_file():
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / f".{folder.name}.lock"):
            if not (folder / INDEX).is_file():
                _make(source, options, folder, workers_wanted, progress or Silent())
    return Prepared(folder)


def prepared_folder(source: Source, options: StoredPair, root: Path) -> Path:
    """Where the prepared pairs of a source lie below `root`, or will lie."""
    return root / digest(f"pairs {FORMAT}", source.digest, options.model_dump_json())[:16]


def items_in_parts(folder: Path) -> int:
    """About how many items an interrupted preparation of that folder has left for the next one."""
    return PART_ITEMS * sum(1 for part in _parts(folder).glob("[0-9]*") if part.is_dir())


def _parts(folder: Path) -> Path:
    return folder.with_name(folder.name + ".parts")


def _make(source: Source, options: StoredPair, folder: Path, workers_wanted: int, progress: Progress) -> None:
    parts = _parts(folder)
    parts.mkdir(exist_ok=True)
    remove_leftovers(parts)
    firsts = range(0, len(source), PART_ITEMS)
    make = partial(_make_part, source, options, parts, PART_ITEMS)
    progress.update("Preparing pairs", 0, len(source))
    for done in _all(make, firsts, workers.count(workers_wanted, len(source))):
        progress.update("Preparing pairs", min(len(source), done + PART_ITEMS), len(source))
    try:
        _join([part_path(parts, first) for first in firsts], options, folder)
    except InputError:  # nothing in the parts can be used: they are made anew next time, perhaps after a repair
        shutil.rmtree(parts, ignore_errors=True)
        raise
    shutil.rmtree(parts, ignore_errors=True)


def part_path(parts: Path, first: int) -> Path:
    """Folder of the part that begins with item `first`."""
    return parts / f"{first:09d}"


def _all(make: Callable[[int], int], firsts: range, count: int) -> Iterator[int]:
    if count == 1:
        yield from map(make, firsts)
        return
    with workers.pool(count) as pool:
        yield from pool.map(make, firsts)


def _make_part(source: Source, options: StoredPair, parts: Path, count: int, first: int) -> int:
    """Write the part of the `count` items from `first` on, unless it is there; returns `first`."""
    folder = part_path(parts, first)
    if folder.is_dir():
        return first
    pairs: list[ReadPair] = []
    items, faults = _Items([], [], [], [], []), []
    for position in range(first, min(first + count, len(source))):
        sample = source[position]
        try:
            pair = read_pair(sample, options)
        except (ValueError, OSError) as error:
            faults.append((sample.id, reason(error)))
            continue
        pairs.append(pair)
        items.add(sample, pair)
    with atomic_directory(folder) as new:
        _write_pictures([pair.picture for pair in pairs], new, *_PICTURES)
        if options.caption in PICTORIAL:
            _write_pictures([pair.other for pair in pairs if pair.other is not None], new, *_OTHERS)
        clips = [pair.spectrogram for pair in pairs]
        np.save(new / "captions.npy", np.concatenate([np.empty((0, options.bands), np.float16), *clips]))
        np.save(new / "lengths.npy", np.array([len(each) for each in clips], np.int64))
        atomic_write(new / "items.json", json.dumps(vars(items) | {"left_out": faults}))
    return first


_PICTURES, _OTHERS = ("pictures.npy", "shapes.npy"), ("others.npy", "other_shapes.npy")
"""Pixels and shapes."""


@dataclass(frozen=True)
class ReadPair:
    """The media of one item, as they are stored."""

    picture: UInt8[np.ndarray, "rows cols 3"]
    spectrogram: Float[np.ndarray, "frames bands"]
    """float16; empty unless the other sense is heard."""
    texts: tuple[str, ...] = ()
    other: UInt8[np.ndarray, "_ _ 3"] | None = None
    """The other picture, where the other sense is one."""

    @property
    def bytes(self) -> int:
        """Of the arrays."""
        return self.picture.nbytes + self.spectrogram.nbytes + (0 if self.other is None else self.other.nbytes)


@dataclass(frozen=True)
class _Items:
    """What is written as JSON of the items of a part."""

    ids: list[str]
    texts: list[tuple[str, ...]]
    seen: list[list[str]]
    heard: list[list[str]]
    scenes: list[str]

    def add(self, sample: Sample, pair: ReadPair) -> None:
        """Take one more item down."""
        self.ids.append(sample.id)
        self.texts.append(pair.texts)
        self.seen.append(sorted(set(sample.truth.objects)))
        self.heard.append(sorted({event.label for event in sample.truth.sound_events}))
        self.scenes.append(sample.scene or "")


def _write_pictures(pictures: Sequence[np.ndarray], folder: Path, pixels: str, shapes: str) -> None:
    np.save(folder / pixels, np.concatenate([np.empty(0, np.uint8), *(each.reshape(-1) for each in pictures)]))
    np.save(folder / shapes, np.array([each.shape[:2] for each in pictures], np.int64).reshape(-1, 2))


def read_pair(sample: Sample, options: StoredPair) -> ReadPair:
    """The media of one sample, as they are stored.

    Raises:
        MediaError: a medium is missing or unreadable.
        ValueError: a sound that has no spectrogram (values that are not finite).
    """
    silent = np.empty((0, options.bands), np.float16)
    picture = _picture(sample, options.picture, options.shorter_side_px)
    if options.caption in AUDIBLE:
        return ReadPair(picture, options.hear(load.waveform(sample, options.caption)))
    if options.caption in PICTORIAL:
        return ReadPair(picture, silent, other=_picture(sample, options.caption, options.shorter_side_px))
    texts = load.texts(sample)
    if not texts:
        raise MediaError(f"{sample.id} has no {options.caption.display.lower()}")
    return ReadPair(picture, silent, texts)


def _picture(sample: Sample, modality: Modality, side: int) -> UInt8[np.ndarray, "rows cols 3"]:
    whole = Picture(shorter_side_px=side, crop_px=None, longest_side_px=max(2048, side))
    return prepared(load.picture(sample, modality, size_px=side), whole)


def _join(folders: Sequence[Path], options: StoredPair, target: Path) -> None:
    """The parts as one folder."""
    items = [json.loads((folder / "items.json").read_bytes()) for folder in folders]
    assert isinstance(options, PairOptions | SensePairOptions)
    index = PreparedIndex(
        options=options,
        ids=tuple(name for part in items for name in part["ids"]),
        left_out=tuple((name, fault) for part in items for name, fault in part["left_out"]),
    )
    if not index.ids:
        reasons = "; ".join(fault for _, fault in index.left_out[:3]) or "the data are empty"
        raise InputError(f"no pair of {options.picture.value} and {options.caption.value} can be used: {reasons}")
    with atomic_directory(target) as new:
        others = _OTHERS if options.caption in PICTORIAL else ()
        for name in ("pictures.npy", "captions.npy", *others[:1]):
            _append([folder / name for folder in folders], new / name)
        for name in ("shapes.npy", "lengths.npy", *others[1:]):
            np.save(new / name, np.concatenate([np.load(folder / name, allow_pickle=False) for folder in folders]))
        labels = {name: [each for part in items for each in part[name]] for name in ("seen", "heard", "scenes")}
        atomic_write(new / LABELS, json.dumps(labels))
        if options.caption is Modality.TEXT:
            atomic_write(new / "texts.json", json.dumps([texts for part in items for texts in part["texts"]]))
        atomic_write(new / INDEX, index.model_dump_json())


def _append(paths: Sequence[Path], target: Path) -> None:
    """Arrays that share all axes but the first, one after the other in one file, without holding them all."""
    arrays = [np.load(path, mmap_mode="r", allow_pickle=False) for path in paths]
    rows = sum(len(array) for array in arrays)
    with atomic_path(target) as path:
        joined = np.lib.format.open_memmap(path, "w+", arrays[0].dtype, (rows, *arrays[0].shape[1:]))
        reserve(path)
        start = 0
        for array in arrays:
            joined[start : start + len(array)] = array
            start += len(array)
        joined.flush()
