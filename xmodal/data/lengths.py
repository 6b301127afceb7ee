"""Whether a recording is as long as its own header says: copies that were cut often still play, shorter."""

import os

from xmodal.data import containers
from xmodal.data.decode import MediaFile

TOLERANCE = 0.02
"""Missing share that is put down to padding and rounding."""
SLACK_S = 0.1
"""Missing seconds that are, too."""
_LAST_PAGES_BYTES = 1 << 17
_UNKNOWN_SIZES = (0, 0xFFFFFFFF)
"""Data sizes in a WAV header that recorders write while they do not know."""


def shortfall(file: MediaFile) -> str | None:
    """One line if the file ends clearly before its header says; None if it does not, or if no length is stated.

    WAV is judged by its data chunk, Ogg by the mark on its last page, everything else by its packets.

    Raises:
        MediaError: neither sound nor video.
    """
    file.seek(0)
    kind = containers.sniff(file.read(16))
    if kind == "ogg":
        return None if _ends_properly(file) else "the end of the Ogg stream is missing: the file was cut"
    lengths = _wav(file) if kind == "wav" else _packets(file)
    if lengths is None:
        return None
    stated_s, present_s = lengths
    if stated_s - present_s <= max(SLACK_S, TOLERANCE * stated_s):
        return None
    return f"holds {present_s:.2f} s of the {stated_s:.2f} s that its header states: the file was cut"


def _packets(file: MediaFile) -> tuple[float, float] | None:
    stated_s = containers.duration_s(file)
    return None if stated_s is None else (stated_s, containers.present_s(file))


def _wav(file: MediaFile) -> tuple[float, float] | None:
    """Stated and present length; None where the header states none."""
    size_bytes = file.seek(0, os.SEEK_END)
    place, rate = 12, 0
    while place + 8 <= size_bytes:
        file.seek(place)
        head = file.read(8)
        length = int.from_bytes(head[4:], "little")
        if head[:4] == b"fmt ":
            rate = int.from_bytes(file.read(16)[8:12], "little")
        if head[:4] == b"data":
            if length in _UNKNOWN_SIZES or rate == 0:
                return None
            return length / rate, min(length, size_bytes - place - 8) / rate
        place += 8 + length + length % 2
    return None


def _ends_properly(file: MediaFile) -> bool:
    """Whether the last page of an Ogg file is whole and carries the flag of a last page (RFC 3533, section 6)."""
    size_bytes = file.seek(0, os.SEEK_END)
    file.seek(max(0, size_bytes - _LAST_PAGES_BYTES))
    page = file.read().rpartition(b"OggS")[2]
    lacing = page[23 : 23 + page[22]] if len(page) > 22 else b""
    whole = len(page) > 22 and len(page) >= 23 + page[22] + sum(lacing)
    return whole and bool(page[1] & 4)
