"""COCO: photos with five captions each, instance masks of 80 classes.

`annotations/captions_<part>.json` and `instances_<part>.json` with photos in `<part>/` (`train2017`, `val2014`, ...).
Outlines stay in the annotation file: an item refers to them by their place in it.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xmodal.data.media import Media, Rendered, Text
from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.files import EntryError, below, existing_file, first_folder
from xmodal.data.readers.json_elements import JsonError, elements
from xmodal.data.readers.spatial_text import wished, with_spatial_text
from xmodal.data.readers.splits import named_split
from xmodal.data.report import Report
from xmodal.data.sample import LabelMapSource, Sample, Split, Truth
from xmodal.modality import Modality

_FILE = re.compile(r"(captions|instances)_([a-z]+)(20\d\d)\.json")
_MODES = ("all", "first", "each")


class Coco(Reader):
    """Photo + text + label map with instances."""

    title = "COCO captions and instances"
    layout = "annotations/captions_train2017.json and instances_train2017.json, photos in train2017/ (also 2014, val)"
    options: Mapping[str, str] = {
        "captions": "all (default): one item per photo with all its captions; first: only the first; "
        "each: one item per caption",
        "images": "folder that holds train2017/ and val2017/ (default: the root or images/)",
        "year": "2017 or 2014, if both are there (default: the later)",
        "spatial_text": "true: add the names of the objects at their places (default false)",
    }

    def recognises(self, root: Path) -> bool:
        """Annotation files of these names."""
        return bool(_files(root))

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """One item per photo (id `coco/391895`) or per caption (`coco/391895_0`); `val` is validation."""
        mode = source.options.get("captions", "all")
        if mode not in _MODES:
            raise ReaderError(f"option captions={mode!r}: choose {', '.join(_MODES)}")
        files = _of_one_year(source)
        samples = (sample for part in sorted(files) for sample in _part(source, part, files[part], report))
        if mode != "all":
            samples = (item for sample in samples for item in _by_caption(sample, mode))
        yield from with_spatial_text(samples) if wished(source) else samples


@dataclass
class _Photo:
    """What the files say about one photo."""

    entry: Mapping[str, Any]
    captions: list[str] = field(default_factory=list)
    parts: list[tuple[int, int, int]] = field(default_factory=list)
    """(offset, size, category id) of each instance in the annotation file."""


def _files(root: Path) -> dict[tuple[str, str], Path]:
    """(`train2017`, `captions`) -> file."""
    found = ((_FILE.fullmatch(path.name), path) for path in sorted((root / "annotations").glob("*.json")))
    return {(match[2] + match[3], match[1]): path for match, path in found if match}


def _of_one_year(source: Source) -> dict[str, dict[str, Path]]:
    files = _files(source.root)
    years = sorted({part[-4:] for part, _ in files})
    if not years:
        raise ReaderError("no annotations/captions_*.json or instances_*.json in it")
    year = source.options.get("year", years[-1])
    if year not in years:
        raise ReaderError(f"option year={year!r}: there are annotations of {', '.join(years)}")
    chosen: dict[str, dict[str, Path]] = defaultdict(dict)
    for (part, kind), path in files.items():
        if part.endswith(year):
            chosen[part][kind] = path
    return chosen


def _part(source: Source, part: str, files: Mapping[str, Path], report: Report) -> Iterator[Sample]:
    photos: dict[Any, _Photo] = {}
    classes: dict[int, str] = {}
    for kind in sorted(files):
        _gather(files[kind], photos, classes, report)
    split = named_split(part[:-4]) or Split.TEST
    folder = first_folder(source, "images", (f"images/{part}", part, "."))
    root, base = folder or ("", "")
    if base.rpartition("/")[2] != part and (source.roots.get(root, source.root) / base / part).is_dir():
        base = below(base, part)
    annotation = files["instances"].relative_to(source.root).as_posix() if "instances" in files else ""
    for number, photo in photos.items():
        try:
            image = existing_file(source, below(base, str(photo.entry.get("file_name"))), root)
        except EntryError as error:
            report.skip(files[min(files)].name, number, str(error))
            continue
        media: dict[Modality, Media] = {Modality.IMAGE: image}
        if photo.captions:
            media[Modality.TEXT] = Text(tuple(photo.captions))
        truth = _truth(photo, classes, annotation)
        facts = {"address": str(photo.entry["flickr_url"])} if photo.entry.get("flickr_url") else {}
        yield Sample(f"coco/{number}", split, media, group=str(number), truth=truth, facts=facts)


def _gather(path: Path, photos: dict[Any, _Photo], classes: dict[int, str], report: Report) -> None:
    """Read one annotation file into the tables; what is wrong goes to the report."""
    orphans: list[tuple[Any, Any]] = []
    later: list[tuple[Any, Any, int, int]] = []
    try:
        for part in elements(path):
            entry = part.value
            if part.key == "images" and isinstance(entry, dict) and "id" in entry:
                photos.setdefault(entry["id"], _Photo(entry))
            elif part.key == "categories" and isinstance(entry, dict) and "id" in entry:
                classes[int(entry["id"])] = str(entry.get("name", entry["id"]))
            elif part.key == "annotations":
                caption = entry.get("caption") if isinstance(entry, dict) else None
                kept = caption if caption is not None or not isinstance(entry, dict) else entry.get("category_id")
                number = entry.get("image_id") if isinstance(entry, dict) else None
                later.append((number, kept, part.offset_bytes, part.size_bytes))
    except (JsonError, ValueError) as error:
        report.skip(path.name, "", f"{error}: everything after it is lost")
    for number, kept, offset, size in later:
        if number not in photos or not isinstance(kept, str | int):
            orphans.append((number, kept))
        elif isinstance(kept, str):
            photos[number].captions.append(" ".join(kept.split()))
        else:
            photos[number].parts.append((offset, size, kept))
    for number, _ in orphans:
        report.skip(path.name, str(number), "annotation of a photo that is not in the list images, or without content")


def _truth(photo: _Photo, classes: Mapping[int, str], annotation: str) -> Truth:
    names = [classes.get(category, f"class {category}") for _, _, category in photo.parts]
    height, width = photo.entry.get("height"), photo.entry.get("width")
    if not names or not isinstance(height, int) or not isinstance(width, int):
        return Truth(objects=tuple(names))
    parts = [(offset, size, name) for (offset, size, _), name in zip(photo.parts, names, strict=True)]
    spec = json.dumps({"size": [height, width], "file": annotation, "parts": parts}, separators=(",", ":"))
    return Truth(label_map=LabelMapSource("polygons", Rendered("polygons", spec)), objects=tuple(names))


def _by_caption(sample: Sample, mode: str) -> Iterator[Sample]:
    """The photo with its first caption, or an item for each of its captions."""
    entry = sample.media.get(Modality.TEXT)
    if not isinstance(entry, Text):
        yield sample
        return
    for number, text in enumerate(entry.texts[:1] if mode == "first" else entry.texts):
        identity = sample.id if mode == "first" else f"{sample.id}_{number}"
        media = {**sample.media, Modality.TEXT: Text((text,))}
        yield Sample(identity, sample.split, media, group=sample.group, truth=sample.truth, facts=sample.facts)
