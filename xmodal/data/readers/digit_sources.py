"""The two halves of spoken digits on disk: MNIST's idx files and FSDD's recordings, each with its split."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from jaxtyping import Int

from xmodal.data.media import Stored
from xmodal.data.readers import ReaderError, Source, idx_files
from xmodal.data.readers.digit_scene import RATE_HZ
from xmodal.data.readers.files import EntryError, base_folder, below, existing_file, first_folder
from xmodal.data.readers.folder_walk import some_files
from xmodal.data.report import Report
from xmodal.data.sample import Split

_MNIST_FOLDERS = ("mnist/raw", "MNIST/raw", "mnist", "raw")
_FSDD_FOLDERS = ("fsdd/recordings", "free-spoken-digit-dataset/recordings", "recordings")
_IMAGES, _LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"
_RECORDING = re.compile(r"(\d)_([A-Za-z]+)_(\d+)\.wav")
_PICTURES: Mapping[Split, range] = {
    Split.TRAIN: range(2800),
    Split.VALIDATION: range(2800, 3200),
    Split.TEST: range(3200, 4000),
}


def take_split(take: int) -> Split:
    """The split of an FSDD recording by the number of its take."""
    if take < 5:
        return Split.TEST
    return Split.VALIDATION if take < 7 else Split.TRAIN


Pictures = dict[int, Int[np.ndarray, "count"]]
"""Digit -> indices of its pictures."""


@dataclass(frozen=True)
class Recordings:
    """What may be spoken."""

    by_digit: Mapping[tuple[Split, str], Mapping[int, tuple[str, ...]]]
    """(split, speaker) -> digit -> names of the files, sorted."""
    samples: Mapping[str, int]
    """Length of each file in samples."""

    def speakers(self, split: Split, *, count: int, heldout: frozenset[str]) -> list[str]:
        """Those that may be heard in that split and have spoken at least `count` digits in it."""
        found = [
            speaker for (where, speaker), digits in self.by_digit.items() if where is split and len(digits) >= count
        ]
        if heldout:
            found = [speaker for speaker in found if (speaker in heldout) == (split is Split.TEST)]
        return sorted(found)


def halves_in(root: Path) -> bool:
    """Whether the folder holds both halves in their usual places."""
    images = any(_idx_file(root / folder, _IMAGES) is not None for folder in _MNIST_FOLDERS)
    return images and any(
        _RECORDING.fullmatch(file.name) for folder in _FSDD_FOLDERS for file in some_files(root / folder, 5)
    )


def _idx_file(folder: Path, name: str) -> Path | None:
    names = (name, f"{name}.gz", name.replace("-idx", ".idx"))
    return next((folder / each for each in names if (folder / each).is_file()), None)


def pictures(source: Source) -> tuple[Stored, dict[Split, Pictures]]:
    """The file of pictures, and for each split: digit -> indices of its pictures.

    Raises:
        ReaderError: a file is missing or damaged.
    """
    place = first_folder(source, "mnist", _MNIST_FOLDERS)
    if place is None:
        raise ReaderError(f"no digits: expected {_MNIST_FOLDERS[0]}, --option mnist=FOLDER or --root mnist=FOLDER")
    folder = base_folder(source, place[0]) / place[1]
    files = {name: _idx_file(folder, name) for name in (_IMAGES, _LABELS)}
    missing = [name for name, path in files.items() if path is None]
    images, table = files[_IMAGES], files[_LABELS]
    if images is None or table is None:
        raise ReaderError(f"{folder.name} has no {missing[0]}[.gz]")
    try:
        labels, shape = idx_files.read(table), idx_files.read(images).shape
    except idx_files.IdxError as error:
        raise ReaderError(str(error)) from error
    if labels.ndim != 1 or len(shape) != 3 or shape[0] != labels.size:
        raise ReaderError(f"{images.name} and {table.name} do not belong together: {shape} and {labels.shape}")
    found: dict[Split, Pictures] = {}
    for split, indices in _PICTURES.items():
        part = labels[: indices.stop][indices.start :]
        by_digit = {digit: np.flatnonzero(part == digit) + indices.start for digit in range(10)}
        found[split] = {digit: places for digit, places in by_digit.items() if places.size}
    return Stored(below(place[1], images.name), place[0]), found


def recording_folder(source: Source) -> tuple[str, str]:
    """(root, folder) of the recordings.

    Raises:
        ReaderError: there is none.
    """
    folder = first_folder(source, "fsdd", _FSDD_FOLDERS)
    if folder is None:
        raise ReaderError(f"no recordings: expected {_FSDD_FOLDERS[0]}, --option fsdd=FOLDER or --root fsdd=FOLDER")
    return folder


def recordings(source: Source, folder: tuple[str, str], report: Report) -> Recordings:
    """Every usable recording by split, speaker and digit."""
    by_digit: dict[tuple[Split, str], dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    lengths: dict[str, int] = {}
    base = base_folder(source, folder[0]) / folder[1]
    for name in sorted(path.name for path in base.iterdir() if path.suffix.lower() == ".wav"):
        match = _RECORDING.fullmatch(name)
        try:
            if match is None:
                raise EntryError("name is not <digit>_<speaker>_<take>.wav")
            existing_file(source, below(folder[1], name), folder[0])
            lengths[name] = _samples(base / name)
            by_digit[take_split(int(match[3])), match[2]][int(match[1])].append(name)
        except EntryError as error:
            report.skip(name, "", str(error))
    frozen = {key: {digit: tuple(names) for digit, names in value.items()} for key, value in by_digit.items()}
    return Recordings(frozen, lengths)


def _samples(path: Path) -> int:
    """Length by the header."""
    try:
        header = soundfile.info(str(path))
    except (soundfile.LibsndfileError, OSError) as error:
        raise EntryError(f"not a recording: {error}") from error
    if header.samplerate != RATE_HZ or not 0 < header.frames < 10 * RATE_HZ:
        raise EntryError(
            f"expected up to 10 s at {RATE_HZ} Hz, found {header.duration:.2f} s at {header.samplerate} Hz"
        )
    return header.frames
