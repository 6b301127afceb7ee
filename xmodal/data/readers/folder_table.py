"""A user's own data: a folder with a table (CSV, TSV, JSON lines, Parquet) whose columns are mapped to modalities.

Columns map by name (`image`, `photo_path`, `file_image`, `wav`, `speech`, `caption`, `caption_1`.., `split`,
`label`, `speaker`, `id`, ...), else by what their cells hold (names of pictures, recordings, videos; sentences), or by
the option `columns=image:photo,speech:wav,text:caption_1+caption_2`. A column `audio` or `wav` is speech when the table
also tells a speaker, word times or a transcript, else sound. A column `mask` holds label maps (PNG of class numbers;
their names in a column `label names`, as `1=sky;2=sea`). Other columns become facts. Paths are relative to the table's
folder.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from xmodal.data.load import VIDEO_SUFFIXES
from xmodal.data.media import Media, Stored, Text
from xmodal.data.readers import Reader, ReaderError, Source, row_tables
from xmodal.data.readers.column_mapping import Columns, chosen, guessed, how_to_map
from xmodal.data.readers.files import EntryError, below, existing_file, first_folder
from xmodal.data.readers.row_tables import Row
from xmodal.data.readers.splits import SPLIT_WORDS, hashed_split, named_split
from xmodal.data.readers.word_times import listed
from xmodal.data.report import Report
from xmodal.data.sample import LabelMapSource, Sample, Split, Truth, Word
from xmodal.modality import Modality

_USUAL_STEMS = ("metadata", "data", "items", "manifest", "captions", "index", "labels", "table")
_HEAD_ROWS = 20
_MOST_TABLES = 12


class FolderTable(Reader):
    """Any folder with a table of items."""

    title = "A folder with a table (CSV, TSV, JSON lines or Parquet)"
    layout = "a .csv, .tsv, .jsonl or .parquet file with columns such as image, wav, caption, split, label"
    options: Mapping[str, str] = {
        "columns": "which column is what, ROLE:COLUMN,... with + between texts (default: by their names)",
        "table": "name of the table file (default: the only one, metadata.*, or all that are named after a split)",
        "media": "folder that paths are relative to (default: that of the table)",
    }

    def recognises(self, root: Path) -> bool:
        """A table at the top whose columns map to a modality, or a table with no folder beside it."""
        found = _tables(root)
        if not found or len(found) > _MOST_TABLES:
            return False
        if not any(path.is_dir() for path in root.iterdir()):
            return True
        try:
            return any(_mapping({}, path).maps_media for path in found)
        except ReaderError:
            return False

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """Items in the order of the table; ids from the column `id`, else `<table>/<row number>`.

        Without a split column or a table named after a split, items are split by hash of their group, else of their
        first file, else of their id.
        """
        base = first_folder(source, "media", (".",)) or ("", "")
        for path in _chosen_tables(source):
            columns = _mapping(source.options, path)
            if not columns.maps_media:
                names = row_tables.columns(path)
                found = ", ".join(names) or "none"
                raise ReaderError(f"{path.name}: no column is a modality. Columns found: {found}. {how_to_map(names)}")
            report.note(f"{path.name}: {columns.described()}")
            rows = _Rows(source, report, path, columns, base)
            for number, row in row_tables.rows(path, report):
                try:
                    yield rows.sample(number, row)
                except EntryError as error:
                    report.skip(path.name, number, str(error))


def _tables(root: Path) -> list[Path]:
    files = (path for path in root.iterdir() if path.suffix.lower() in row_tables.SUFFIXES and path.is_file())
    return sorted(path for path in files if not path.name.startswith("."))


def _chosen_tables(source: Source) -> Sequence[Path]:
    found = _tables(source.root)
    names = ", ".join(path.name for path in found) or "none"
    if "table" in source.options:
        wanted = [path for path in found if path.name == source.options["table"]]
        if not wanted:
            raise ReaderError(f"no table {source.options['table']!r}; tables found: {names}")
        return wanted
    for group in (found, [path for path in found if path.stem.casefold() in _USUAL_STEMS]):
        if len(group) == 1:
            return group
    by_split = [path for path in found if named_split(path.stem) is not None]
    if not by_split:
        raise ReaderError(f"tables found: {names}. Say which one: --option table=NAME")
    return by_split


def _mapping(options: Mapping[str, str], path: Path) -> Columns:
    names = row_tables.columns(path)
    if "columns" in options:
        return chosen(options["columns"], names, path.name)
    head = [row for _, row in islice(row_tables.rows(path, Report()), _HEAD_ROWS)]
    return guessed(names, head)


@dataclass(frozen=True)
class _Rows:
    source: Source
    report: Report
    path: Path
    columns: Columns
    base: tuple[str, str]
    """Root and folder that paths are relative to."""

    def sample(self, number: int, row: Row) -> Sample:
        """Raises EntryError if nothing of the row can be used."""
        identity = self.cell(row, "id") or f"{self.path.stem}/{number}"
        media = self.media(number, row)
        group = self.cell(row, "group")
        files = [entry.path for entry in media.values() if isinstance(entry, Stored)]
        return Sample(
            id=identity,
            split=self.split(row, group or (files[0] if files else identity)),
            media=media,
            scene=self.cell(row, "scene"),
            group=group,
            truth=self.truth(number, row, media),
            facts={name: text for name in self.columns.facts if (text := _written(row.get(name))) is not None},
        )

    def cell(self, row: Row, role: str) -> str | None:
        column = self.columns.of.get(role)
        return None if column is None else _written(row.get(column))

    def media(self, number: int, row: Row) -> dict[Modality, Media]:
        media: dict[Modality, Media] = {}
        reasons: list[str] = []
        for modality in Modality:
            path = self.cell(row, modality.value) if modality is not Modality.TEXT else None
            if path is not None:
                try:
                    media[modality] = self.stored(modality, path, row)
                except EntryError as error:
                    reasons.append(f"{self.columns.of[modality.value]}: {error}")
        texts = tuple(text for name in self.columns.texts for text in _texts(row.get(name)))
        if texts:
            media[Modality.TEXT] = Text(texts)
        if not any(isinstance(entry, Stored) for entry in media.values()) and reasons:
            raise EntryError("; ".join(reasons))
        if not media:
            raise EntryError("nothing in it: every modality's cell is empty")
        for reason in reasons:
            self.report.skip(self.path.name, number, f"{reason} (the item's other entries are kept)")
        return media

    def stored(self, modality: Modality, path: str, row: Row) -> Stored:
        root, folder = self.base
        entry = existing_file(self.source, below(folder, path.replace("\\", "/").removeprefix("./")), root)
        timed = modality in (Modality.SOUND, Modality.SPEECH, Modality.VIDEO)
        if timed or Path(entry.path).suffix.lower() in VIDEO_SUFFIXES:
            start_s, end_s = _seconds(self.cell(row, "start_s")), _seconds(self.cell(row, "end_s"))
            if start_s is not None or end_s is not None:
                end_s = end_s if timed else None
                if end_s is not None and end_s <= (start_s or 0.0):
                    raise EntryError(f"ends at {end_s:g} s, before it starts")
                return replace(entry, start_s=start_s or 0.0, end_s=end_s)
        return entry

    def split(self, row: Row, key: str) -> Split:
        word = self.cell(row, "split")
        if word is None:
            return named_split(self.path.stem) or hashed_split(key)
        split = named_split(word)
        if split is None:
            raise EntryError(f"split {word!r} is none of {', '.join(SPLIT_WORDS)}")
        return split

    def truth(self, number: int, row: Row, media: Mapping[Modality, Media]) -> Truth:
        words = self.words(number, row) if Modality.SPEECH in media else ()
        mask = self.cell(row, "label_map") if Modality.IMAGE in media else None
        if mask is None:
            return Truth(words=words)
        try:
            source = LabelMapSource("indexed", self.stored(Modality.IMAGE, mask, row))
            return Truth(label_map=source, words=words)
        except EntryError as error:
            reason = f"{self.columns.of['label_map']}: {error} (the item is kept without a label map)"
            self.report.skip(self.path.name, number, reason)
            return Truth(words=words)

    def words(self, number: int, row: Row) -> tuple[Word, ...]:
        column = self.columns.of.get("words")
        try:
            return listed(row.get(column) or []) if column is not None else ()
        except (ValueError, TypeError, RecursionError) as error:
            self.report.skip(self.path.name, number, f"{column}: {error} (the item is kept without word times)")
            return ()


def _written(value: Any) -> str | None:
    """A cell as text; None if it is empty."""
    if isinstance(value, dict):
        value = value.get("path")
    if value is None or value != value:  # NaN is the only value that differs from itself
        return None
    text = str(value).strip()
    return text or None


def _texts(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list | tuple) else [value]
    return tuple(text for part in parts if isinstance(part, str | int | float) and (text := _written(part)))


def _seconds(cell: str | None) -> float | None:
    if cell is None:
        return None
    try:
        seconds = float(cell)
    except ValueError as error:
        raise EntryError(f"time {cell!r} is not a number of seconds") from error
    if not 0.0 <= seconds < 1e6:
        raise EntryError(f"time {cell!r} is not a number of seconds from 0 on")
    return seconds
