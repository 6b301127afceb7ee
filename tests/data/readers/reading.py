"""How tests run a reader: the way an import does (options checked, ids unique, files there)."""

from collections.abc import Mapping
from pathlib import Path

from xmodal.data.importing import ImportRequest, samples
from xmodal.data.report import Report
from xmodal.data.sample import Sample
from xmodal.progress import Silent


def read(
    layout: str | None, folder: Path, roots: Mapping[str, Path] | None = None, **options: str
) -> tuple[list[Sample], Report]:
    """The samples and the bad-row report; `layout` None: detected."""
    report = Report()
    request = ImportRequest(folder, layout, options, roots or {})
    return list(samples(request, report, Silent())), report
