"""The table of readers, detection of a folder's layout, and the one way to run a reader."""

from collections.abc import Iterator
from pathlib import Path

from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.flickr8k import Flickr8k
from xmodal.data.readers.folder_table import FolderTable
from xmodal.data.readers.identities import Identities
from xmodal.data.readers.places_audio import PlacesAudio
from xmodal.data.report import Report
from xmodal.data.rows import stored
from xmodal.data.sample import Sample
from xmodal.progress import track

READERS: dict[str, Reader] = {
    "flickr8k": Flickr8k(),
    "places_audio": PlacesAudio(),
    "folder_table": FolderTable(),
}
"""Every layout, most specific first: detection takes the first that recognises a folder."""


def detect(root: Path) -> str | None:
    """The name of the reader whose layout the folder has, None if it has no known one."""
    if not root.is_dir():
        return None
    return next((name for name, reader in READERS.items() if reader.recognises(root)), None)


def known_layouts() -> str:
    """One line per reader: name, title, files that make it recognisable."""
    return "\n".join(f"{name}: {reader.title} ({reader.layout})" for name, reader in READERS.items())


def read_samples(name: str, source: Source, report: Report) -> Iterator[Sample]:
    """Run a reader: options checked, ids unique, progress told, `report.read` counted.

    Raises:
        ReaderError: unknown reader or option, or nothing can be read at all.
    """
    if name not in READERS:
        raise ReaderError(f"unknown format {name!r}; known: {', '.join(READERS)}")
    reader = READERS[name]
    unknown = [option for option in source.options if option not in reader.options]
    if unknown:
        known = "; ".join(f"{option}: {text}" for option, text in reader.options.items()) or "it has none"
        raise ReaderError(f"{name} has no option {unknown[0]!r}. Known options: {known}")
    return _unique(track(reader.read(source, report), source.progress, stage="Reading"), report)


def _unique(samples: Iterator[Sample], report: Report) -> Iterator[Sample]:
    seen = Identities()
    for sample in samples:
        if not seen.add(sample.id):
            files = stored(sample)
            report.skip(files[0].path if files else "", sample.id, "duplicate id: the first one is kept")
            continue
        report.read += 1
        yield sample
