"""Spoken captions of ADE20K photos with word times, as the matchmaps word-object evaluation uses them.

`metadata_with_caption_dedup.json`: rows `{image, audio, seg, caption: {words, start, end}}` as a list, or as one object
per column; files in `frames/`, `audio/` and `annotations/`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from xmodal.data.media import Media, Stored, Text
from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.files import EntryError, below, existing_file, first_folder
from xmodal.data.readers.json_elements import JsonError, elements
from xmodal.data.readers.spatial_text import wished, with_spatial_text
from xmodal.data.readers.splits import named_split
from xmodal.data.readers.word_times import listed
from xmodal.data.report import Report
from xmodal.data.sample import LabelMapSource, Sample, Truth, Word
from xmodal.modality import Modality

_TABLE = "metadata_with_caption_dedup.json"
_FOLDERS = {"image": "frames", "audio": "audio", "seg": "annotations"}


class Ade20kCaptions(Reader):
    """Photo + speech + text with word times + label map."""

    title = "ADE20K with spoken captions"
    layout = f"{_TABLE} with frames/, audio/ and annotations/"
    options: Mapping[str, str] = {
        "image": "folder of the photos (default frames); elsewhere: a root named image",
        "audio": "folder of the recordings (default audio); elsewhere: a root named audio",
        "seg": "folder of the label maps (default annotations); elsewhere: a root named seg",
        "spatial_text": "true: add the names of the objects at their places (default false)",
    }

    def recognises(self, root: Path) -> bool:
        """The table by its name."""
        return (root / _TABLE).is_file()

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """One item per row, id `ade20k_captions/<name of the recording>`; split by the first folder of the photo."""
        if not self.recognises(source.root):
            raise ReaderError(f"no {_TABLE} in it")
        samples = _samples(source, report)
        yield from with_spatial_text(samples) if wished(source) else samples


def _samples(source: Source, report: Report) -> Iterator[Sample]:
    folders = {key: first_folder(source, key, (folder, ".")) or ("", "") for key, folder in _FOLDERS.items()}
    for number, row in _rows(source.root / _TABLE, report):
        try:
            yield _sample(source, folders, number, row, report)
        except EntryError as error:
            report.skip(_TABLE, number, str(error))


def _rows(path: Path, report: Report) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(number or key, row); a table written by columns is turned."""
    turned: dict[str, dict[str, Any]] = defaultdict(dict)
    number = 0
    try:
        for part in elements(path):
            if part.key and isinstance(part.value, dict):
                for key, cell in part.value.items():
                    turned[key][part.key] = cell
                continue
            number += 1
            if isinstance(part.value, dict):
                yield str(number), part.value
            else:
                report.skip(path.name, number, f"expected an object, found {str(part.value)[:40]!r}")
    except JsonError as error:
        report.skip(path.name, number + 1, f"{error}: everything after it is lost")
    yield from turned.items()


def _sample(
    source: Source, folders: Mapping[str, tuple[str, str]], number: str, row: Mapping[str, Any], report: Report
) -> Sample:
    def stored(key: str) -> Stored:
        name = row.get(key)
        if not isinstance(name, str) or not name:
            raise EntryError(f"no {key} in it; it has {', '.join(row)}")
        return existing_file(source, below(folders[key][1], name), folders[key][0])

    media: dict[Modality, Media] = {Modality.IMAGE: stored("image"), Modality.SPEECH: stored("audio")}
    parts = PurePosixPath(str(row["image"])).parts
    split = named_split(parts[0])
    if split is None:
        raise EntryError(f"photo {row['image']!r}: its first folder says neither training nor validation")
    words = _words(row, number, report)
    if words:
        media[Modality.TEXT] = Text((" ".join(word.text for word in words),))
    label_map = None
    try:
        label_map = LabelMapSource("ade20k", stored("seg"))
    except EntryError as error:
        report.skip(_TABLE, number, f"{error} (the item is kept without a label map)")
    return Sample(
        id=f"ade20k_captions/{PurePosixPath(str(row['audio'])).with_suffix('')}",
        split=split,
        media=media,
        scene="/".join(parts[1:-1]) or None,
        group=parts[-1].rpartition(".")[0],
        truth=Truth(label_map=label_map, words=words),
    )


def _words(row: Mapping[str, Any], number: str, report: Report) -> tuple[Word, ...]:
    try:
        return listed(row.get("caption") or [])
    except (ValueError, TypeError) as error:
        report.skip(_TABLE, number, f"caption: {error} (the item is kept without word times)")
        return ()
