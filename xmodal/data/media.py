"""References to media: where an entry's bytes are, as a small string that a table can hold and a person can read.

Grammar of a reference (percent signs and `#` in names are escaped as `%25`, `%23`):

    images/dog 1.jpg                     a file under the catalog's root
    @photos/dog.jpg                      a file under another registered root, named `photos`
    clips/a.mp4#t=1.5,6.5                part of a recording, seconds (W3C media fragment); `#t=3` is the moment 3 s
    shard-0001.tar#bytes=1536+20480      part of a shard: offset and size in bytes
    render:spoken_digits#{"digits":...}  computed on demand by a named renderer from a small JSON text
"""

import json
import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Stored:
    """Bytes on disk."""

    path: str
    """Relative to its root, `/` between parts."""
    root: str = ""
    """Name of the root; empty: the catalog's own."""
    start_s: float | None = None
    """Start of the part, seconds; None: from the beginning."""
    end_s: float | None = None
    """End of the part, seconds; None: to the end (for a picture out of a video: the moment `start_s`)."""
    offset_bytes: int | None = None
    """Where it begins inside a shard; None: the file is not a shard."""
    size_bytes: int | None = None
    """How long it is inside a shard."""


@dataclass(frozen=True)
class Rendered:
    """Computed on demand."""

    renderer: str
    """Key of `renderers.RENDERERS`."""
    spec: str
    """JSON text with all that the renderer needs."""

    def arguments(self) -> dict[str, Any]:
        """The spec as a dictionary."""
        return json.loads(self.spec)


@dataclass(frozen=True)
class Text:
    """Words, inline."""

    texts: tuple[str, ...]
    """The entry's text first, alternatives after it (five captions of one picture)."""


Media = Stored | Rendered | Text

_TIME = re.compile(r"t=([0-9.]+)(?:,([0-9.]+))?")
_BYTES = re.compile(r"bytes=(\d+)\+(\d+)")


def parse(reference: str) -> Stored | Rendered:
    """Reference string -> media.

    Raises:
        ValueError: the fragment after `#` is neither `t=` nor `bytes=`.
    """
    head, _, fragment = reference.partition("#")
    if head.startswith("render:"):
        return Rendered(head.removeprefix("render:"), fragment)
    root = ""
    if head.startswith("@"):
        root, _, head = head[1:].partition("/")
    path = head.replace("%23", "#").replace("%25", "%")
    if not fragment:
        return Stored(path, root)
    if match := _TIME.fullmatch(fragment):
        return Stored(path, root, start_s=float(match[1]), end_s=float(match[2]) if match[2] else None)
    if match := _BYTES.fullmatch(fragment):
        return Stored(path, root, offset_bytes=int(match[1]), size_bytes=int(match[2]))
    raise ValueError(f"fragment {fragment!r} is neither t=START[,END] nor bytes=OFFSET+SIZE")


def reference(media: Stored | Rendered) -> str:
    """Media -> reference string; `parse` is its inverse."""
    if isinstance(media, Rendered):
        return f"render:{media.renderer}#{media.spec}"
    head = media.path.replace("%", "%25").replace("#", "%23")
    if media.root:
        head = f"@{media.root}/{head}"
    if media.offset_bytes is not None:
        return f"{head}#bytes={media.offset_bytes}+{media.size_bytes}"
    if media.start_s is None:
        return head
    return f"{head}#t={_seconds(media.start_s)}" + (f",{_seconds(media.end_s)}" if media.end_s is not None else "")


def _seconds(value: float) -> str:
    """To the microsecond, also hours into a recording, without needless zeros."""
    return f"{value:.6f}".rstrip("0").rstrip(".")
