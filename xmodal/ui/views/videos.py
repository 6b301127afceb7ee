"""Videos as WebM that every Chromium and Firefox plays, and their first picture."""

import tempfile
from pathlib import Path
from typing import BinaryIO

import av
import av.error

from xmodal.data import decode, encode, load
from xmodal.data.media import Stored
from xmodal.data.sample import Sample
from xmodal.modality import Modality
from xmodal.ui.views.pictures import THUMB_PX, fitted
from xmodal.ui.views.rendition import Rendition, webp

SIZE_PX = 384
"""Longer side of transcoded videos."""
RATE_HZ = 12.0
"""Frames a second of transcoded videos."""
AS_IS_BYTES = 32_000_000
"""Larger files are transcoded even if a browser could play them."""
PLAYABLE = frozenset({"vp8", "vp9", "av1", "libdav1d", "opus", "vorbis"})


def video(sample: Sample, modality: Modality) -> Rendition:
    """The file itself where a browser plays it whole, else VP9 and Opus.

    Raises:
        MediaError: absent or unreadable.
    """
    entry = sample.media.get(modality)
    if isinstance(entry, Stored) and entry.start_s is None:
        with load.opened(entry, sample) as file:
            if _playable(file):
                file.seek(0)
                return Rendition(file.read(), "video/webm")
    clip = load.clip(sample, size_px=SIZE_PX, rate_hz=RATE_HZ)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.webm"
        encode.webm(clip, path)
        return Rendition(path.read_bytes(), "video/webm")


def poster(sample: Sample, modality: Modality) -> Rendition:
    """The first picture, at most `THUMB_PX` on the longer side.

    Raises:
        MediaError: absent or unreadable.
    """
    entry = sample.media.get(modality)
    if isinstance(entry, Stored):
        with load.opened(entry, sample) as file:
            first = decode.frame(file, at_s=entry.start_s or 0.0)
    else:
        first = load.clip(sample, size_px=THUMB_PX, rate_hz=1.0).frames[0]
    return webp(fitted(first, THUMB_PX), quality=82)


def _playable(file: BinaryIO) -> bool:
    head = file.read(64)
    if head[:4] != b"\x1aE\xdf\xa3" or b"webm" not in head or file.seek(0, 2) > AS_IS_BYTES:
        return False
    file.seek(0)
    try:
        with av.open(file, mode="r", format="matroska") as container:
            streams = [*container.streams.video, *container.streams.audio]
            return bool(container.streams.video) and all(s.codec_context.name in PLAYABLE for s in streams)
    except (av.error.FFmpegError, ValueError):
        return False
