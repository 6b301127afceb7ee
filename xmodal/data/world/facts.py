"""What a speaker may truthfully say about a scene: which things go together, on which side they are, how they relate.

All of it is read off the latent geometry; English is in `grammar`, the choice of what to say in `text`.
"""

from dataclasses import dataclass

import numpy as np

from xmodal.data.world.kinds import KINDS, Place
from xmodal.data.world.scene import Scene, Thing

LEFT_UNTIL = 0.36
"""A thing whose centre is left of this fraction of the picture's width is "on the left"."""
RIGHT_FROM = 0.64
"""A thing whose centre is right of this is "on the right"."""
MIDDLE_WITHIN = 0.07
"""A thing whose centre is at most this far from 0.5 is "in the middle"."""
_ASPECT = 0.8
"""Typical width of a thing over its height, for the rough estimate of what nearer things hide."""


@dataclass(frozen=True)
class Fact:
    """One claim of a caption: the scene has exactly `count` things of this kind (and colour, if it is given)."""

    kind: str
    """Key of `kinds.KINDS`."""
    colour: str | None
    """Colour that all of them have, None: not said."""
    count: int
    side: str | None
    """`left`, `right` or `middle`: where all of them are, None: not said."""
    sounding: bool
    """Whether the caption says that they make their sound."""
    seen: bool = True
    """False: they are heard and not in the picture."""


@dataclass(frozen=True)
class Relation:
    """A claim about the places of two things, indices into `scene.things`."""

    first: int
    name: str
    """One of `RELATIONS`."""
    second: int


@dataclass(frozen=True)
class Group:
    """Things that one noun phrase names."""

    kind: str
    things: tuple[int, ...]
    """Indices into `scene.things`; empty for a source that is heard and not seen."""
    colour: str | None
    """Colour they share, None: they differ or have none worth a mention."""
    colour_needed: bool
    """Whether the count is true only together with the colour."""
    sounding: bool
    """Whether all of them make their sound."""
    side: str | None
    prominence: float
    """Rough visible height of the largest one, fraction of the picture."""

    @property
    def count(self) -> int:
        """How many there are."""
        return max(1, len(self.things))


def prominences(scene: Scene) -> tuple[float, ...]:
    """Apparent height of each thing times the share of it that nearer things leave free (both rough), 0 or more."""
    boxes = [_box(scene, thing) for thing in scene.things]
    result = []
    for index, (left, top, right, bottom) in enumerate(boxes):
        free = 1.0
        for near_left, near_top, near_right, near_bottom in boxes[index + 1 :]:
            wide = max(0.0, min(right, near_right) - max(left, near_left))
            tall = max(0.0, min(bottom, near_bottom) - max(top, near_top))
            free = min(free, 1.0 - wide * tall / ((right - left) * (bottom - top)))
        result.append((bottom - top) * free)
    return tuple(result)


def _box(scene: Scene, thing: Thing) -> tuple[float, float, float, float]:
    """Left, top, right, bottom as fractions of the picture."""
    height = scene.camera.extent(KINDS[thing.kind].height_m * thing.size, thing.distance_m)
    foot = scene.camera.row(thing.distance_m, thing.lift_m)
    return thing.x - _ASPECT * height / 2, foot - height, thing.x + _ASPECT * height / 2, foot


def side_of(scene: Scene, things: tuple[int, ...]) -> str | None:
    """`left`, `right` or `middle` if all of the things are clearly there."""
    centres = [scene.things[index].x for index in things]
    if not centres:
        return None
    if max(centres) < LEFT_UNTIL:
        return "left"
    if min(centres) > RIGHT_FROM:
        return "right"
    if max(abs(x - 0.5) for x in centres) < MIDDLE_WITHIN:
        return "middle"
    return None


