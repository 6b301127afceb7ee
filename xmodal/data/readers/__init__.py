"""Readers of published data-set layouts: a root folder -> samples, bad rows into a report.

A reader never raises for one bad row and never decodes media: it looks at tables, names and, where cheap, whether a
file exists. `check` decodes.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xmodal.data.report import Report
from xmodal.data.sample import Sample
from xmodal.errors import InputError
from xmodal.progress import Progress, Silent


class ReaderError(InputError):
    """Nothing can be read at all: wrong layout, unknown option, missing table. One line, with what to do."""


@dataclass(frozen=True)
class Source:
    """What a reader is given."""

    root: Path
    """Folder that holds the layout."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Reader-specific settings, as in `--option key=value`; each reader lists its own in `OPTIONS`."""
    roots: Mapping[str, Path] = field(default_factory=dict)
    """Further named roots (`photos=/data/photos`), for sets whose media lie in several places."""
    progress: Progress = field(default_factory=Silent)


class Reader(ABC):
    """One published layout."""

    title: str
    """Name for people."""
    layout: str
    """The files that make it recognisable, one line."""
    options: Mapping[str, str] = {}
    """Option -> what it does (with its default)."""

    @abstractmethod
    def recognises(self, root: Path) -> bool:
        """Whether the folder's content is of this layout: by names and first lines, in a second, never raising."""

    @abstractmethod
    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """Yield samples in a stable order with ids that stay the same on other machines; bad rows go to the report."""
