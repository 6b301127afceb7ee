"""Places audio captions: scene photos with captions spoken by people (the matchmaps data, section 3).

The 400k release: `metadata/*.json` with `data` = list of `{wav, image, uttid, speaker, asr_text}` and, in the aligned
version, `text_alignment` (`start__WORD__end`, seconds). The first release: Kaldi-style `utt2wav`, `utt2image`,
`utt2spk`, `utt2ASR` with lists of utterance ids. The photos are those of Places205 and lie elsewhere: the base paths
inside the files are those of one laboratory and are not used; say `images=` and `audio=` instead.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xmodal.data.media import Media, Text
from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.files import EntryError, below, existing_file, first_folder
from xmodal.data.readers.json_elements import JsonError, elements
from xmodal.data.readers.splits import named_split
from xmodal.data.readers.text_lines import first_line, lines
from xmodal.data.readers.word_times import aligned
from xmodal.data.report import Report
from xmodal.data.sample import Sample, Split, Truth, Word
from xmodal.modality import Modality

_IMAGE_FOLDERS = ("images", "images256", "places205/images256", "vision/torralba/deeplearning/images256", ".")
_AUDIO_FOLDERS = ("audio", ".", "..")
_TABLES = ("utt2wav", "utt2image")


class PlacesAudio(Reader):
    """Photo + speech + recognised words."""

    title = "Places audio captions"
    layout = (
        "metadata/*.json with data: [{wav, image, uttid, speaker, asr_text}], or metadata/utt2wav, utt2image and lists/"
    )
    options: Mapping[str, str] = {
        "images": "folder of the Places205 photos (images256), relative to the root; elsewhere: a root named images",
        "audio": "folder that the wav paths are relative to (default: the root); elsewhere: a root named audio",
        "lists": "first (default): train.json, val.json; 2020: the later cut of the same data by speaker",
    }

    def recognises(self, root: Path) -> bool:
        """A metadata file whose first bytes name the keys, or the Kaldi tables."""
        kaldi = _metadata(root)
        if all((kaldi / name).is_file() for name in _TABLES):
            return True
        return any(_looks_right(path) for path in _json_files(root))

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """One item per utterance, id `places_audio/<uttid>`, group = speaker, scene from the photo's folder.

        Splits as the files are named: train*; val*, dev* -> validation; test* -> test.
        """
        images = first_folder(source, "images", _IMAGE_FOLDERS)
        audio = first_folder(source, "audio", _AUDIO_FOLDERS)
        rows = _Rows(source, report, images or ("", ""), audio or ("", ""))
        if all((_metadata(source.root) / name).is_file() for name in _TABLES):
            found = _kaldi(source.root, report)
        else:
            files = _edition(source)
            found = (row for path in files for row in _json(path, report))
        for file, number, split, row in found:
            try:
                yield rows.sample(file, number, split, row)
            except EntryError as error:
                report.skip(file, number, str(error))


_Found = tuple[str, str, Split, Mapping[str, Any]]
"""File, row, split, row."""


def _metadata(root: Path) -> Path:
    return root / "metadata" if (root / "metadata").is_dir() else root


def _json_files(root: Path) -> list[Path]:
    """Metadata files named after a split, train first."""
    files = [path for path in _metadata(root).glob("*.json") if _split(path.stem) is not None]
    return sorted(files, key=lambda path: (_split(path.stem) is not Split.TRAIN, path.name))


def _edition(source: Source) -> list[Path]:
    files = [path for path in _json_files(source.root) if _looks_right(path)]
    if not files:
        raise ReaderError("no Places audio metadata: expected metadata/train.json or metadata/utt2wav")
    editions = {"first": [path for path in files if "2020" not in path.stem]}
    editions["2020"] = [path for path in files if "2020" in path.stem]
    wanted = source.options.get("lists") or ("first" if editions["first"] else "2020")
    if not editions.get(wanted):
        there = ", ".join(name for name, paths in editions.items() if paths)
        raise ReaderError(f"no lists {wanted!r} in metadata; there are: {there}")
    return editions[wanted]


def _split(stem: str) -> Split | None:
    """`train_2020`, `dev_seen_2020`, `acl_2017_val_uttids` -> the split that one of the words means."""
    words = (named_split(word) for word in re.split(r"[_.\-]", stem))
    return next((split for split in words if split is not None), None)


def _looks_right(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return False
    return b'"audio_base_path"' in head or (b'"wav"' in head and b'"uttid"' in head)


def _json(path: Path, report: Report) -> Iterator[_Found]:
    split = _split(path.stem) or Split.TRAIN
    number = 0
    try:
        for part in elements(path):
            if part.key == "data":
                number += 1
                if isinstance(part.value, dict):
                    yield path.name, str(part.value.get("uttid") or number), split, part.value
                else:
                    report.skip(path.name, number, f"expected an object, found {str(part.value)[:40]!r}")
    except JsonError as error:
        report.skip(path.name, number + 1, f"{error}: everything after it is lost")


def _kaldi(root: Path, report: Report) -> Iterator[_Found]:
    base = _metadata(root)
    tables = {key: _table(base / file) for key, file in (("wav", "utt2wav"), ("image", "utt2image"))}
    tables["speaker"], tables["asr_text"] = _table(base / "utt2spk"), _table(base / "utt2ASR")
    lists = sorted(path for path in (root / "lists").glob("*_uttids*") if _split(path.stem) is not None)
    if not lists:
        raise ReaderError("no lists/*_uttids: they say which utterance is training or validation")
    for path in lists:
        for number, line in lines(path):
            name = line.strip()
            row = {key: table[name] for key, table in tables.items() if name in table}
            if "wav" in row and "image" in row:
                yield path.name, str(number), _split(path.stem) or Split.TRAIN, row | {"uttid": name}
            else:
                report.skip(path.name, number, f"{name} is not in utt2wav and utt2image")


def _table(path: Path) -> dict[str, str]:
    """`id value...` lines."""
    if not path.is_file() or not first_line(path):
        return {}
    pairs = (line.split(maxsplit=1) for _, line in lines(path))
    return {pair[0]: pair[1].strip() for pair in pairs if len(pair) == 2}


@dataclass(frozen=True)
class _Rows:
    source: Source
    report: Report
    images: tuple[str, str]
    audio: tuple[str, str]

    def sample(self, file: str, number: str, split: Split, row: Mapping[str, Any]) -> Sample:
        """Raises EntryError if the photo or the recording cannot be used."""
        missing = [key for key in ("uttid", "wav", "image") if not isinstance(row.get(key), str) or not row[key]]
        if missing:
            raise EntryError(f"no {missing[0]} in it; it has {', '.join(row)}")
        media: dict[Modality, Media] = {
            Modality.IMAGE: existing_file(self.source, below(self.images[1], row["image"]), self.images[0]),
            Modality.SPEECH: existing_file(self.source, below(self.audio[1], row["wav"]), self.audio[0]),
        }
        text = str(row.get("asr_text") or row.get("text") or "").strip()
        if text:
            media[Modality.TEXT] = Text((text,))
        return Sample(
            id=f"places_audio/{row['uttid']}",
            split=split,
            media=media,
            scene=_scene(row["image"]),
            group=str(row["speaker"]) if row.get("speaker") else None,
            truth=Truth(words=self.words(file, number, row)),
            facts={"text": "recognised by a machine", "list": Path(file).stem},
        )

    def words(self, file: str, number: str, row: Mapping[str, Any]) -> tuple[Word, ...]:
        try:
            return aligned(str(row.get("text_alignment") or ""))
        except ValueError as error:
            self.report.skip(file, number, f"text_alignment: {error} (the item is kept without word times)")
            return ()


def _scene(image: str) -> str | None:
    """`a/art_studio/gsun_<hex>.jpg` -> `art_studio`; `a/apartment_building/outdoor/..` -> both names."""
    parts = image.split("/")[:-1]
    letter = next((place for place, part in enumerate(parts) if len(part) == 1), None)
    folders = parts[letter + 1 :] if letter is not None else parts[-1:]
    return "/".join(folders) or None
