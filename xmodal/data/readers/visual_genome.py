"""Visual Genome: photos with some fifty described regions each; half of the photos are COCO's.

`region_descriptions.json` (list of `{id, regions: [{region_id, phrase, x, y, width, height}]}`), `image_data.json`
(`{image_id, coco_id, url, ...}`), photos in `VG_100K/` and `VG_100K_2/`. A photo that is COCO's, too, is in COCO's
split, so that training on one set never sees what the other is tested on.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xmodal.data.media import Stored, Text
from xmodal.data.readers import Reader, ReaderError, Source
from xmodal.data.readers.files import EntryError, below, existing_file, first_folder
from xmodal.data.readers.json_elements import JsonError, elements
from xmodal.data.readers.splits import hashed_split, named_split
from xmodal.data.report import Report
from xmodal.data.sample import Sample, Split
from xmodal.modality import Modality

_REGIONS, _IMAGES = "region_descriptions.json", "image_data.json"
_FOLDERS = ("VG_100K", "VG_100K_2", "images", "images/VG_100K", "images/VG_100K_2", "")


class VisualGenome(Reader):
    """Photo + text."""

    title = "Visual Genome region descriptions"
    layout = "region_descriptions.json and image_data.json, photos in VG_100K/ and VG_100K_2/"
    options: Mapping[str, str] = {
        "regions": "all (default): one item per photo with every region's phrase; each: one item per region",
        "coco": "folder with COCO's captions_*.json or instances_*.json, whose split shared photos follow; "
        "elsewhere: a root named coco",
        "images": "folder that holds VG_100K/ and VG_100K_2/; elsewhere: a root named images",
    }

    def recognises(self, root: Path) -> bool:
        """The region descriptions by their name."""
        return (root / _REGIONS).is_file()

    def read(self, source: Source, report: Report) -> Iterator[Sample]:
        """One item per photo (id `visual_genome/2407890`) or per region (`visual_genome/2407890_1382`).

        Split: COCO's for photos that are COCO's, else by hash of the photo's id (80/10/10).
        """
        mode = source.options.get("regions", "all")
        if mode not in ("all", "each"):
            raise ReaderError(f"option regions={mode!r}: choose all or each")
        if not (source.root / _REGIONS).is_file():
            raise ReaderError(f"no {_REGIONS} in it")
        photos = _Photos(source, _coco_ids(source.root / _IMAGES, report), _coco_splits(source, report))
        number = 0
        try:
            for part in elements(source.root / _REGIONS):
                number += 1
                try:
                    yield from _items(photos, part.value, mode, report)
                except EntryError as error:
                    report.skip(_REGIONS, number, str(error))
        except JsonError as error:
            report.skip(_REGIONS, number + 1, f"{error}: everything after it is lost")


@dataclass(frozen=True)
class _Photos:
    source: Source
    coco_ids: Mapping[int, int]
    """Photo -> its id in COCO."""
    coco_splits: Mapping[int, Split]
    """COCO's id -> COCO's split."""

    def split(self, photo: int) -> Split:
        coco_id = self.coco_ids.get(photo)
        if coco_id is None:
            return hashed_split(f"visual_genome/{photo}")
        return self.coco_splits.get(coco_id) or hashed_split(f"coco/{coco_id}")

    def stored(self, photo: int) -> Stored:
        """Raises EntryError if the photo is in none of the usual folders."""
        root, base = first_folder(self.source, "images", ("",)) or ("", "")
        for folder in _FOLDERS:
            try:
                return existing_file(self.source, below(base, below(folder, f"{photo}.jpg")), root)
            except EntryError:
                continue
        raise EntryError(f"missing file: {photo}.jpg in VG_100K or VG_100K_2")


def _items(photos: _Photos, entry: Any, mode: str, report: Report) -> Iterator[Sample]:
    regions = entry.get("regions") if isinstance(entry, dict) else None
    photo = entry.get("id", entry.get("image_id")) if isinstance(entry, dict) else None
    if not isinstance(photo, int) or not isinstance(regions, list):
        raise EntryError(f"expected an object with id and regions, found {json.dumps(entry)[:60]}")
    image = photos.stored(photo)
    phrases: dict[str, str] = {}
    for place, region in enumerate(regions):
        phrase = region.get("phrase") if isinstance(region, dict) else None
        if isinstance(phrase, str) and phrase.strip():
            phrases[str(region.get("region_id", place))] = " ".join(phrase.split())
        else:
            report.skip(_REGIONS, f"{photo}, region {place + 1}", "no phrase in it")
    if not phrases:
        raise EntryError(f"photo {photo} has no described region")
    split, group = photos.split(photo), str(photo)
    coco_id = photos.coco_ids.get(photo)
    facts = {} if coco_id is None else {"COCO id": str(coco_id)}
    if mode == "all":
        media = {Modality.IMAGE: image, Modality.TEXT: Text(tuple(dict.fromkeys(phrases.values())))}
        yield Sample(f"visual_genome/{photo}", split, media, group=group, facts=facts)
        return
    for number, phrase in phrases.items():
        media = {Modality.IMAGE: image, Modality.TEXT: Text((phrase,))}
        yield Sample(f"visual_genome/{photo}_{number}", split, media, group=group, facts=facts)


def _coco_ids(path: Path, report: Report) -> dict[int, int]:
    if not path.is_file():
        report.note(f"no {_IMAGES}: photos shared with COCO are unknown, all are split by hash")
        return {}
    found: dict[int, int] = {}
    try:
        for part in elements(path):
            entry = part.value if isinstance(part.value, dict) else {}
            photo, coco_id = entry.get("image_id", entry.get("id")), entry.get("coco_id")
            if isinstance(photo, int) and isinstance(coco_id, int):
                found[photo] = coco_id
    except JsonError as error:
        report.skip(_IMAGES, "", f"{error}: photos after it count as not COCO's")
    return found


def _coco_splits(source: Source, report: Report) -> dict[int, Split]:
    """COCO id -> split, from the lists of images of its annotation files."""
    place = first_folder(source, "coco", ("annotations",))
    if place is None:
        report.note(
            "photos shared with COCO are split by hash of their COCO id: say --option coco=FOLDER of its annotations"
        )
        return {}
    base = source.roots.get(place[0], source.root) / place[1]
    splits: dict[int, Split] = {}
    for path in sorted(base.glob("*.json")) or sorted((base / "annotations").glob("*.json")):
        split = named_split(path.stem.rpartition("_")[2].rstrip("0123456789"))
        if split is None:
            continue
        try:
            for part in elements(path):
                if part.key == "images" and isinstance(part.value, dict) and isinstance(part.value.get("id"), int):
                    # a photo that one year trains on and another tests on (2014 val, 2017 train) is not trained on
                    number = part.value["id"]
                    splits[number] = split if splits.get(number, split) is split else Split.VALIDATION
        except JsonError as error:
            report.skip(path.name, "", str(error))
    return splits
