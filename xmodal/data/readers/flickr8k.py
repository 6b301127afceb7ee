"""Flickr8k: photos with five written captions each, and spoken ones as in the Flickr 8k Audio Caption Corpus.

Understood: `captions.txt` (Kaggle: header `image,caption`) or `Flickr8k.token.txt` (`photo.jpg#0<TAB>caption`), the
split lists `Flickr_8k.{train,dev,test}Images.txt`, and `wav2capt.txt` (`<wav> <photo.jpg> #<n>`) beside a `wavs` folder
with `wav2spk.txt` (`<wav> <speaker>`) if there is one. Captions are numbered from 0 in file order.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xmodal.data.media import Media, Stored, Text
from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.files import EntryError, below, existing_file, first_folder
from xmodal.data.readers.splits import hashed_split
from xmodal.data.readers.text_lines import first_line, lines
from xmodal.data.report import Report
from xmodal.data.sample import Sample, Split
from xmodal.modality import Modality

_IMAGE_FOLDERS = ("Images", "Flicker8k_Dataset", "Flickr8k_Dataset/Flicker8k_Dataset", "Flickr8k_Dataset", "images")
_SPEECH_FOLDERS = ("flickr_audio", "tts_audio", "audio", ".")
_TEXT_FOLDERS = ("", "Flickr8k_text")
_LISTS: Mapping[str, Split] = {
    "Flickr_8k.trainImages.txt": Split.TRAIN,
    "Flickr_8k.devImages.txt": Split.VALIDATION,
    "Flickr_8k.testImages.txt": Split.TEST,
}


@dataclass
class _Photo:
    """What the tables say about one photo."""

    captions: dict[int, str] = field(default_factory=dict)
    spoken: dict[int, str] = field(default_factory=dict)
    """Caption number -> name of the recording."""


class Flickr8k(Reader):
    """Photo + text, and photo + speech where there are recordings."""

    title = "Flickr8k captions, written and spoken"
    layout = "Images/ or Flicker8k_Dataset/ with captions.txt or Flickr8k.token.txt; wav2capt.txt beside wavs/"
    options: Mapping[str, str] = {
        "captions": "all (default): one item per photo with all its captions; first: only caption 0; "
        "each: one item per caption, spoken and written",
        "images": "folder of the photos, if not Images or Flicker8k_Dataset",
        "speech": "folder that holds wav2capt.txt and wavs, if not flickr_audio or tts_audio",
    }

    def recognises(self, root: Path) -> bool:
        """A caption table in one of its two forms, or `wav2capt.txt`, with a folder of photos beside it."""
        if not any((root / folder).is_dir() for folder in _IMAGE_FOLDERS):
            return False
        if any(_spoken(root / folder) for folder in _SPEECH_FOLDERS):
            return True
        return first_line(root / "captions.txt").casefold() == "image,caption" or _token_file(root) is not None

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """One item per photo, or per caption; split as published, else by hash of the photo's name."""
        mode = source.options.get("captions", "all")
        if mode not in ("all", "first", "each"):
            raise ReaderError(f"option captions={mode!r}: choose all, first or each")
        folder = first_folder(source, "images", _IMAGE_FOLDERS)
        if folder is None:
            raise ReaderError(
                f"no folder of photos: expected one of {', '.join(_IMAGE_FOLDERS)}, or --root images=FOLDER"
            )
        photos = _captions(source.root, report)
        speech = first_folder(source, "speech", tuple(name for name in _SPEECH_FOLDERS if _spoken(source.root / name)))
        speakers = _recordings(source, speech, photos, report) if speech is not None else {}
        if not photos:
            raise ReaderError("no captions: expected captions.txt, Flickr8k.token.txt or wav2capt.txt")
        splits = _splits(source.root, report)
        builder = _Builder(source, report, folder, speech, speakers)
        for name, photo in photos.items():
            split = splits.get(name) if splits else hashed_split(name)
            if split is None:
                report.skip("Flickr_8k.*Images.txt", name, "photo is in none of the split lists")
            else:
                yield from builder.items(name, photo, split, mode)


