"""ADE20K, full release of January 2021: scene photos with a class and an instance for every pixel.

`images/ADE/{training,validation}/<environment>/<scene>/ADE_*_NNNNNNNN.jpg` with `.json` (names, parts, scene) and
`_seg.png` beside it. The annotation is small (tens of kilobytes an image) and is read for the names of the objects.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.files import EntryError, existing_file
from xmodal.data.readers.spatial_text import wished, with_spatial_text
from xmodal.data.readers.splits import named_split
from xmodal.data.report import Report
from xmodal.data.sample import LabelMapSource, Sample, Split, Truth
from xmodal.modality import Modality

_TREES = ("images/ADE", "ADE20K_2021_17_01/images/ADE", "images", "ADE20K_2016_07_26/images")
_FOLDERS = ("training", "validation")


class Ade20k(Reader):
    """Photo + label map with instances."""

    title = "ADE20K (full annotations)"
    layout = "images/ADE/{training,validation}/<environment>/<scene>/ADE_*.jpg with .json and _seg.png"
    options: Mapping[str, str] = {"spatial_text": "true: add the names of the objects at their places (default false)"}

    def recognises(self, root: Path) -> bool:
        """A tree of scenes in which some photo has its `_seg.png`."""
        tree = _tree(root)
        return tree is not None and next(_photos(tree), None) is not None

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """One item per photo, id `ade20k/ADE_train_00016964`, scene `environment/scene` from its folder."""
        tree = _tree(source.root)
        if tree is None:
            raise ReaderError("no images/ADE/training or images/ADE/validation in it")
        wish = wished(source)
        samples = _samples(source, tree, report)
        yield from with_spatial_text(samples) if wish else samples


def _tree(root: Path) -> Path | None:
    trees = (root / tree for tree in _TREES)
    return next((tree for tree in trees if any((tree / folder).is_dir() for folder in _FOLDERS)), None)


def _photos(tree: Path) -> Iterator[Path]:
    for folder in _FOLDERS:
        for path in sorted((tree / folder).rglob("ADE_*.jpg")):
            if path.with_name(f"{path.stem}_seg.png").is_file():
                yield path


def _samples(source: Source, tree: Path, report: Report) -> Iterator[Sample]:
    for folder in _FOLDERS:
        for path in sorted((tree / folder).rglob("ADE_*.jpg")):
            relative = path.relative_to(source.root).as_posix()
            try:
                yield _sample(source, path, relative, named_split(folder) or Split.TRAIN, report)
            except EntryError as error:
                report.skip(relative, "", str(error))


def _sample(source: Source, path: Path, relative: str, split: Split, report: Report) -> Sample:
    image = existing_file(source, relative)
    annotation: dict[str, Any] = {}
    truth = Truth()
    try:
        seg = existing_file(source, relative.removesuffix(".jpg") + "_seg.png")
        annotation = _annotation(path.with_suffix(".json"))
        truth = Truth(label_map=LabelMapSource("ade20k", seg), objects=_objects(annotation))
    except EntryError as error:
        report.skip(relative, "", f"{error} (the photo is kept without what is lost)")
    origin = annotation.get("source")
    facts = {"origin": str(origin["origin"])} if isinstance(origin, dict) and origin.get("origin") else {}
    parts = path.parent.relative_to(source.root).parts
    scene = "/".join(parts[max(place for place, part in enumerate(parts) if part in _FOLDERS) + 1 :])
    identity = f"ade20k/{path.stem}"
    return Sample(identity, split, {Modality.IMAGE: image}, scene=scene or None, truth=truth, facts=facts)


def _annotation(path: Path) -> dict[str, Any]:
    """The `annotation` object of a photo's JSON (some of the published ones hold stray Latin-1 bytes)."""
    try:
        content = json.loads(path.read_bytes().decode("utf-8", "replace"))["annotation"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise EntryError(f"annotation {path.name} is not readable: {error}") from error
    if not isinstance(content, dict):
        raise EntryError(f"annotation {path.name} holds no object")
    return content


def _objects(annotation: Mapping[str, Any]) -> tuple[str, ...]:
    """First synonym of each whole object (level 0); parts of objects are left out."""
    entries = annotation.get("object")
    names: list[str] = []
    for entry in entries if isinstance(entries, list) else ():
        parts = entry.get("parts") if isinstance(entry, dict) else None
        if isinstance(parts, dict) and parts.get("part_level") == 0:
            names.append(str(entry.get("name", "")).partition(",")[0])
    return tuple(name for name in names if name)
