"""Entries of a sample -> pictures, waveforms, clips, words: the one way from a reference to its content."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
from jaxtyping import UInt8

from xmodal.data import decode
from xmodal.data.decode import MediaError, MediaFile
from xmodal.data.media import Rendered, Stored, Text
from xmodal.data.sample import Clip, LabelMap, Sample, Waveform
from xmodal.modality import AUDIBLE, PICTORIAL, Modality
from xmodal.storage import UnsafePathError, inside

Value = TypeVar("Value")

VIDEO_SUFFIXES = frozenset({".mp4", ".webm", ".mkv", ".mov", ".avi", ".m4v", ".mpg", ".mpeg", ".flv", ".3gp"})
"""A picture entry that refers to such a file is one of its frames."""


def file_path(entry: Stored, sample: Sample) -> Path:
    """Where the bytes are.

    Raises:
        MediaError: the path leaves its root, the root is unknown, or there is no such file.
    """
    if entry.root not in sample.roots:
        raise MediaError(f"folder {entry.root or 'of the catalog'!r} is not registered: import the data again")
    try:
        path = inside(sample.roots[entry.root], entry.path)
    except UnsafePathError as error:
        raise MediaError(str(error)) from error
    if not path.is_file():
        raise MediaError(f"{entry.path}: there is no such file")
    return path


@contextmanager
def opened(entry: Stored, sample: Sample) -> Iterator[MediaFile]:
    """The entry's bytes as an open file; a part of a shard is read into memory.

    Raises:
        MediaError: see `file_path`, or the shard is shorter than the reference says.
    """
    path = file_path(entry, sample)
    with path.open("rb") as file:
        if entry.offset_bytes is None:
            yield file
            return
        file.seek(entry.offset_bytes)
        content = file.read(entry.size_bytes or 0)
        if len(content) != entry.size_bytes:
            raise MediaError(f"{entry.path}: shard ends before byte {entry.offset_bytes + (entry.size_bytes or 0)}")
        yield io.BytesIO(content)


def picture(sample: Sample, modality: Modality, *, size_px: int | None = None) -> UInt8[np.ndarray, "rows cols 3"]:
    """The RGB picture of a pictorial modality. `size_px` is a wish for computed pictures (longer side).

    Raises:
        MediaError: absent or unreadable.
    """
    if modality not in PICTORIAL:
        raise MediaError(f"{modality.display} is not a picture")
    entry = sample.media.get(modality)
    if isinstance(entry, Stored):
        with opened(entry, sample) as file:
            if entry.start_s is not None and Path(entry.path).suffix.lower() in VIDEO_SUFFIXES:
                return decode.frame(file, at_s=entry.start_s)
            return decode.picture(file)
    return _computed(sample, modality, np.ndarray, size_px)


def waveform(sample: Sample, modality: Modality) -> Waveform:
    """The sound of an audible modality, or the soundtrack of the video.

    Raises:
        MediaError: absent or unreadable.
    """
    if modality not in (*AUDIBLE, Modality.VIDEO):
        raise MediaError(f"{modality.display} is not sound")
    entry = sample.media.get(modality)
    if isinstance(entry, Stored):
        with opened(entry, sample) as file:
            return decode.waveform(file, start_s=entry.start_s, end_s=entry.end_s)
    return _computed(sample, modality, Waveform, None)


def clip(sample: Sample, *, size_px: int = 256, rate_hz: float = 8.0) -> Clip:
    """The video: frames at `rate_hz`, longer side at most `size_px`, and its soundtrack.

    Raises:
        MediaError: absent or unreadable.
    """
    entry = sample.media.get(Modality.VIDEO)
    if isinstance(entry, Stored):
        with opened(entry, sample) as file:
            return decode.clip(file, start_s=entry.start_s, end_s=entry.end_s, size_px=size_px, rate_hz=rate_hz)
    return _computed(sample, Modality.VIDEO, Clip, size_px)


def texts(sample: Sample) -> tuple[str, ...]:
    """The text and its alternatives; empty if there is none."""
    entry = sample.media.get(Modality.TEXT)
    return entry.texts if isinstance(entry, Text) else ()


def label_map(sample: Sample, *, size_px: int | None = None) -> LabelMap | None:
    """Classes and instances of the image's pixels, None if unknown. `size_px` as in `picture`.

    Raises:
        MediaError: unreadable.
    """
    from xmodal.data.label_maps import SCHEMES

    source = sample.truth.label_map
    if source is None:
        return None
    if source.scheme not in SCHEMES:
        raise MediaError(f"unknown label map scheme {source.scheme!r}; known: {', '.join(SCHEMES)}")
    return SCHEMES[source.scheme](sample, source.media, size_px)


def _computed(sample: Sample, modality: Modality, kind: type[Value], size_px: int | None) -> Value:
    from xmodal.data.renderers import RENDERERS

    entry = sample.media.get(modality)
    if not isinstance(entry, Rendered):
        raise MediaError(f"{sample.id} has no {modality.display.lower()}")
    if entry.renderer not in RENDERERS:
        raise MediaError(f"unknown renderer {entry.renderer!r}; known: {', '.join(RENDERERS)}")
    value = RENDERERS[entry.renderer](sample, modality, entry.arguments(), size_px)
    if not isinstance(value, kind):
        raise MediaError(f"renderer {entry.renderer!r} makes no {modality.display.lower()}")
    return value
