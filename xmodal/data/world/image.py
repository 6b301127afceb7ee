"""The photo-like picture of a scene, and its label map."""

import numpy as np
from jaxtyping import UInt8

from xmodal.data.sample import LabelMap
from xmodal.data.world.atmosphere import add_halo, add_rain
from xmodal.data.world.backdrops import Backdrop, paint_backdrop
from xmodal.data.world.develop import develop
from xmodal.data.world.labels import LABEL_NAMES, LABELS
from xmodal.data.world.layout import instance_map, place, window
from xmodal.data.world.light import Light, light_of
from xmodal.data.world.scene import Scene
from xmodal.data.world.shadow import floats, ground_shadow, reflect
from xmodal.data.world.spec import WorldSpec
from xmodal.data.world.sprite import paint_sprite


def render_image(scene: Scene, spec: WorldSpec, *, size_px: int) -> UInt8[np.ndarray, "rows cols 3"]:
    """The scene as a photograph, square; every size shows the same picture, sharper or coarser."""
    light = light_of(scene)
    return _photograph(scene, spec, light, paint_backdrop(scene, light, rows=size_px, cols=size_px))


def render_image_and_labels(
    scene: Scene, spec: WorldSpec, *, size_px: int
) -> tuple[UInt8[np.ndarray, "rows cols 3"], LabelMap]:
    """Both `render_image` and `render_label_map`, with the backdrop painted once."""
    light = light_of(scene)
    backdrop = paint_backdrop(scene, light, rows=size_px, cols=size_px)
    return _photograph(scene, spec, light, backdrop), _label(scene, backdrop)


def _photograph(scene: Scene, spec: WorldSpec, light: Light, backdrop: Backdrop) -> UInt8[np.ndarray, "rows cols 3"]:
    picture = backdrop.colour
    rows, cols = picture.shape[:2]
    for thing, box in zip(scene.things, place(scene), strict=True):
        ground_shadow(picture, scene, thing, box, light, 0.0)
        part = window(box, rows, cols)
        if part is not None:
            sprite = paint_sprite(thing, box, part, rows, light)
            if floats(scene, thing):
                reflect(picture, sprite)
            sprite.over(picture)
        add_halo(picture, thing, box, light, 0.0)
    add_rain(picture, scene, light, 0.0)
    return develop(picture, scene, spec, light)


def render_label_map(scene: Scene, *, size_px: int) -> LabelMap:
    """Which kind or stuff, and which of `scene.things`, each pixel of `render_image` of the same size shows."""
    return _label(scene, paint_backdrop(scene, light_of(scene), rows=size_px, cols=size_px))


def _label(scene: Scene, backdrop: Backdrop) -> LabelMap:
    instances = instance_map(scene, size_px=backdrop.labels.shape[0])
    of_thing = np.array([0, *(LABELS[thing.kind] for thing in scene.things)], dtype=np.int16)
    labels = np.where(instances > 0, of_thing[instances], backdrop.labels.astype(np.int16))
    names = {int(number): LABEL_NAMES[int(number)] for number in np.unique(labels) if number > 0}
    return LabelMap(labels, names, instances, tuple(thing.kind for thing in scene.things))
