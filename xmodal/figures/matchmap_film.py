"""A matchmap to keep: a film with sound, a still, or its numbers."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from jaxtyping import UInt8

from xmodal.data import encode
from xmodal.data.sample import Waveform
from xmodal.figures.matchmap_frame import FrameDrawer, Scene
from xmodal.progress import Progress, Silent
from xmodal.storage import atomic_path, atomic_write

FRAME_RATE_HZ = 25
WORDS_PER_S = 2.0
"""Pace of a text, which has no sound to follow."""


def write_film(scene: Scene, path: Path, *, sound: Waveform | None = None, progress: Progress | None = None) -> None:
    """Write what the player shows as MP4 (H.264, AAC, `FRAME_RATE_HZ`): frame k is the drawing at k / 25 s.

    Speed is 1, or `WORDS_PER_S` of a text; what makes up for late loudspeakers is not taken over.

    Args:
        scene: what to show.
        path: the file; never seen half written.
        sound: heard with it.
        progress: told about each frame.
    """
    with atomic_path(path) as temporary:
        encode.mp4(_frames(scene, progress or Silent()), temporary, frame_rate_hz=FRAME_RATE_HZ, sound=sound)


def film(scene: Scene, *, sound: Waveform | None = None, progress: Progress | None = None) -> bytes:
    """The same film in memory, for what must not touch the disk."""
    buffer = io.BytesIO()
    encode.mp4(_frames(scene, progress or Silent()), buffer, frame_rate_hz=FRAME_RATE_HZ, sound=sound)
    return buffer.getvalue()


def frame_count(scene: Scene) -> int:
    """Frames of a film: the last one begins before the sound ends."""
    return max(1, int(np.ceil(scene.duration / _pace(scene) * FRAME_RATE_HZ - 1e-6)))


def still(scene: Scene, seconds: float) -> bytes:
    """PNG of one moment (of a text: in words)."""
    return encode.png(FrameDrawer(scene).at(seconds))


def write_still(scene: Scene, path: Path, *, seconds: float) -> None:
    """Write one moment as PNG."""
    atomic_write(path, still(scene, seconds))


def _pace(scene: Scene) -> float:
    return WORDS_PER_S if scene.stepwise else 1.0


def _frames(scene: Scene, progress: Progress) -> Iterator[UInt8[np.ndarray, "rows cols 3"]]:
    drawer, total = FrameDrawer(scene), frame_count(scene)
    for number in range(total):
        yield drawer.at(number / FRAME_RATE_HZ * _pace(scene))
        progress.update("Drawing", number + 1, total)