def groups(scene: Scene, weights: tuple[float, ...], generator: np.random.Generator) -> tuple[Group, ...]:
    """Everything visible, each thing in one group, most prominent first (`weights`: its `prominences`).

    Things of a kind are named together when they share their colour, one colour at a time when they do not, and now
    and then together without colours.
    """
    by_kind: dict[str, list[int]] = {}
    for index, thing in enumerate(scene.things):
        by_kind.setdefault(thing.kind, []).append(index)
    found: list[Group] = []
    for members in by_kind.values():
        colours = dict.fromkeys(scene.things[index].colour for index in members)
        if len(colours) == 1 or generator.random() < 0.3:
            found.append(_group(scene, weights, tuple(members), colour_needed=False))
        else:
            for colour in colours:
                same = tuple(index for index in members if scene.things[index].colour == colour)
                found.append(_group(scene, weights, same, colour_needed=True))
    return tuple(sorted(found, key=lambda group: -group.prominence))


def _group(scene: Scene, weights: tuple[float, ...], things: tuple[int, ...], *, colour_needed: bool) -> Group:
    members = [scene.things[index] for index in things]
    colours = {thing.colour for thing in members}
    return Group(
        kind=members[0].kind,
        things=things,
        colour=members[0].colour if len(colours) == 1 else None,
        colour_needed=colour_needed,
        sounding=all(thing.sounding for thing in members),
        side=side_of(scene, things),
        prominence=max(weights[index] for index in things),
    )


def unseen_groups(scene: Scene) -> tuple[Group, ...]:
    """The sources that are heard and not seen."""
    return tuple(
        Group(source.kind, (), None, colour_needed=False, sounding=True, side=None, prominence=0.0)
        for source in scene.unseen
        if source.sounding
    )


RELATIONS: tuple[str, ...] = ("on", "above", "under", "in front of", "behind", "next to", "left of", "right of")
"""Every relation between two things, the most telling first."""


def relations(scene: Scene, first: int, second: int) -> tuple[str, ...]:
    """All of `RELATIONS` that hold of `first` with respect to `second` (indices into `scene.things`)."""
    one, two = scene.things[first], scene.things[second]
    return tuple(name for name in RELATIONS if _HOLDS[name](scene, one, two))


def _top_m(thing: Thing) -> float:
    return thing.lift_m + KINDS[thing.kind].height_m * thing.size


def _on(scene: Scene, one: Thing, two: Thing) -> bool:
    across_m = abs(one.x - two.x) * two.distance_m / scene.camera.focal
    reach_m = 0.45 * KINDS[two.kind].height_m * two.size
    rests = one.lift_m > 0.1 and abs(one.lift_m - _top_m(two)) < 0.15 * _top_m(two)
    return rests and KINDS[one.kind].place is Place.TABLE and _level(one, two) and across_m < reach_m


def _level(one: Thing, two: Thing) -> bool:
    """Whether both are about equally far away."""
    return 0.83 < one.distance_m / two.distance_m < 1.2


def _above(scene: Scene, one: Thing, two: Thing) -> bool:
    hanging = KINDS[one.kind].place in (Place.SKY, Place.WALL) and one.lift_m > 0.5
    return hanging and abs(one.x - two.x) < 0.12 and _box(scene, one)[3] < _box(scene, two)[1]


def _in_front(scene: Scene, one: Thing, two: Thing) -> bool:
    """Nearer, and in the way: the boxes overlap in the picture's width."""
    reach = (_box(scene, one)[2] - _box(scene, one)[0] + _box(scene, two)[2] - _box(scene, two)[0]) / 2
    standing = one.lift_m < 0.1 and two.lift_m < 0.1
    return standing and one.distance_m < 0.83 * two.distance_m and abs(one.x - two.x) < 0.7 * reach


def _next_to(_scene: Scene, one: Thing, two: Thing) -> bool:
    return _level(one, two) and abs(one.lift_m - two.lift_m) < 0.1 and 0.05 < abs(one.x - two.x) < 0.28


def _left(_scene: Scene, one: Thing, two: Thing) -> bool:
    return two.x - one.x > 0.15


_HOLDS = {
    "on": _on,
    "above": _above,
    "under": lambda scene, one, two: _above(scene, two, one),
    "in front of": _in_front,
    "behind": lambda scene, one, two: _in_front(scene, two, one),
    "next to": _next_to,
    "left of": _left,
    "right of": lambda scene, one, two: _left(scene, two, one),
}
