"""CMPlaces: scenes in five modalities with labels in common and no pairs (scene networks, section 3).

No listing of the set was ever published, so this is our own layout:

    labels.txt                                  one scene a line: `abbey`, `apartment_building/outdoor`, `/a/abbey 0`
    <modality>/<train|val>/<scene>/<file>       pictures; descriptions are text files

Modalities are named as `FOLDERS` says. The folder of a scene is its label, with `/` as folders within folders or
written `-`; Places' letter folders (`a/abbey`) are understood too. How many items each part has, beside the paper's
numbers, is noted in the report.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from xmodal.data.media import Media, Text
from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.files import EntryError, existing_file
from xmodal.data.readers.folder_walk import files_below, some_folders
from xmodal.data.readers.media_kinds import is_beside, kind_of
from xmodal.data.readers.splits import named_split
from xmodal.data.readers.text_lines import lines
from xmodal.data.report import Report
from xmodal.data.sample import Sample, Split
from xmodal.modality import Modality

FOLDERS: Mapping[str, Modality] = {
    **dict.fromkeys(("image", "images", "natural", "natural_images", "real"), Modality.IMAGE),
    **dict.fromkeys(("sketch", "sketches", "line_drawings"), Modality.SKETCH),
    **dict.fromkeys(("clip_art", "clipart"), Modality.CLIP_ART),
    **dict.fromkeys(("spatial_text",), Modality.SPATIAL_TEXT),
    **dict.fromkeys(("text", "descriptions"), Modality.TEXT),
}
"""Name of the folder -> modality."""

PUBLISHED: Mapping[tuple[Modality, Split], int] = {
    (Modality.SKETCH, Split.TRAIN): 14_830,
    (Modality.SKETCH, Split.VALIDATION): 2_050,
    (Modality.TEXT, Split.TRAIN): 9_752,
    (Modality.TEXT, Split.VALIDATION): 2_050,
    (Modality.CLIP_ART, Split.TRAIN): 11_372,
    (Modality.CLIP_ART, Split.VALIDATION): 1_954,
    (Modality.SPATIAL_TEXT, Split.TRAIN): 456_300,
    (Modality.SPATIAL_TEXT, Split.VALIDATION): 2_050,
}
"""Items that the paper states; natural images are those of Places, 2.5 million."""
_SCENES = 205
_MAX_TEXT_BYTES = 100_000
_LETTER = re.compile(r"[a-z]/")


class CmPlaces(Reader):
    """One entry an item: image, sketch, clip art, spatial text or text."""

    title = "CMPlaces: scenes in five modalities"
    layout = "labels.txt and <modality>/<train|val>/<scene>/<file>, descriptions as .txt"
    options: Mapping[str, str] = {}

    def recognises(self, root: Path) -> bool:
        """`labels.txt` beside at least two folders of modalities with split folders in them."""
        found = [
            folder for folder in _modalities(root) if any(named_split(f.name) for f in some_folders(root / folder))
        ]
        return (root / "labels.txt").is_file() and len(found) > 1

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """Items by modality, split, scene and name; id = path below the root."""
        folders = _modalities(source.root)
        if not folders:
            raise ReaderError(f"no folder of a modality: expected some of {', '.join(FOLDERS)}")
        scenes = _labels(source.root / "labels.txt", report)
        counts: Counter[tuple[Modality, Split]] = Counter()
        for folder, modality in folders.items():
            for file in files_below(source.root, folder, report):
                if is_beside(file) and not (modality is Modality.TEXT and file.endswith(".txt")):
                    continue
                try:
                    sample = _sample(source, file, modality, scenes)
                    counts[modality, sample.split] += 1
                    yield sample
                except EntryError as error:
                    report.skip(file, "", str(error))
        for (modality, split), count in counts.items():
            paper = PUBLISHED.get((modality, split))
            said = f" (the paper has {paper:,})" if paper is not None else ""
            report.note(f"{modality.display.lower()}, {split.value}: {count:,} items{said}")


def _modalities(root: Path) -> dict[str, Modality]:
    names = [folder.name for folder in some_folders(root)]
    return {name: FOLDERS[name.casefold()] for name in names if name.casefold() in FOLDERS}


def _labels(path: Path, report: Report) -> frozenset[str]:
    """The scenes, without index and letter folder; empty, with a note, if there is no list."""
    if not path.is_file():
        report.note("no labels.txt: folder names are taken as scenes")
        return frozenset()
    found = frozenset(_scene(re.sub(r"\s+\d+$", "", line.strip())) for _, line in lines(path))
    if len(found) != _SCENES:
        report.note(f"labels.txt has {len(found)} scenes (the paper has {_SCENES})")
    return found


def _scene(folder: str) -> str:
    """The folder's path without Places' letter before it."""
    name = folder.strip("/")
    return name[2:] if _LETTER.match(name) else name


def _sample(source: Source, file: str, modality: Modality, scenes: frozenset[str]) -> Sample:
    parts = file.split("/")
    split = named_split(parts[1]) if len(parts) > 3 else None
    if split is None:
        raise EntryError("expected <modality>/<train|val>/<scene>/<file>")
    scene = _known(_scene("/".join(parts[2:-1])), scenes)
    entry: Media = existing_file(source, file)
    if modality is Modality.TEXT:
        entry = Text((_description(source.root / file),))
    elif kind_of(file) is not Modality.IMAGE:
        raise EntryError("not a picture by its suffix")
    return Sample(file, split, {modality: entry}, scene=scene)


def _known(folder: str, scenes: frozenset[str]) -> str:
    """The label that a folder means."""
    found = next((name for name in (folder, folder.replace("-", "/", 1)) if name in scenes), None)
    if found is None and scenes:
        raise EntryError(f"scene {folder!r} is not in labels.txt")
    return found or folder


def _description(path: Path) -> str:
    if path.stat().st_size > _MAX_TEXT_BYTES:
        raise EntryError(f"description is larger than {_MAX_TEXT_BYTES:,} bytes")
    text = " ".join(word for _, line in lines(path) for word in line.split())
    if not text:
        raise EntryError("description is empty")
    return text
