"""Ways to write a label map, by name: (sample, where it is, wished size in px) -> classes and instances of each pixel.

Stored label maps come at their own size, which is the picture's; only computed ones follow the wish.
"""

import csv
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Int
from PIL import Image

from xmodal.data import polygons as outlines
from xmodal.data.decode import MAX_PIXELS, MediaError
from xmodal.data.load import file_path, opened
from xmodal.data.media import Rendered, Stored
from xmodal.data.readers.json_elements import JsonError, element
from xmodal.data.sample import LabelMap, Sample

Scheme = Callable[[Sample, Stored | Rendered, int | None], LabelMap]

VOC_CLASSES: tuple[str, ...] = (
    *("aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow"),
    *("diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor"),
)
"""PASCAL VOC: class i + 1 of the palette; 255 is the unlabelled border. (The set has no file with this table.)"""

LABEL_NAMES = "label names"
"""The fact that holds the class names of an `indexed` label map: JSON `{"1": "sky"}` or `1=sky;2=sea`."""


def ade20k(sample: Sample, media: Stored | Rendered, size_px: int | None) -> LabelMap:
    """ADE20K `_seg.png`: class = (R // 10) * 256 + G, instance = B; names from the `.json` beside it."""
    del size_px
    seg = _stored(media)
    planes = _planes(sample, seg).astype(np.int32)
    if planes.ndim != 3 or planes.shape[2] < 3:
        raise MediaError(f"{seg.path}: an ADE20K label map has three channels")
    labels = planes[..., 0] // 10 * 256 + planes[..., 1]
    known = _ade_names(sample, seg)
    names = {label: known.get(label, f"class {label}") for label in _present(labels)}
    class_of = np.zeros(256, np.int32)
    class_of[planes[..., 2].ravel()] = labels.ravel()  # one instance is of one class
    codes = _present(planes[..., 2])
    number_of = np.zeros(256, np.int32)
    number_of[codes] = np.arange(1, len(codes) + 1)
    instance_names = tuple(names.get(int(class_of[code]), "unlabelled") for code in codes)
    return LabelMap(labels, names, number_of[planes[..., 2]], instance_names)


def _present(plane: Int[np.ndarray, "rows cols"]) -> list[int]:
    """Values that occur, without 0 (counting is ten times as fast as sorting)."""
    return [int(value) for value in np.flatnonzero(np.bincount(plane.ravel())) if value]


def _ade_names(sample: Sample, seg: Stored) -> dict[int, str]:
    """Class index -> first of its synonyms; empty if the annotation is missing or damaged."""
    try:
        path = file_path(replace(seg, path=re.sub(r"_seg\.png$", ".json", seg.path)), sample)
        objects = json.loads(path.read_bytes().decode("utf-8", "replace"))["annotation"]["object"]
        return {int(entry["name_ndx"]): str(entry["name"]).partition(",")[0] for entry in objects}
    except (MediaError, ValueError, KeyError, TypeError):
        return {}


def sceneparsing(sample: Sample, media: Stored | Rendered, size_px: int | None) -> LabelMap:
    """SceneParsing: 0 unlabelled, 1 to 150 as in the set's `objectInfo150` table; it has no instances."""
    del size_px
    mask = _stored(media)
    labels = _plane(sample, mask)
    path = file_path(mask, sample)
    root = sample.roots[mask.root].resolve()
    folders = [folder for folder in path.resolve().parents if folder.is_relative_to(root)]
    files = (folder / f"objectInfo150.{suffix}" for folder in folders for suffix in ("csv", "txt"))
    table = next((file for file in files if file.is_file()), None)
    return _without_instances(labels, object_info(table) if table is not None else {})


