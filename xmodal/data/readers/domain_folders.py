"""Domain and class folders, `<domain>/<class>/<file>`: PACS, Office-Home, DomainNet.

A domain becomes a modality (photo: image, sketch: sketch, cartoon: clip art, painting: image with its domain among the
facts), so that PACS stands in for CMPlaces: unpaired pictures with labels in common. Sketches of one photo (`Sketchy`
names: `n02103406_8280-6.png`) form a group.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.files import EntryError, existing_file
from xmodal.data.readers.folder_walk import files_below, some_files, some_folders
from xmodal.data.readers.media_kinds import is_beside, kind_of, mostly
from xmodal.data.readers.splits import hashed_split
from xmodal.data.readers.text_lines import lines
from xmodal.data.report import Report
from xmodal.data.sample import Sample, Split
from xmodal.modality import PICTORIAL, Modality

DOMAINS: Mapping[str, Modality] = {
    "photo": Modality.IMAGE,
    "real": Modality.IMAGE,
    "real world": Modality.IMAGE,
    "product": Modality.IMAGE,
    "art": Modality.IMAGE,
    "art_painting": Modality.IMAGE,
    "painting": Modality.IMAGE,
    "infograph": Modality.CLIP_ART,
    "cartoon": Modality.CLIP_ART,
    "clipart": Modality.CLIP_ART,
    "clip_art": Modality.CLIP_ART,
    "sketch": Modality.SKETCH,
    "quickdraw": Modality.SKETCH,
}
"""Folder name in lower case -> modality."""

_BASES = ("", "PACS", "kfold", "PACS/kfold", "OfficeHome", "OfficeHomeDataset_10072016", "DomainNet")
_LISTS: Mapping[str, Split] = {"train_kfold": Split.TRAIN, "crossval_kfold": Split.VALIDATION}
"""PACS's published lists `<domain>_<name>.txt`; its `test_kfold` is the whole domain, for when that is held out."""
_OF_PHOTO = re.compile(r"(n\d{8}_\d+)-\d+")
_DOMAIN_FACT = "domain"


class DomainFolders(Reader):
    """One picture an item, with its class."""

    title = "Domain and class folders (PACS, Office-Home, DomainNet)"
    layout = "<domain>/<class>/<file> with domains such as photo, art_painting, cartoon, sketch"
    options: Mapping[str, str] = {
        "modalities": "domain:modality,... for further or other domains (photo:image,toy:clip_art)",
        "test_domain": "domain that is held out: all its items are test (default none)",
    }

    def recognises(self, root: Path) -> bool:
        """At least two folders named like a domain, with class folders of pictures in them."""
        return any(len(_domains(root / base, DOMAINS)) > 1 for base in _BASES)

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """Items by domain, class and name; id `<domain>/<class>/<file>`.

        Split by PACS's published lists where they are there, else by hash of the group.
        """
        known = {**DOMAINS, **_chosen(source)}
        base = next((base for base in _BASES if _domains(source.root / base, known)), None)
        if base is None:
            raise ReaderError("no folder named like a domain: say which with --option modalities=FOLDER:image,...")
        domains = _domains(source.root / base, known)
        held = source.options.get("test_domain")
        if held is not None and held not in domains:
            raise ReaderError(f"option test_domain={held!r}: there are {', '.join(domains)}")
        for domain, modality in domains.items():
            folder = _Domain(source, base, domain, modality, _listed(source.root, domain))
            yield from folder.samples(report, split=Split.TEST if domain == held else None)


@dataclass(frozen=True)
class _Domain:
    source: Source
    base: str
    name: str
    modality: Modality
    lists: Mapping[str, Split]

    def samples(self, report: Report, split: Split | None) -> Iterator[Sample]:
        prefix = f"{self.base}/" if self.base else ""
        for file in files_below(self.source.root, prefix + self.name, report, depth=2):
            identity = file.removeprefix(prefix)
            parts = identity.split("/")
            if is_beside(file):
                continue
            try:
                if len(parts) < 3 or kind_of(file) is not Modality.IMAGE:
                    raise EntryError("expected <domain>/<class>/<picture>")
                yield self.sample(identity, file, parts[1], split)
            except EntryError as error:
                report.skip(file, "", str(error))

    def sample(self, identity: str, file: str, scene: str, split: Split | None) -> Sample:
        photo = _OF_PHOTO.fullmatch(PurePosixPath(file).stem)
        group = f"{self.name} of {photo[1]}" if photo else identity
        if split is None:
            split = self.lists.get(identity) if self.lists else hashed_split(group)
        if split is None:
            raise EntryError(f"in none of the lists {self.name}_*_kfold.txt")
        entry = existing_file(self.source, file)
        facts = {_DOMAIN_FACT: self.name.replace("_", " ")}
        return Sample(identity, split, {self.modality: entry}, scene=scene, group=group if photo else None, facts=facts)


def _domains(base: Path, known: Mapping[str, Modality]) -> dict[str, Modality]:
    """Name of the folder -> modality, for the folders that hold class folders of pictures."""
    found: dict[str, Modality] = {}
    for folder in some_folders(base):
        modality = known.get(folder.name, known.get(folder.name.casefold()))
        classes = some_folders(folder, 10)
        if modality is not None and any(mostly(some_files(inner, 10)) is Modality.IMAGE for inner in classes):
            found[folder.name] = modality
    return found


def _chosen(source: Source) -> dict[str, Modality]:
    pairs = [pair.partition(":") for pair in source.options.get("modalities", "").split(",") if pair.strip()]
    allowed = [modality.value for modality in PICTORIAL]
    for domain, colon, modality in pairs:
        if not colon or modality.strip() not in allowed:
            raise ReaderError(f"option modalities={domain + colon + modality!r}: write DOMAIN:{'|'.join(allowed)}")
    return {domain.strip(): Modality(modality.strip()) for domain, _, modality in pairs}


def _listed(root: Path, domain: str) -> dict[str, Split]:
    """`photo/dog/056_0001.jpg 1` lines of the published lists, beside the domains or in a folder of their own."""
    found: dict[str, Split] = {}
    for name, split in _LISTS.items():
        places = (folder / f"{domain}_{name}.txt" for folder in (root, *some_folders(root)))
        path = next((place for place in places if place.is_file()), None)
        found |= {line.rsplit(maxsplit=1)[0]: split for _, line in lines(path)} if path is not None else {}
    return found
