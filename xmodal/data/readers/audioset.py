"""AudioSet: ten-second segments of videos with sound labels.

Published are the tables alone (`eval_segments.csv`, `balanced_train_segments.csv`, `unbalanced_train_segments.csv`:
`# YTID, start_seconds, end_seconds, positive_labels`) and `class_labels_indices.csv` (`index,mid,display_name`). Media
are what people have cut: `<ytid>_<start>.*` with the start in seconds (`30`, `30.000`) or milliseconds (`30000`), with
or without the end after it and a `Y` before it; a file that is named `<ytid>` alone is taken as the whole video.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from xmodal.data.media import Media, Stored
from xmodal.data.readers import Reader, ReaderError, Source, delimited
from xmodal.data.readers.files import EntryError, base_folder, existing_file, first_folder
from xmodal.data.readers.folder_walk import files_below
from xmodal.data.readers.media_kinds import kind_of
from xmodal.data.readers.text_lines import first_line, lines
from xmodal.data.report import Report
from xmodal.data.sample import Sample, SoundEvent, Split, Truth
from xmodal.modality import Modality

_TABLES: Mapping[str, Split] = {
    "eval_segments.csv": Split.TEST,
    "balanced_train_segments.csv": Split.TRAIN,
    "unbalanced_train_segments.csv": Split.TRAIN,
}
_BASES = ("", "metadata", "csv", "segments")
_NAMES = "class_labels_indices.csv"


@dataclass(frozen=True)
class _Segment:
    ytid: str
    start_s: float
    end_s: float
    labels: tuple[str, ...]
    """Machine ids such as `/m/0bt9lr`."""


class AudioSet(Reader):
    """Sound, and image + video where the media are videos."""

    title = "AudioSet segments"
    layout = "eval_segments.csv / balanced_train_segments.csv with class_labels_indices.csv, media <ytid>_<start>.*"
    options: Mapping[str, str] = {"media": "folder of the media, looked through with all folders in it (default: here)"}

    def recognises(self, root: Path) -> bool:
        """One of the tables, with its comment lines at the top."""
        return any(first_line(table).startswith("#") for table in _tables(root))

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """Items in table order, id `audioset/<ytid>_<start in ms>`, scene = first label, all labels as sound events."""
        tables = _tables(source.root)
        if not tables:
            raise ReaderError(f"no table: expected one of {', '.join(_TABLES)}")
        names = _names(source.root, report)
        files = _Files.of(source, report)
        seen: dict[str, str] = {}
        for table in tables:
            for number, line in lines(table):
                if line.startswith("#"):
                    continue
                try:
                    segment = _segment(line)
                    if seen.setdefault(segment.ytid, table.name) != table.name:
                        raise EntryError(f"{segment.ytid} is in {seen[segment.ytid]} already: it stays there")
                    yield _sample(segment, files.media(segment), names, _TABLES[table.name])
                except EntryError as error:
                    report.skip(table.name, number, str(error))


def _tables(root: Path) -> list[Path]:
    return [path for name in _TABLES for path in [root / base / name for base in _BASES] if path.is_file()]


def _names(root: Path, report: Report) -> dict[str, str]:
    path = next((root / base / _NAMES for base in _BASES if (root / base / _NAMES).is_file()), None)
    if path is None:
        report.note(f"no {_NAMES}: labels are machine ids")
        return {}
    rows = (row for _, row in delimited.rows(path, report))
    return {row.get("mid", ""): row.get("display_name", "") or row.get("mid", "") for row in rows}


def _segment(line: str) -> _Segment:
    try:
        ytid, start, end, labels = next(csv.reader([line], skipinitialspace=True))
        start_s, end_s = float(start), float(end)
    except (ValueError, StopIteration, csv.Error) as error:
        raise EntryError(f"expected YTID, start_seconds, end_seconds, labels; found {line[:60]!r}") from error
    if not ytid or not 0 <= start_s < end_s < 1e6:
        raise EntryError(f"{ytid!r} from {start:.12} s to {end:.12} s is no segment")
    return _Segment(ytid, start_s, end_s, tuple(label.strip() for label in labels.split(",") if label.strip()))


@dataclass(frozen=True)
class _Files:
    """Media by stem, found once."""

    source: Source
    root: str
    by_stem: Mapping[str, str]

    @staticmethod
    def of(source: Source, report: Report) -> "_Files":
        root, folder = first_folder(source, "media", (".",)) or ("", "")
        found: dict[str, str] = {}
        for file in files_below(base_folder(source, root), folder, report):
            if kind_of(file) in (Modality.SOUND, Modality.VIDEO):
                found.setdefault(PurePosixPath(file).stem, file)
        return _Files(source, root, found)

    def media(self, segment: _Segment) -> dict[Modality, Media]:
        """Raises EntryError if nobody has cut it."""
        stem = next((name for name in _stems(segment) if name in self.by_stem), None)
        if stem is None:
            raise EntryError(f"no media file {segment.ytid}_{segment.start_s:g}.*")
        file = existing_file(self.source, self.by_stem[stem], self.root)
        whole = stem in (segment.ytid, f"Y{segment.ytid}")
        start_s, end_s = (segment.start_s, segment.end_s) if whole else (None, None)
        part = Stored(file.path, file.root, start_s=start_s, end_s=end_s)
        if kind_of(file.path) is Modality.SOUND:
            return {Modality.SOUND: part}
        middle_s = (segment.end_s - segment.start_s) / 2 + (segment.start_s if whole else 0.0)
        return {
            Modality.IMAGE: Stored(file.path, file.root, start_s=middle_s),
            Modality.SOUND: part,
            Modality.VIDEO: part,
        }


def _stems(segment: _Segment) -> Iterator[str]:
    """What a file of this segment may be called, most telling first."""
    start, end = segment.start_s, segment.end_s
    times = (
        f"{start:g}",
        f"{start:.3f}",
        f"{start * 1000:.0f}",
        f"{start:g}_{end:g}",
        f"{start:.3f}_{end:.3f}",
        f"{start * 1000:.0f}_{end * 1000:.0f}",
    )
    for before in ("", "Y"):
        yield from (f"{before}{segment.ytid}_{time}" for time in times)
    yield from (segment.ytid, f"Y{segment.ytid}")


def _sample(segment: _Segment, media: Mapping[Modality, Media], names: Mapping[str, str], split: Split) -> Sample:
    length_s = segment.end_s - segment.start_s
    labels = [names.get(label, label) for label in segment.labels]
    return Sample(
        id=f"audioset/{segment.ytid}_{segment.start_s * 1000:.0f}",
        split=split,
        media=media,
        scene=labels[0] if labels else None,
        group=f"video {segment.ytid}",
        truth=Truth(sound_events=tuple(SoundEvent(label, 0.0, length_s) for label in labels)),
        facts={"labels": ", ".join(segment.labels), "begins at": f"{segment.start_s:g} s of the original"},
    )
