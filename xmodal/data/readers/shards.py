"""Tar shards: a folder of plain tars in the WebDataset layout, those that `data pack` writes among them.

Members of one key are one item: `.jpg .png .webp` image, `.wav .flac .ogg .mp3 .m4a` sound (or speech), `.mp4 .webm`
video, `.txt` text (a caption a line), `.json` facts (`caption`, `split`, `label`, `group`, or the row that `data pack`
wrote). An extension may begin with a modality: `.sketch.png`, `.speech.flac`, `.label_map.png`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from xmodal.data.media import Media, Stored, Text
from xmodal.data.packing import ROW
from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.splits import hashed_split, named_split
from xmodal.data.report import Report
from xmodal.data.rows import SCHEMA, from_row
from xmodal.data.sample import LabelMapSource, Sample, Split, Truth
from xmodal.data.shards import Member, ShardError, members
from xmodal.modality import AUDIBLE, Modality

_KINDS: dict[str, Modality] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "ppm"), Modality.IMAGE),
    **dict.fromkeys(("wav", "flac", "ogg", "opus", "mp3", "m4a", "aac"), Modality.SOUND),
    **dict.fromkeys(("mp4", "webm", "mkv", "mov", "avi"), Modality.VIDEO),
}
_CAPTIONS = ("caption", "text")
_SCENES = ("scene", "label", "class")
_PLAIN = (str, int, float)
_TEXT_BYTES = 4_000_000
"""Largest `.txt` or `.json` member that is read."""


class Shards(Reader):
    """WebDataset tar shards."""

    title = "Tar shards (WebDataset)"
    layout = "*.tar of KEY.jpg, KEY.wav, KEY.mp4, KEY.txt, KEY.json"
    options: Mapping[str, str] = {
        "audio": "what a sound file is: sound or speech (default sound)",
        "split": "split of items that name none (default: by the shard's name, else by a hash of the key)",
    }

    def recognises(self, root: Path) -> bool:
        """Whether a tar in the folder begins with a member of a known kind."""
        first = min(root.glob("*.tar"), default=None)
        try:
            return first is not None and _kind(next(members(first)).extension) is not None
        except (ShardError, OSError, StopIteration):
            return False

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """Items in the order of the shards' names; consecutive members of one key are one item."""
        audio = source.options.get("audio", Modality.SOUND.value)
        if audio not in [modality.value for modality in AUDIBLE]:
            raise ReaderError(f"option audio={audio}: write sound or speech")
        split = named_split(source.options.get("split", "train"))
        if split is None:
            raise ReaderError(f"option split={source.options['split']}: write train, validation or test")
        paths = sorted(source.root.glob("*.tar"))
        if not paths:
            raise ReaderError(f"{source.root}: there is no .tar in it")
        for path in paths:
            fallback = split if "split" in source.options else _split_of_name(path.stem)
            for key, group in groupby(_members(path, report), key=lambda member: member.key):
                item = _Item(path, key, tuple(group), Modality(audio), fallback or hashed_split(key))
                sample = item.sample(report)
                if sample is not None:
                    yield sample


def _members(path: Path, report: Report) -> Iterator[Member]:
    """Good members; bad ones, and a cut, go into the report."""
    try:
        for member in members(path):
            if member.fault is None:
                yield member
            else:
                report.skip(path.name, f"{member.key}.{member.extension}", member.fault)
    except (ShardError, OSError) as error:
        report.skip(path.name, "", str(error))


def _split_of_name(stem: str) -> Split | None:
    words = "".join(sign if sign.isalpha() else " " for sign in stem).split()
    return next((split for word in words if (split := named_split(word)) is not None), None)


def _kind(extension: str) -> tuple[str, str] | None:
    """(`image`, `json`, `label_map` ..., last part of the extension); None: unknown."""
    first, _, last = extension.partition(".")
    last = last.rpartition(".")[2] or first
    if first in (*(modality.value for modality in Modality), "label_map"):
        return first, last
    if last in ("txt", "json"):
        return last, last
    return (_KINDS[last].value, last) if last in _KINDS else None


