"""The photo-like picture of a scene, and its label map."""

import numpy as np
from jaxtyping import Float, UInt8

from xmodal.data.sample import LabelMap
from xmodal.data.world.backdrops import paint_backdrop
from xmodal.data.world.develop import develop
from xmodal.data.world.labels import LABEL_NAMES, LABELS
from xmodal.data.world.layout import Placement, instance_map, place, window
from xmodal.data.world.light import Light, light_of
from xmodal.data.world.scene import Scene, Thing
from xmodal.data.world.shadow import floats, ground_shadow, reflect
from xmodal.data.world.spec import WorldSpec
from xmodal.data.world.sprite import paint_sprite


def render_image(scene: Scene, spec: WorldSpec, *, size_px: int) -> UInt8[np.ndarray, "rows cols 3"]:
    """The scene as a photograph, square; every size shows the same picture, sharper or coarser."""
    light = light_of(scene)
    picture = paint_backdrop(scene, light, rows=size_px, cols=size_px).colour
    for thing, box in zip(scene.things, place(scene), strict=True):
        paint_thing(picture, scene, thing, box, light)
    return develop(picture, scene, spec, light)


def paint_thing(
    picture: Float[np.ndarray, "rows cols 3"],
    scene: Scene,
    thing: Thing,
    box: Placement,
    light: Light,
    left: float = 0.0,
) -> None:
    """Paint one thing with its shadow or reflection over a picture whose left edge lies at the fraction `left`."""
    rows, cols = picture.shape[:2]
    ground_shadow(picture, scene, thing, box, light, left)
    part = window(box, rows, cols, left)
    if part is not None:
        sprite = paint_sprite(thing, box, part, rows, light)
        if floats(scene, thing):
            reflect(picture, sprite)
        sprite.over(picture)


def render_label_map(scene: Scene, *, size_px: int) -> LabelMap:
    """Which kind or stuff, and which of `scene.things`, each pixel of `render_image` shows (same size, same geometry)."""
    instances = instance_map(scene, size_px=size_px)
    labels = paint_backdrop(scene, light_of(scene), rows=size_px, cols=size_px).labels.astype(np.int16)
    of_thing = np.array([0, *(LABELS[thing.kind] for thing in scene.things)], dtype=np.int16)
    labels = np.where(instances > 0, of_thing[instances], labels)
    names = {int(number): LABEL_NAMES[int(number)] for number in np.unique(labels) if number > 0}
    return LabelMap(labels, names, instances, tuple(thing.kind for thing in scene.things))
