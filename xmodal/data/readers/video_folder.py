"""A folder of videos, as See-Hear-Read gathers them from Flickr (YFCC): frame + sound + clip of a few seconds each.

Videos lie anywhere below the root, in class folders or beside a table `labels.csv` with columns `filename` and `label`
(and, if known, `user` and `split`). Items of one user, else of one original video, stay in one split; 85 % of them are
training (See-Hear-Read, section 3), the rest is halved into validation and test.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from xmodal.data.readers import Reader, ReaderError, Source, delimited, row_tables, video_parts
from xmodal.data.readers.files import EntryError, existing_file
from xmodal.data.readers.folder_walk import files_below, some_files, some_folders
from xmodal.data.readers.media_kinds import is_beside, kind_of, mostly
from xmodal.data.readers.splits import hashed_split, named_split
from xmodal.data.report import Report
from xmodal.data.sample import Sample, Split
from xmodal.modality import Modality

_TABLE = "labels.csv"
_ROLES: Mapping[str, tuple[str, ...]] = {
    "file": ("filename", "file", "video", "path"),
    "label": ("label", "class", "category"),
    "user": ("user", "user_id", "uploader", "nsid"),
    "split": ("split", "set"),
}
"""What a column of the table may be called."""
_ORIGINAL = re.compile(r"([\w-]{11})_\d+(_\d+)?")
"""Clips cut from one original: its id, where it starts and ends (VGGSound, AudioSet)."""
_NO_CLASS = re.compile(r"videos?|clips?|media|data|[0-9a-f]{1,3}")
"""Folders that are no classes, among them those that only spread many files (YFCC: `a1b/2c3`)."""
_HELD_SHARE = 0.075
_SAMPLED = 20


@dataclass(frozen=True)
class _Listed:
    """What the table says about one video."""

    label: str | None = None
    user: str | None = None
    split: Split | None = None


class VideoFolder(Reader):
    """Image + sound + video."""

    title = "A folder of videos (Flickr / YFCC, VGGSound, VAS)"
    layout = "videos anywhere below, in class folders or listed in labels.csv (filename,label[,user,split])"
    options: Mapping[str, str] = {
        "segment_s": "length of the part that becomes an item, seconds (default 5)",
        "frames": "items per video, spread evenly where it is long enough (default 1)",
    }

    def recognises(self, root: Path) -> bool:
        """Folders that hold videos and neither pictures nor sounds; no table but `labels.csv`."""
        tables = [file for file in some_files(root) if file.suffix.lower() in row_tables.SUFFIXES]
        if [table.name for table in tables] not in ([], [_TABLE]) or (tables and not _columns(tables[0])):
            return False
        kinds = {mostly(some_files(folder, _SAMPLED)) for folder in _folders(root)} - {None}
        return kinds == {Modality.VIDEO}

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """Items by folder and name, id = path of the video below the root, with `/1`... for further parts."""
        segment_s, count = video_parts.seconds(source), source.options.get("frames", "1")
        if not count.isdecimal() or not 1 <= int(count) <= 1000:
            raise ReaderError(f"option frames={count!r}: write a number from 1 to 1000")
        listed = _listed(source, report)
        for file in files_below(source.root, "", report):
            if kind_of(file) is not Modality.VIDEO:
                if not is_beside(file):
                    report.skip(file, "", f"unknown suffix {PurePosixPath(file).suffix!r}: not a video")
                continue
            try:
                video = existing_file(source, file)
                found = video_parts.header(source, video)
                if not found.has_sound:
                    report.note("some videos have no sound: their items have none")
                pieces = video_parts.parts(found.duration_s, segment_s=segment_s, count=int(count))
                for place, part in enumerate(pieces):
                    identity = file if place == 0 else f"{file}/{place}"
                    about = listed.get(file, _Listed())
                    yield _sample(identity, file, about, video_parts.entries(video, found, part))
            except EntryError as error:
                report.skip(file, "", str(error))


def _folders(root: Path) -> list[Path]:
    """The root and some folders up to three levels down."""
    found, level = [root], [root]
    for _ in range(3):
        level = [inner for folder in level for inner in some_folders(folder, _SAMPLED)][:_SAMPLED]
        found += level
    return found


def _columns(table: Path) -> dict[str, str]:
    """Role -> column; empty if it names no file, or has columns that this reader does not know."""
    try:
        names = delimited.header(table)
    except (OSError, ValueError):
        return {}
    roles = {role: name for name in names for role, known in _ROLES.items() if name.casefold() in known}
    return roles if "file" in roles and len(roles) == len(names) else {}


def _listed(source: Source, report: Report) -> dict[str, _Listed]:
    table = source.root / _TABLE
    columns = _columns(table) if table.is_file() else {}
    found: dict[str, _Listed] = {}
    for number, row in delimited.rows(table, report) if columns else ():
        cells = {role: row[name] for role, name in columns.items()}
        try:
            video = existing_file(source, cells["file"])
            split = named_split(cells["split"]) if cells.get("split") else None
            if cells.get("split") and split is None:
                raise EntryError(f"split {cells['split']!r} is none of train, validation, test")
            found[video.path] = _Listed(cells.get("label") or None, cells.get("user") or None, split)
        except EntryError as error:
            report.skip(table.name, number, str(error))
    return found


def _sample(identity: str, file: str, about: _Listed, media: dict) -> Sample:
    path = PurePosixPath(file)
    original = _ORIGINAL.fullmatch(path.stem)
    group = about.user or (original[1] if original else file)
    named = next((split for folder in path.parts[:-1] if (split := named_split(folder)) is not None), None)
    split = about.split or named or hashed_split(group, validation_share=_HELD_SHARE, test_share=_HELD_SHARE)
    folder = path.parent.name
    is_class = folder and named_split(folder) is None and not _NO_CLASS.fullmatch(folder.casefold())
    return Sample(identity, split, media, scene=about.label or (folder if is_class else None), group=group)
