"""Pictures or sounds in folders named after their class: `<class>/file`, `<split>/<class>/file`, or one flat folder.

Caltech-101, CIFAR-10 as files, 15-Scene, Speech Commands, FSDD, ImageNet samples and most home-made sets look so. The
split comes from a folder named after it, from a name that begins with one (`train_image_0001.jpg`), from Speech
Commands' lists or its published rule, from FSDD's take, else from a hash.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.digit_sources import take_split
from xmodal.data.readers.files import EntryError, existing_file
from xmodal.data.readers.folder_walk import files_below, some_files, some_folders
from xmodal.data.readers.media_kinds import is_beside, kind_of, mostly
from xmodal.data.readers.splits import hashed_split, named_split
from xmodal.data.readers.text_lines import lines
from xmodal.data.report import Report
from xmodal.data.sample import Sample, Split
from xmodal.modality import AUDIBLE, PICTORIAL, Modality

_SPOKEN = re.compile(r"([0-9a-f]{6,})_nohash_\d+")
"""Speech Commands: hash of the speaker, number of the recording."""
_DIGIT = re.compile(r"(\d)_([a-z]+)_(\d+)")
"""Free Spoken Digit Dataset: digit, speaker, take."""
_SYNSET = re.compile(r"(n\d{8})_(.+)")
"""ImageNet samples: WordNet id and name."""
_LISTS: Mapping[str, Split] = {"validation_list.txt": Split.VALIDATION, "testing_list.txt": Split.TEST}
_NO_CLASS = frozenset({"_background_noise_"})
_SAMPLED = 20


class ClassFolders(Reader):
    """One picture or sound an item, with its class where folders or names tell it."""

    title = "Class folders of pictures or sounds"
    layout = "<class>/<file>, <split>/<class>/<file> or a flat folder of pictures or sounds"
    options: Mapping[str, str] = {
        "modality": "what the files are: image, sketch, clip_art, spatial_text, sound or speech "
        "(default: image or sound by suffix; speech for names of Speech Commands)",
        "validation_share": "share of items for validation where nothing says the split (default 0.1)",
        "test_share": "share of items for test where nothing says the split (default 0.1)",
    }

    def recognises(self, root: Path) -> bool:
        """Folders that mostly hold pictures or sounds, one or two levels down, or such files in the folder itself."""
        found = [mostly(some_files(folder, _SAMPLED)) for folder in (root, *_inner(root))]
        kinds = [kind for kind in found if kind is not None]
        return bool(kinds) and all(kind in (Modality.IMAGE, Modality.SOUND) for kind in kinds)

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """Items by folder and name, id = path below the root; group = speaker where the name tells one."""
        naming = _Naming.of(source)
        for file in files_below(source.root, "", report):
            name = file.rpartition("/")[2]
            if is_beside(name):
                continue
            kind = naming.modality or kind_of(name)
            if kind is None or kind is Modality.VIDEO:
                hint = "give its folder to --format video_folder" if kind else f"unknown suffix {Path(name).suffix!r}"
                report.skip(file, "", f"neither picture nor sound: {hint}")
                continue
            if _NO_CLASS & set(file.split("/")):
                report.note("_background_noise_ is left out: it belongs to no class")
                continue
            try:
                yield naming.sample(source, file, kind)
            except EntryError as error:
                report.skip(file, "", str(error))


def _inner(root: Path) -> list[Path]:
    """Folders one and two levels down."""
    outer = some_folders(root, _SAMPLED)
    return [*outer, *(inner for folder in outer for inner in some_folders(folder, 5))]


@dataclass(frozen=True)
class _Naming:
    """What paths mean in this folder."""

    prefix: str
    """Folder that holds everything and says nothing (`101_ObjectCategories`), with `/`; empty if there is none."""
    modality: Modality | None
    shares: tuple[float, float]
    lists: Mapping[str, Split]
    """Path without the prefix -> split, from Speech Commands' lists."""

    @staticmethod
    def of(source: Source) -> "_Naming":
        """Raises ReaderError for options that make no sense."""
        modality = source.options.get("modality")
        known = [kind.value for kind in (*PICTORIAL, *AUDIBLE)]
        if modality is not None and modality not in known:
            raise ReaderError(f"option modality={modality!r}: choose one of {', '.join(known)}")
        shares = (_share(source, "validation_share"), _share(source, "test_share"))
        if sum(shares) > 1.0:
            raise ReaderError("validation_share and test_share are more than 1 together")
        return _Naming(_wrapper(source.root), None if modality is None else Modality(modality), shares, _listed(source))

    def sample(self, source: Source, file: str, kind: Modality) -> Sample:
        stem = PurePosixPath(file).stem
        spoken, synset = _SPOKEN.fullmatch(stem), _SYNSET.fullmatch(stem)
        if spoken and kind is Modality.SOUND and self.modality is None:
            kind = Modality.SPEECH
        folders = file.removeprefix(self.prefix).split("/")[:-1]
        split = named_split(folders[0]) if folders else None
        if split is not None:
            folders = folders[1:]
        scene = "/".join(folders) or None
        facts: dict[str, str] = {}
        if scene is None and synset:
            scene, facts = synset[2].replace("_", " "), {"WordNet id": synset[1]}
        group = f"speaker {spoken[1]}" if spoken else None
        split = split or self.split(file, spoken)
        digit = _DIGIT.fullmatch(stem) if folders == ["recordings"] and kind is Modality.SOUND else None
        if digit:
            kind, scene, group, split = Modality.SPEECH, digit[1], f"speaker {digit[2]}", take_split(int(digit[3]))
        return Sample(file, split, {kind: existing_file(source, file)}, scene=scene, group=group, facts=facts)

    def split(self, file: str, spoken: re.Match[str] | None) -> Split:
        """By list, by the beginning of the name, by Speech Commands' rule, else by hash of the path."""
        if self.lists:
            return self.lists.get(file.removeprefix(self.prefix), Split.TRAIN)
        if spoken:
            return _speaker_split(spoken[1])
        first = named_split(PurePosixPath(file).stem.split("_")[0])
        return first or hashed_split(file, validation_share=self.shares[0], test_share=self.shares[1])


def _share(source: Source, option: str) -> float:
    text = source.options.get(option, "0.1")
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise ReaderError(f"option {option}={text!r}: write a number from 0 to 1")
    return value


def _wrapper(root: Path) -> str:
    """The only folder of the root, if it holds nothing but class folders and is neither a split nor a class."""
    folders = some_folders(root)
    if len(folders) != 1 or named_split(folders[0].name) is not None:
        return ""
    holds_files = mostly(some_files(folders[0], _SAMPLED)) or mostly(some_files(root, _SAMPLED))
    return "" if holds_files or not some_folders(folders[0]) else f"{folders[0].name}/"


def _listed(source: Source) -> dict[str, Split]:
    present = {name: split for name, split in _LISTS.items() if (source.root / name).is_file()}
    return {line.strip(): split for name, split in present.items() for _, line in lines(source.root / name)}


def _speaker_split(speaker: str) -> Split:
    """Speech Commands' published rule: the speaker's SHA-1 modulo 2^27 as a percentage; 10 validation, 10 test."""
    largest = 2**27 - 1
    number = int(hashlib.sha1(speaker.encode(), usedforsecurity=False).hexdigest(), 16)
    percentage = number % (largest + 1) * (100.0 / largest)
    if percentage < 10:
        return Split.VALIDATION
    return Split.TEST if percentage < 20 else Split.TRAIN