@dataclass(frozen=True)
class _Item:
    """The members of one key."""

    path: Path
    key: str
    members: tuple[Member, ...]
    audio: Modality
    """What a plain sound file is."""
    split: Split
    """If its JSON names none."""

    def sample(self, report: Report) -> Sample | None:
        """The sample; what cannot be used goes into the report."""
        media: dict[str, Stored] = {}
        facts: dict[str, Any] = {}
        for member in self.members:
            name, kind = f"{self.key}.{member.extension}", _kind(member.extension)
            if kind is None:
                report.skip(self.path.name, name, f"unknown kind of file .{member.extension}")
            elif kind[0] in ("txt", "json", "text"):
                try:
                    facts |= _facts(self.path, member, kind[1])
                except ValueError as error:
                    report.skip(self.path.name, name, str(error))
            elif self._entry(kind[0], member) in media:
                report.skip(self.path.name, name, f"the item has two entries of {self._entry(kind[0], member)}")
            else:
                stored = Stored(self.path.name, offset_bytes=member.offset_bytes, size_bytes=member.size_bytes)
                media[self._entry(kind[0], member)] = stored
        label_map = media.pop("label_map", None)
        entries: dict[Modality, Media] = {Modality(name): entry for name, entry in media.items()}
        try:
            return _packed(facts[ROW], entries, label_map) if ROW in facts else self._plain(entries, label_map, facts)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            report.skip(self.path.name, self.key, f"its JSON is not a row that `data pack` wrote: {error}")
            return None

    def _entry(self, kind: str, member: Member) -> str:
        """Name of the entry: a plain `.wav` is what the option says, `.sound.wav` is sound."""
        plain = kind == Modality.SOUND and not member.extension.startswith(Modality.SOUND.value)
        return self.audio.value if plain else kind

    def _plain(self, media: dict[Modality, Media], label_map: Stored | None, facts: dict[str, Any]) -> Sample | None:
        """A sample of somebody else's shards."""
        captions = next((facts[name] for name in _CAPTIONS if facts.get(name)), ())
        if captions:
            media[Modality.TEXT] = Text((captions,) if isinstance(captions, str) else tuple(map(str, captions)))
        named = {*_CAPTIONS, *_SCENES, "group", "split"}
        rest = {key: str(value) for key, value in facts.items() if key not in named and isinstance(value, _PLAIN)}
        sample = Sample(
            f"{self.path.stem}/{self.key}",
            named_split(str(facts.get("split", ""))) or self.split,
            media,
            scene=next((str(facts[name]) for name in _SCENES if name in facts), None),
            group=None if facts.get("group") is None else str(facts["group"]),
            truth=Truth(label_map=None if label_map is None else LabelMapSource("indexed", label_map)),
            facts=rest,
        )
        return sample if media else None


def _packed(row: Mapping[str, Any], media: dict[Modality, Media], label_map: Stored | None) -> Sample:
    """A sample that `data pack` wrote: its row with the places of today's shards."""
    written = from_row(dict.fromkeys(SCHEMA.names) | dict(row), {})
    computed = {modality: entry for modality, entry in written.media.items() if not isinstance(entry, Stored)}
    source = written.truth.label_map
    if source is not None and isinstance(source.media, Stored):
        source = None if label_map is None else LabelMapSource(source.scheme, label_map)
    return replace(written, media=computed | media, truth=replace(written.truth, label_map=source))


def _facts(path: Path, member: Member, kind: str) -> dict[str, Any]:
    """The content of a text or JSON member.

    Raises:
        ValueError: too long, not UTF-8, or not a JSON object.
    """
    if member.size_bytes > _TEXT_BYTES:
        raise ValueError(f"text of {member.size_bytes:,} bytes is too long")
    with path.open("rb") as file:
        file.seek(member.offset_bytes)
        text = file.read(member.size_bytes).decode()
    if kind != "json":
        return {"caption": [line.strip() for line in text.splitlines() if line.strip()]}
    content = json.loads(text)
    if not isinstance(content, dict):
        raise ValueError("its JSON is not an object")
    return content
