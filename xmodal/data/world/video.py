"""The scene as a short silent film: things move and stir while they sound, the camera turns a little."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, UInt8

from xmodal.data.world.atmosphere import add_halo, add_rain
from xmodal.data.world.backdrops import paint_backdrop
from xmodal.data.world.develop import develop, exposure
from xmodal.data.world.kinds import KINDS, Place
from xmodal.data.world.layout import Placement, place, window
from xmodal.data.world.light import Light, light_of
from xmodal.data.world.scene import Scene, Thing
from xmodal.data.world.shadow import floats, ground_shadow, reflect
from xmodal.data.world.spec import WorldSpec
from xmodal.data.world.sprite import Sprite, paint_sprite
from xmodal.seeding import stream

_MARGIN = 0.04
"""How far the camera may turn to either side, in picture widths."""
_STEPS = 4
"""Positions per pixel at which a moving thing is painted; between them the last painting is used again."""
_STIR_HZ = 2.5
"""How often a thing that sounds or walks bobs."""

Picture = Float[np.ndarray, "rows cols 3"]


@dataclass(frozen=True)
class _Stage:
    """What stays the same from frame to frame: a picture with margins left and right, and paintings of things."""

    scene: Scene
    light: Light
    size_px: int
    left: float
    painted: dict[tuple[int, int, int], Sprite | None]

    def set_thing(self, picture: Picture, index: int, box: Placement) -> None:
        """Put a thing with its shadow into the picture, painting it only where it has not yet been painted."""
        thing = self.scene.things[index]
        grain = self.size_px * _STEPS
        column, row = round(box.left * grain), round(box.top * grain)
        key = (index, column, row)
        if key not in self.painted:
            moved = Placement(column / grain, row / grain, box.width, box.height)
            part = window(moved, picture.shape[0], picture.shape[1], left=self.left)
            self.painted[key] = part and paint_sprite(thing, moved, part, self.size_px, self.light)
        ground_shadow(picture, self.scene, thing, box, self.light, self.left)
        sprite = self.painted[key]
        if sprite is not None:
            if floats(self.scene, thing):
                reflect(picture, sprite)
            sprite.over(picture)
        add_halo(picture, thing, box, self.light, self.left)


def render_video(
    scene: Scene, spec: WorldSpec, *, size_px: int, frame_rate_hz: float = 8.0, duration_s: float = 4.0
) -> UInt8[np.ndarray, "frames rows cols 3"]:
    """Frames from time 0; the first one shows the scene as `render_image` does, but for the sensor's noise."""
    margin_px = int(np.ceil(_MARGIN * size_px))
    light = light_of(scene)
    stage = _Stage(scene, light, size_px, -margin_px / size_px, {})
    wide = paint_backdrop(scene, light, rows=size_px, cols=size_px + 2 * margin_px, left=stage.left).colour
    boxes = place(scene)
    still = _still_things(scene)
    for index in range(still):
        stage.set_thing(wide, index, boxes[index])
    turn = float(stream((scene.seed, scene.index), "turn").uniform(-1.0, 1.0)) * 0.9 * _MARGIN
    metered: float | None = None
    frames = []
    for frame in range(round(frame_rate_hz * duration_s)):
        time_s = frame / frame_rate_hz
        picture = wide.copy()
        for index in range(still, len(scene.things)):
            stage.set_thing(picture, index, _moved(scene.things[index], boxes[index], time_s))
        add_rain(picture, scene, light, stage.left, time_s)
        seen = _turned(picture, size_px, margin_px + size_px * turn * np.sin(0.5 * np.pi * time_s / duration_s))
        metered = exposure(seen) if metered is None else metered
        frames.append(develop(seen, scene, spec, light, frame=frame, metered=metered))
    return np.stack(frames)


def _still_things(scene: Scene) -> int:
    """How many things, counted from the farthest, never stir: they are part of the stage."""
    for index, thing in enumerate(scene.things):
        if thing.speed or thing.sounding:
            return index
    return len(scene.things)


def _moved(thing: Thing, box: Placement, time_s: float) -> Placement:
    """Where a thing is at that time: carried by its speed, hopping while it walks or sounds."""
    sounding = any(start <= time_s < end for start, end in thing.sounding)
    lift = 0.0
    if KINDS[thing.kind].place is Place.SKY or KINDS[thing.kind].place is Place.WATER:
        lift = 0.02 * np.sin(2 * np.pi * 0.4 * time_s) if time_s else 0.0
    elif sounding or (thing.speed and thing.lift_m == 0.0):
        lift = 0.025 * abs(np.sin(np.pi * _STIR_HZ * time_s)) * (1.4 if sounding else 0.7)
    return replace(box, left=box.left + thing.speed * time_s, top=box.top - lift * min(box.height, 0.4))


def _turned(picture: Picture, size_px: int, start_px: float) -> Float[np.ndarray, "rows seen 3"]:
    """The columns that the camera sees when its left edge lies at a fraction of a pixel."""
    whole = int(np.floor(start_px))
    part = np.float32(start_px - whole)
    first = picture[:, whole : whole + size_px]
    if part < 1e-3:
        return first
    return first + part * (picture[:, whole + 1 : whole + 1 + size_px] - first)
