"""The photo-like picture of a scene, and its label map."""

import numpy as np
from jaxtyping import UInt8

from xmodal.data.sample import LabelMap
from xmodal.data.world.backdrops import paint_backdrop
from xmodal.data.world.develop import develop
from xmodal.data.world.labels import LABEL_NAMES, LABELS
from xmodal.data.world.layout import instance_map, place, window
from xmodal.data.world.light import light_of
from xmodal.data.world.scene import Scene
from xmodal.data.world.spec import WorldSpec
from xmodal.data.world.sprite import paint_sprite


def render_image(scene: Scene, spec: WorldSpec, *, size_px: int) -> UInt8[np.ndarray, "rows cols 3"]:
    """The scene as a photograph, square; every size shows the same picture, sharper or coarser."""
    light = light_of(scene)
    picture = paint_backdrop(scene, light, rows=size_px, cols=size_px).colour
    for thing, placement in zip(scene.things, place(scene), strict=True):
        part = window(placement, size_px, size_px)
        if part is not None:
            paint_sprite(thing, placement, part, size_px, light).over(picture)
    return develop(picture, scene, spec, light)


def render_label_map(scene: Scene, *, size_px: int) -> LabelMap:
    """Which kind or stuff, and which of `scene.things`, each pixel of `render_image` shows (same size, same geometry)."""
    instances = instance_map(scene, size_px=size_px)
    labels = paint_backdrop(scene, light_of(scene), rows=size_px, cols=size_px).labels.astype(np.int16)
    of_thing = np.array([0, *(LABELS[thing.kind] for thing in scene.things)], dtype=np.int16)
    labels = np.where(instances > 0, of_thing[instances], labels)
    names = {int(number): LABEL_NAMES[int(number)] for number in np.unique(labels) if number > 0}
    return LabelMap(labels, names, instances, tuple(thing.kind for thing in scene.things))