@dataclass(frozen=True)
class _Builder:
    source: Source
    report: Report
    images: tuple[str, str]
    speech: tuple[str, str] | None
    speakers: Mapping[str, str]

    def items(self, name: str, photo: _Photo, split: Split, mode: str) -> Iterator[Sample]:
        try:
            image = existing_file(self.source, below(self.images[1], name), self.images[0])
        except EntryError as error:
            self.report.skip("captions", name, str(error))
            return
        stem = Path(name).stem
        numbers = sorted({*photo.captions, *photo.spoken})
        if mode == "each":
            for number in numbers:
                yield self.item(f"flickr8k/{stem}_{number}", image, photo, (number,), split)
            return
        if mode == "first":
            numbers = numbers[:1]
        spoken = next((number for number in numbers if number in photo.spoken), numbers[0])
        order = (spoken, *(number for number in numbers if number != spoken))
        yield self.item(f"flickr8k/{stem}", image, photo, order, split)

    def item(self, identity: str, image: Stored, photo: _Photo, numbers: tuple[int, ...], split: Split) -> Sample:
        media: dict[Modality, Media] = {Modality.IMAGE: image}
        texts = tuple(photo.captions[number] for number in numbers if number in photo.captions)
        if texts:
            media[Modality.TEXT] = Text(texts)
        facts = {"photo": Path(image.path).name}
        group = Path(image.path).stem
        recording = photo.spoken.get(numbers[0])
        if recording is not None and self.speech is not None:
            try:
                path = below(self.speech[1], f"wavs/{recording}")
                media[Modality.SPEECH] = existing_file(self.source, path, self.speech[0])
                facts["caption number"] = str(numbers[0])
                group = self.speakers.get(recording, group)
            except EntryError as error:
                self.report.skip("wav2capt.txt", recording, str(error))
        return Sample(id=identity, split=split, media=media, group=group, facts=facts)


def _spoken(folder: Path) -> bool:
    return (folder / "wav2capt.txt").is_file()


def _token_file(root: Path) -> Path | None:
    names = ("Flickr8k.token.txt", "token.txt")
    candidates = (root / folder / name for folder in _TEXT_FOLDERS for name in names)
    return next((path for path in candidates if path.is_file()), None)


def _captions(root: Path, report: Report) -> dict[str, _Photo]:
    photos: dict[str, _Photo] = defaultdict(_Photo)
    table = root / "captions.txt"
    if table.is_file():
        for number, line in lines(table):
            name, comma, text = line.partition(",")
            if number == 1 and name.casefold() == "image":
                continue
            photo = photos[name.strip()] if comma and text.strip() else None
            if photo is None:
                report.skip(table.name, number, f"expected image,caption, found {line[:60]!r}")
            else:
                photo.captions[len(photo.captions)] = _unquoted(text)
        return dict(photos)
    tokens = _token_file(root)
    for number, line in lines(tokens) if tokens is not None else ():
        key, tab, text = line.partition("\t")
        name, sign, which = key.strip().rpartition("#")
        if not (tab and sign and which.isdecimal() and text.strip()):
            report.skip(tokens.name if tokens else "", number, f"expected photo.jpg#0<TAB>caption, found {line[:60]!r}")
        else:
            photos[name].captions[int(which)] = text.strip()
    return dict(photos)


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"').strip()
    return text


def _recordings(source: Source, speech: tuple[str, str], photos: dict[str, _Photo], report: Report) -> dict[str, str]:
    """Fill in the names of the recordings; returns recording -> speaker."""
    base = (source.roots[speech[0]] if speech[0] else source.root) / speech[1]
    if not _spoken(base):
        raise ReaderError(f"no wav2capt.txt in {base.name}: the option speech names the folder that holds it and wavs/")
    for number, line in lines(base / "wav2capt.txt"):
        parts = line.split()
        if len(parts) != 3 or not parts[2].lstrip("#").isdecimal():
            report.skip("wav2capt.txt", number, f"expected WAV PHOTO #NUMBER, found {line[:60]!r}")
            continue
        spoken = photos.setdefault(parts[1], _Photo()).spoken
        caption = int(parts[2].lstrip("#"))
        if caption in spoken:
            report.skip("wav2capt.txt", number, f"caption {caption} of {parts[1]} has a recording already")
        else:
            spoken[caption] = parts[0]
    if not (base / "wav2spk.txt").is_file():
        report.note("no wav2spk.txt: speakers are unknown, items are grouped by photo")
        return {}
    pairs = (line.split(maxsplit=1) for _, line in lines(base / "wav2spk.txt"))
    return {pair[0]: pair[1].strip() for pair in pairs if len(pair) == 2}


def _splits(root: Path, report: Report) -> dict[str, Split]:
    splits: dict[str, Split] = {}
    for file, split in _LISTS.items():
        path = next((root / folder / file for folder in _TEXT_FOLDERS if (root / folder / file).is_file()), None)
        for number, line in lines(path) if path is not None else ():
            name = line.strip()
            if splits.setdefault(name, split) is not split:
                report.skip(file, number, f"{name} is in the list of {splits[name].value} already: it stays there")
    if not splits:
        report.note("no Flickr_8k.*Images.txt: items are split by hash of the photo's name (80/10/10)")
    return splits
