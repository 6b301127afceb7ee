"""Label maps for the browser: as coloured overlay, and as numbers that the mask view reads."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, UInt8
from PIL import Image

from xmodal.data import load
from xmodal.data.decode import MediaError
from xmodal.data.sample import LabelMap, Sample
from xmodal.modality import Modality
from xmodal.ui.palette import class_colours, rgb
from xmodal.ui.views.rendition import Rendition, png

MASK_PX = 512
"""Asked of renderers, and the least size that stored maps are enlarged to, so that outlines stay thin."""
NUMBERS = 4096
"""Classes and instances have 12 bits each in the picture of numbers."""


@dataclass(frozen=True)
class Region:
    """One class or one instance of a picture."""

    id: int
    name: str
    colour: str
    share: float
    """Of the picture's area, 0 to 1."""


@dataclass(frozen=True)
class Regions:
    """What a label map holds, largest first."""

    classes: tuple[Region, ...]
    instances: tuple[Region, ...]
    rows: int
    cols: int


def _map(sample: Sample, size_px: int) -> LabelMap:
    found = load.label_map(sample, size_px=size_px) if sample.truth.label_map is not None else None
    if found is None:
        raise MediaError(f"{sample.id} has no label map")
    return found


def regions(sample: Sample) -> Regions:
    """Names, colours and areas for the legend.

    Raises:
        MediaError: no label map, or unreadable.
    """
    found = _map(sample, MASK_PX // 2)
    names = dict(enumerate(found.instance_names, start=1))
    rows, cols = found.labels.shape
    return Regions(_listed(found.labels, dict(found.names)), _listed(found.instances, names), rows, cols)


def _listed(ids: Int[np.ndarray, "rows cols"], names: dict[int, str]) -> tuple[Region, ...]:
    present, counts = np.unique(ids, return_counts=True)
    areas = {int(number): int(count) for number, count in zip(present, counts, strict=True) if number > 0}
    colours = class_colours(sorted(areas))
    order = sorted(areas, key=lambda number: -areas[number])
    return tuple(
        Region(number, names.get(number, f"class {number}"), colours[number], areas[number] / ids.size)
        for number in order
        if number < NUMBERS
    )


def overlay(sample: Sample, modality: Modality) -> Rendition:
    """Classes as opaque colours, transparent where nothing is labelled.

    Raises:
        MediaError: not the image, no label map, or unreadable.
    """
    _only_image(modality)
    labels = _map(sample, MASK_PX // 2).labels
    present = sorted(int(number) for number in np.unique(labels) if number > 0)
    table = np.zeros((int(labels.max(initial=0)) + 1, 4), np.uint8)
    for number, colour in class_colours(present).items():
        table[number] = (*rgb(colour), 255)
    return png(table[np.maximum(labels, 0)])


def numbers(sample: Sample, modality: Modality) -> Rendition:
    """The map itself: red = class low byte, blue = instance low byte, green = upper four bits of instance and class.

    Raises:
        MediaError: not the image, no label map, or unreadable.
    """
    _only_image(modality)
    found = _map(sample, MASK_PX)
    labels, instances = _plane(found.labels), _plane(found.instances)
    pixels = np.stack([labels & 255, (instances >> 8) << 4 | labels >> 8, instances & 255], axis=-1)
    return png(_enlarged(pixels.astype(np.uint8)))


def _only_image(modality: Modality) -> None:
    if modality is not Modality.IMAGE:
        raise MediaError("only the image has a label map")


def _plane(ids: Int[np.ndarray, "rows cols"]) -> Int[np.ndarray, "rows cols"]:
    return np.where((ids >= 0) & (ids < NUMBERS), ids, 0).astype(np.int32)


def _enlarged(pixels: UInt8[np.ndarray, "rows cols 3"]) -> UInt8[np.ndarray, "grown_rows grown_cols 3"]:
    factor = max(1, round(MASK_PX / max(pixels.shape[:2])))
    shrink = max(pixels.shape[:2]) / (2 * MASK_PX)
    if shrink > 1:
        size = (round(pixels.shape[1] / shrink), round(pixels.shape[0] / shrink))
        return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.NEAREST))
    return pixels.repeat(factor, axis=0).repeat(factor, axis=1)
