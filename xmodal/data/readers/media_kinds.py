"""What a file probably is by its suffix, and what a folder mostly holds; content is judged when it is decoded."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from xmodal.data.load import VIDEO_SUFFIXES
from xmodal.data.readers.column_mapping import PICTURE_SUFFIXES, SOUND_SUFFIXES
from xmodal.modality import Modality

_NO_MEDIA = frozenset(
    {"", ".md", ".txt", ".csv", ".tsv", ".json", ".xml", ".html", ".pdf", ".py", ".ini", ".db", ".yaml"}
)
"""Files that lie beside media without being any: passed over silently."""


def kind_of(name: str) -> Modality | None:
    """Image, sound or video by the name's suffix, None for anything else."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in PICTURE_SUFFIXES:
        return Modality.IMAGE
    if suffix in SOUND_SUFFIXES:
        return Modality.SOUND
    return Modality.VIDEO if suffix in VIDEO_SUFFIXES else None


def is_beside(name: str) -> bool:
    """Whether the file is a note, a list or a hidden file, which nobody takes for media."""
    path = PurePosixPath(name)
    return path.name.startswith((".", "~")) or path.suffix.lower() in _NO_MEDIA


def mostly(paths: Iterable[Path]) -> Modality | None:
    """The kind of which at least four fifths of these files are, notes and lists not counted; None if of no kind."""
    names = [path.name for path in paths if not is_beside(path.name)]
    for kind in (Modality.IMAGE, Modality.SOUND, Modality.VIDEO):
        if names and sum(kind_of(name) is kind for name in names) >= 0.8 * len(names):
            return kind
    return None
