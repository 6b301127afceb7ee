"""PASCAL VOC (2007 to 2012): photos with boxes of 20 classes, some with a class for every pixel.

`JPEGImages`, `Annotations/<id>.xml`, `ImageSets/Main/{train,val,test}.txt`, `SegmentationClass/<id>.png`. Items are
those of the lists. An object marked difficult counts neither for nor against its class in the official scores, so
the facts keep `classes` and `difficult classes` apart.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from xmodal.data.media import Media, Rendered, Stored
from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.files import EntryError, existing_file
from xmodal.data.readers.spatial_text import wished
from xmodal.data.readers.text_lines import lines
from xmodal.data.report import Report
from xmodal.data.sample import LabelMapSource, Sample, Split, Truth
from xmodal.modality import Modality

_BASES = ("", "VOC2007", "VOCdevkit/VOC2007", "VOC2012", "VOCdevkit/VOC2012")
_LISTS: Mapping[str, Split] = {
    "train": Split.TRAIN,
    "val": Split.VALIDATION,
    "test": Split.TEST,
    "trainval": Split.TRAIN,
}
"""Files of `ImageSets/Main` in this order; an image stays in the first list that has it."""
_MAX_XML_BYTES = 1_000_000


@dataclass(frozen=True)
class _Thing:
    """One annotated object; the box is [left, top, width, height] in fractions of the picture."""

    name: str
    difficult: bool
    box: tuple[float, float, float, float]


class Voc2007(Reader):
    """Image with objects, label map where there is one."""

    title = "PASCAL VOC 2007"
    layout = "JPEGImages/, Annotations/*.xml, ImageSets/Main/{train,val,test}.txt (also below VOCdevkit/VOC2007)"
    options: Mapping[str, str] = {"spatial_text": "true: add the names of the objects at their places (default false)"}

    def recognises(self, root: Path) -> bool:
        """The three folders."""
        return _base(root) is not None

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """Items by list, id `voc/000005`; no scene, for a picture shows several classes."""
        base = _base(source.root)
        if base is None:
            raise ReaderError("no JPEGImages/, Annotations/ and ImageSets/Main/ in it")
        folder = _Folder(source, f"{base}/" if base else "", wished(source))
        seen: set[str] = set()
        for name, split in _LISTS.items():
            path = source.root / base / "ImageSets" / "Main" / f"{name}.txt"
            own: set[str] = set()
            for number, line in lines(path) if path.is_file() else ():
                identity = line.split()[0]
                if identity in seen:
                    if name != "trainval":
                        report.skip(f"{name}.txt", number, f"{identity} is in an earlier list already: it stays there")
                    continue
                own.add(identity)
                try:
                    yield folder.sample(identity, split, report)
                except EntryError as error:
                    report.skip(f"{name}.txt", number, str(error))
            seen |= own


@dataclass(frozen=True)
class _Folder:
    source: Source
    prefix: str
    spatial_text: bool

    def sample(self, identity: str, split: Split, report: Report) -> Sample:
        """Raises EntryError without a photo."""
        image = existing_file(self.source, f"{self.prefix}JPEGImages/{identity}.jpg")
        media: dict[Modality, Media] = {Modality.IMAGE: image}
        things, aspect = self.things(identity, report)
        if self.spatial_text and things:
            media[Modality.SPATIAL_TEXT] = _written(things, aspect)
        truth = Truth(label_map=self.label_map(identity), objects=tuple(thing.name for thing in things))
        certain = {thing.name for thing in things if not thing.difficult}
        facts = {
            "classes": ", ".join(sorted(certain)),
            "difficult classes": ", ".join(sorted({thing.name for thing in things} - certain)),
        }
        facts = {name: text for name, text in facts.items() if text}
        return Sample(f"voc/{identity}", split, media, truth=truth, facts=facts)

    def label_map(self, identity: str) -> LabelMapSource | None:
        try:
            return LabelMapSource("voc", existing_file(self.source, f"{self.prefix}SegmentationClass/{identity}.png"))
        except EntryError:
            return None  # most pictures have none

    def things(self, identity: str, report: Report) -> tuple[list[_Thing], float]:
        """Objects and the picture's width / height; none, with a line in the report, where the annotation is bad."""
        relative = f"{self.prefix}Annotations/{identity}.xml"
        try:
            root = _parsed(self.source, existing_file(self.source, relative))
            width, height = (_number(root, f"size/{side}") for side in ("width", "height"))
            things = [_thing(entry, width, height) for entry in root.iterfind("object")]
            return things, width / height
        except EntryError as error:
            report.skip(relative, identity, f"{error} (the picture is kept without objects)")
            return [], 1.0


def _base(root: Path) -> str | None:
    parts = ("JPEGImages", "Annotations", "ImageSets/Main")
    return next((base for base in _BASES if all((root / base / part).is_dir() for part in parts)), None)


def _parsed(source: Source, file: Stored) -> ElementTree.Element:
    with (source.root / file.path).open("rb") as opened:
        content = opened.read(_MAX_XML_BYTES + 1)
    if len(content) > _MAX_XML_BYTES:
        raise EntryError(f"annotation is larger than {_MAX_XML_BYTES:,} bytes")
    # A NUL betrays UTF-16, in which a declaration of entities would not be found by its letters.
    if any(sign in content for sign in (b"<!DOCTYPE", b"<!ENTITY", b"\0")):
        raise EntryError("annotation declares a document type or entities, which are refused")
    try:
        return ElementTree.fromstring(content)  # noqa: S314 - entities are refused above
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise EntryError(f"annotation is not XML: {error}") from error


def _number(element: ElementTree.Element, path: str) -> float:
    """A positive number of pixels."""
    text = element.findtext(path, "")
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < 1e6:
        raise EntryError(f"annotation: {path} is {text!r}")
    return value


def _thing(entry: ElementTree.Element, width: float, height: float) -> _Thing:
    name = entry.findtext("name", "").strip()
    if not name:
        raise EntryError("annotation: an object has no name")
    left, top, right, bottom = (_number(entry, f"bndbox/{side}") for side in ("xmin", "ymin", "xmax", "ymax"))
    # Pixels count from 1 and the last one belongs to the box.
    box = ((left - 1) / width, (top - 1) / height, (right - left + 1) / width, (bottom - top + 1) / height)
    return _Thing(name, entry.findtext("difficult", "0").strip() == "1", box)


def _written(things: list[_Thing], aspect: float) -> Rendered:
    """The names in their boxes, computed from the numbers in the reference alone."""
    labels = [[thing.name, *(round(side, 4) for side in thing.box)] for thing in things]
    return Rendered("spatial_text", json.dumps({"labels": labels, "aspect": round(aspect, 4)}, separators=(",", ":")))