def object_info(path: Path) -> dict[int, str]:
    """`objectInfo150.csv` or `.txt` (columns Idx and Name) -> first synonym of each class."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        table = csv.DictReader(file, delimiter="\t" if path.suffix == ".txt" else ",")
        cells = [(row.get("Idx") or "", row.get("Name") or "") for row in table]
    return {int(index): re.split(r"[;,]", name)[0].strip() for index, name in cells if index.strip().isdecimal()}


def polygons(sample: Sample, media: Stored | Rendered, size_px: int | None) -> LabelMap:
    """COCO outlines. The reference is `render:polygons#` with `size` [rows, cols] and either

    `file` and `parts`, a list of [offset, size in bytes, class name] into the annotation file (hundreds of megabytes
    stay where they are), or `shapes`, a list of `{name, category_id, segmentation}`.
    """
    del size_px
    if not isinstance(media, Rendered):
        raise MediaError("polygons are referred to as render:polygons#...")
    try:
        arguments = media.arguments()
        rows, cols = (int(side) for side in arguments["size"])
        if "shapes" in arguments:
            found = [(entry, str(entry["name"])) for entry in arguments["shapes"]]
        else:
            place = Stored(arguments["file"], arguments.get("root", ""))
            with opened(place, sample) as file:
                found = [(element(file, offset, size), name) for offset, size, name in arguments["parts"]]
        shapes = [outlines.Shape(name, int(entry["category_id"]), entry["segmentation"]) for entry, name in found]
    except (JsonError, KeyError, TypeError, ValueError) as error:
        raise MediaError(f"outlines of {sample.id}: {error}") from error
    return outlines.label_map(shapes, rows=rows, cols=cols)


def voc(sample: Sample, media: Stored | Rendered, size_px: int | None) -> LabelMap:
    """PASCAL VOC `SegmentationClass/<id>.png` (palette); instances from `SegmentationObject/<id>.png` if there."""
    del size_px
    mask = _stored(media)
    labels = _plane(sample, mask)
    labels[labels == 255] = 0
    found = _without_instances(labels, dict(enumerate(VOC_CLASSES, start=1)))
    beside = replace(mask, path=mask.path.replace("SegmentationClass", "SegmentationObject"))
    try:
        instances = _plane(sample, beside) if beside != mask else np.zeros_like(labels)
    except MediaError:
        return found
    if instances.shape != labels.shape:
        return found
    instances[instances == 255] = 0
    codes, inverse = np.unique(np.append(0, instances), return_inverse=True)
    numbered = inverse[1:].reshape(labels.shape).astype(np.int32)
    names = tuple(found.names.get(_most_common(labels[instances == code]), "unlabelled") for code in codes[1:])
    return LabelMap(labels, found.names, numbered, names)


def _most_common(values: Int[np.ndarray, "count"]) -> int:
    return int(np.bincount(values).argmax()) if values.size else 0


def indexed(sample: Sample, media: Stored | Rendered, size_px: int | None) -> LabelMap:
    """A grey or palette picture of 8 or 16 bits whose values are class ids, 0 = unlabelled; see `LABEL_NAMES`."""
    del size_px
    return _without_instances(_plane(sample, _stored(media)), label_names(sample.facts.get(LABEL_NAMES, "")))


def label_names(text: str) -> dict[int, str]:
    """`{"1": "sky"}` or `1=sky;2=sea` -> names; what is neither is left out."""
    if text.lstrip().startswith("{"):
        try:
            return {int(key): str(name) for key, name in json.loads(text).items() if int(key)}
        except ValueError:
            return {}
    pairs = (part.partition("=") for part in text.split(";"))
    return {int(key): name.strip() for key, _, name in pairs if key.strip().isdecimal() and int(key)}


def world(sample: Sample, media: Stored | Rendered, size_px: int | None) -> LabelMap:
    """The procedural world's own, at any size."""
    from xmodal.data.world import catalog

    return catalog.label_map(sample, media, size_px)


def spoken_digits(sample: Sample, media: Stored | Rendered, size_px: int | None) -> LabelMap:
    """Spoken digits: the digits on their canvas."""
    from xmodal.data.readers import spoken_digits as digits

    return digits.label_map(sample, media, size_px)


def _stored(media: Stored | Rendered) -> Stored:
    if not isinstance(media, Stored):
        raise MediaError("this label map is a file, not computed")
    return media


def _plane(sample: Sample, media: Stored) -> Int[np.ndarray, "rows cols"]:
    plane = _planes(sample, media)
    if plane.ndim != 2:
        raise MediaError(f"{media.path}: a label map has one channel, this picture has {plane.shape[2]}")
    return plane.astype(np.int32)


def _planes(sample: Sample, media: Stored) -> np.ndarray:
    """The picture's values as they are written (palette indices, 16-bit greys), no rotation."""
    try:
        with opened(media, sample) as file, Image.open(file, formats=("PNG", "BMP", "TIFF")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise MediaError(f"{media.path}: {picture.width} x {picture.height} pixels are too many")
            return np.asarray(picture)
    except MediaError:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise MediaError(f"{media.path}: label map is damaged: {error}") from error


def _without_instances(labels: Int[np.ndarray, "rows cols"], known: Mapping[int, str]) -> LabelMap:
    names = {label: known.get(label, f"class {label}") for label in _present(labels)}
    return LabelMap(labels, names, np.zeros_like(labels), ())


SCHEMES: dict[str, Scheme] = {
    "ade20k": ade20k,
    "sceneparsing": sceneparsing,
    "polygons": polygons,
    "voc": voc,
    "indexed": indexed,
    "world": world,
    "spoken_digits": spoken_digits,
}
"""Every scheme, by the name that `LabelMapSource` uses."""
