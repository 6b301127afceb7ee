"""Spatial text of the world: the names of things and stuff, written where they are (scene networks, section 3)."""

from dataclasses import replace

import numpy as np
from jaxtyping import UInt8

from xmodal.data.readers.spatial_text import Label, labels_of, written
from xmodal.data.sample import LabelMap
from xmodal.data.world.image import render_label_map
from xmodal.data.world.kinds import KINDS
from xmodal.data.world.scene import Scene
from xmodal.seeding import stream

_MAP_PX = 48
"""Resolution at which places are read off the label map."""
_STUFF_SHARE = 0.06
"""Stuff that covers less of the picture is not written."""


def render_spatial_text(scene: Scene, *, size_px: int) -> UInt8[np.ndarray, "rows cols 3"]:
    """Words on white: one of each thing's nouns in its box, and the names of the large stuff around them."""
    generator = stream([scene.seed, scene.index], "spatial_text")
    found = render_label_map(scene, size_px=_MAP_PX)
    labels = []
    for label in labels_of(found):
        nouns = KINDS[label.name].words if label.name in KINDS else (label.name,)
        labels.append(replace(label, name=nouns[int(generator.integers(len(nouns)))]))
    return written([*labels, *_stuff(found)], aspect=1.0, size_px=size_px)


def _stuff(found: LabelMap) -> list[Label]:
    backdrop = np.where(found.instances == 0, found.labels, 0)
    names = {number: name for number, name in found.names.items() if name not in KINDS}
    plain = LabelMap(backdrop, names, np.zeros_like(found.instances), ())
    covered = np.bincount(backdrop.ravel()) / backdrop.size
    large = {name for number, name in names.items() if number < len(covered) and covered[number] >= _STUFF_SHARE}
    return [label for label in labels_of(plain) if label.name in large]
