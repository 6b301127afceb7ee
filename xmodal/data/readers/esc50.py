"""ESC-50 and ESC-10: labelled environmental sounds in folds.

Understood: the release (`meta/esc50.csv` with `filename,fold,target,category,esc10,src_file,take` and `audio/`), and
the first releases of both sets (class folders `001 - Dog bark` with `<fold>-<freesound id>-<take>.ogg`, no table).
Takes of one recording lie in one fold, so folds may be held out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from xmodal.data.readers import Reader, ReaderError, Source, delimited
from xmodal.data.readers.files import EntryError, existing_file
from xmodal.data.readers.folder_walk import files_below, some_files, some_folders
from xmodal.data.readers.text_lines import first_line
from xmodal.data.report import Report
from xmodal.data.sample import Sample, Split
from xmodal.modality import Modality

_FOLDER = re.compile(r"\d{3} - (.+)")
_CLIP = re.compile(r"(\d+)-(\d+)-([A-Z]+)(-\d+)?")

_CATEGORIES: Mapping[str, str] = {
    "dog bark": "dog",
    "baby cry": "crying_baby",
    "person sneeze": "sneezing",
    "fire crackling": "crackling_fire",
}
"""Folder names of ESC-10 that ESC-50's table writes otherwise; the rest differ in spaces and case only."""


@dataclass(frozen=True)
class _Clip:
    """One recording as table or folder name it."""

    row: str
    file: str
    category: str
    fold: int
    recording: str
    """Id of the original at freesound.org."""
    take: str


class Esc50(Reader):
    """Sound with a class label."""

    title = "ESC-50 / ESC-10 environmental sounds"
    layout = "meta/esc50.csv with audio/, or class folders `001 - Dog bark` with <fold>-<id>-<take>.ogg"
    options: Mapping[str, str] = {
        "test_fold": "fold that is held out as test (default: the last one there is)",
        "validation_fold": "fold that is held out for validation (default: none)",
    }

    def recognises(self, root: Path) -> bool:
        """The table's first columns, or a numbered class folder with clips named by fold."""
        if _table(root) is not None:
            return True
        folders = [folder for folder in some_folders(root) if _FOLDER.fullmatch(folder.name)]
        return any(_CLIP.fullmatch(file.stem) for folder in folders[:3] for file in some_files(folder))

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """Items in table or folder order, id `esc50/1-17367-A-10`; all but the held-out folds are training."""
        table = _table(source.root)
        clips = list(_listed(table, report) if table is not None else _foldered(source.root, report))
        if not clips:
            raise ReaderError("no clip found: expected meta/esc50.csv, or folders such as `001 - Dog bark`")
        held = _held_out(source, sorted({clip.fold for clip in clips}))
        prefix = "esc10" if table is None or table.stem == "esc10" else "esc50"
        folds: dict[str, int] = {}
        for clip in clips:
            try:
                if folds.setdefault(clip.recording, clip.fold) != clip.fold:
                    reason = f"recording {clip.recording} is in fold {folds[clip.recording]} already, not {clip.fold}"
                    raise EntryError(reason)
                yield _sample(source, clip, prefix, held.get(clip.fold, Split.TRAIN))
            except EntryError as error:
                report.skip(table.name if table is not None else clip.file, clip.row, str(error))


def _table(root: Path) -> Path | None:
    tables = sorted(path for path in (root / "meta").glob("esc*.csv") if path.is_file())
    return next((path for path in tables if first_line(path).startswith("filename,fold,target,category")), None)


def _listed(table: Path, report: Report) -> Iterator[_Clip]:
    for number, row in delimited.rows(table, report):
        name, fold, category = row["filename"], row["fold"], row["category"]
        match = _CLIP.fullmatch(PurePosixPath(name).stem)
        if not name or not category or not fold.isdecimal():
            report.skip(table.name, number, f"expected filename,fold,target,category, found {list(row.values())[:4]}")
            continue
        recording = row.get("src_file") or (match[2] if match else name)
        take = row.get("take") or (match[3] if match else "")
        yield _Clip(str(number), name, category, int(fold), recording, take)


def _foldered(root: Path, report: Report) -> Iterator[_Clip]:
    for file in files_below(root, "", report, depth=1):
        folder, _, name = file.rpartition("/")
        label = _FOLDER.fullmatch(folder)
        if label is None:
            continue
        match = _CLIP.fullmatch(PurePosixPath(name).stem)
        if match is None:
            report.skip(file, "", "name is not <fold>-<id>-<take>")
            continue
        category = _CATEGORIES.get(label[1].casefold(), label[1].casefold().replace(" ", "_"))
        yield _Clip("", file, category, int(match[1]), match[2], match[3])


def _held_out(source: Source, folds: list[int]) -> dict[int, Split]:
    held = {folds[-1]: Split.TEST}
    if "test_fold" in source.options:
        held = {_fold(source, "test_fold", folds): Split.TEST}
    if "validation_fold" in source.options:
        fold = _fold(source, "validation_fold", folds)
        if fold in held:
            raise ReaderError(f"fold {fold} cannot be both test and validation: set test_fold to another")
        held[fold] = Split.VALIDATION
    return held


def _fold(source: Source, option: str, folds: list[int]) -> int:
    value = source.options[option]
    if not value.isdecimal() or int(value) not in folds:
        raise ReaderError(f"option {option}={value!r}: there are the folds {', '.join(map(str, folds))}")
    return int(value)


def _sample(source: Source, clip: _Clip, prefix: str, split: Split) -> Sample:
    try:
        sound = existing_file(source, f"audio/{clip.file}")
    except EntryError:
        sound = existing_file(source, clip.file)
    facts = {"fold": str(clip.fold), "freesound id": clip.recording, "take": clip.take}
    identity = f"{prefix}/{PurePosixPath(clip.file).stem}"
    group = f"freesound {clip.recording}"
    return Sample(identity, split, {Modality.SOUND: sound}, scene=clip.category, group=group, facts=facts)
