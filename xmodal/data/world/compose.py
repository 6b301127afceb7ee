"""Item number -> latent scene.

Only integers, `random()` doubles, the four operations and square roots are used, in a fixed order, so that the latent
scene is bit-identical on every machine. Small things are drawn larger than life (see `_size`), otherwise a cup would be
four pixels high.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from xmodal.data.world.categories import CATEGORIES, Category
from xmodal.data.world.kinds import KINDS, VARIANTS, Place
from xmodal.data.world.scene import DURATION_S, Camera, Interval, Scene, Thing, Unseen
from xmodal.data.world.spec import WORLD_VERSION, WorldSpec
from xmodal.seeding import stream

WATER_BACKDROPS = frozenset({"sea_sand", "sea_quay", "lake_hills"})
"""Backdrops whose far ground is water."""
SUPPORTS = ("table", "desk", "bookshelf", "piano", "washer", "stove", "fridge")
"""What carries things of the table, best first."""
SOUNDING = 0.8
"""Chance that a visible thing that can sound does."""
MAX_SOUNDING = 4
"""Most visible things that sound in one item."""


@dataclass(frozen=True)
class _Setting:
    """What placing a thing needs to know."""

    category: str
    backdrop: str
    indoors: bool
    camera: Camera
    depth_m: float


def compose(spec: WorldSpec, index: int) -> Scene:
    """The scene of item `index` (0 or more) of the world `spec`: a pure function of both."""
    generator = stream([WORLD_VERSION, spec.seed, index], "scene")
    names = spec.scenes or tuple(CATEGORIES)
    name = names[int(generator.integers(len(names)))]
    category = CATEGORIES[name]
    setting = _setting(generator, name, category)
    kinds = _kinds(generator, spec, category)
    things = _occlude(generator, spec, _spread(generator, [_thing(generator, setting, kind) for kind in kinds]))
    things = _sounding(generator, _on_tables(generator, things))
    return Scene(
        seed=spec.seed,
        index=index,
        category=name,
        camera=setting.camera,
        depth_m=setting.depth_m,
        daylight=_draw(generator, {"day": 0.7, "night": 0.3} if category.indoors else _DAYLIGHT),
        weather="clear" if category.indoors else _draw(generator, {"clear": 0.6, "wind": 0.2, "rain": 0.2}),
        light_from=_between(generator, -1.0, 1.0),
        ground_tint=int(generator.integers(8)),
        wall_tint=int(generator.integers(8)),
        backdrop=int(generator.integers(2**31)),
        things=tuple(sorted(things, key=lambda thing: -thing.distance_m)),
        unseen=_unseen(generator, spec, category, {thing.kind for thing in things}),
    )


_DAYLIGHT = {"day": 0.6, "dusk": 0.2, "night": 0.2}


def _draw(generator: np.random.Generator, chances: dict[str, float]) -> str:
    left = generator.random()
    for name, chance in chances.items():
        left -= chance
        if left < 0:
            return name
    return next(iter(chances))


def _between(generator: np.random.Generator, low: float, high: float) -> float:
    return low + (high - low) * float(generator.random())


def _pick(generator: np.random.Generator, names: tuple[str, ...], count: int) -> list[str]:
    """`count` different names (all of them if fewer)."""
    return [names[int(place)] for place in generator.permutation(len(names))[:count]]


def _setting(generator: np.random.Generator, name: str, category: Category) -> _Setting:
    if category.indoors:
        camera = Camera(
            _between(generator, 1.25, 1.6), _between(generator, 0.36, 0.46), _between(generator, 1.05, 1.25)
        )
        return _Setting(name, category.backdrop, True, camera, _between(generator, 4.4, 5.6))
    camera = Camera(_between(generator, 1.4, 2.0), _between(generator, 0.38, 0.52), _between(generator, 1.05, 1.3))
    depth_m = _between(generator, 6.0, 9.0) if category.backdrop in WATER_BACKDROPS else _between(generator, 16.0, 30.0)
    return _Setting(name, category.backdrop, False, camera, depth_m)


def _kinds(generator: np.random.Generator, spec: WorldSpec, category: Category) -> list[str]:
    """Which kinds stand in the scene: one or two anchors first, then usual ones, perhaps a stranger, perhaps twins."""
    count = int(generator.integers(spec.objects_min, spec.objects_max + 1))
    anchors = _pick(generator, category.anchors, 1 if count < 3 or generator.random() < 0.25 else 2)
    loud = tuple(kind for kind in category.usual if KINDS[kind].sound)
    quiet = tuple(kind for kind in category.usual if not KINDS[kind].sound)
    chosen = anchors[:count]
    usual = _pick(generator, loud, len(loud)) + _pick(generator, quiet, len(quiet))
    while len(chosen) < count and usual:
        wanted_loud = generator.random() < 0.62
        kind = next((kind for kind in usual if bool(KINDS[kind].sound) == wanted_loud), usual[0])
        usual.remove(kind)
        chosen.append(kind)
    if len(chosen) >= 3 and generator.random() < spec.clutter:
        chosen[-1] = _stranger(generator, category)
    if len(chosen) >= 2 and loud and not any(KINDS[kind].sound for kind in chosen):
        chosen[-1] = loud[int(generator.integers(len(loud)))]
    if len(chosen) >= 3 and generator.random() < 0.3:
        chosen[-1] = chosen[int(generator.integers(len(chosen) - 1))]
    return chosen


def _stranger(generator: np.random.Generator, category: Category) -> str:
    allowed = {Place.GROUND, Place.TABLE, Place.WALL} if category.indoors else {Place.GROUND, Place.SKY}
    usual = {*category.anchors, *category.usual}
    roomy = {
        name: kind
        for name, kind in KINDS.items()
        if kind.place in allowed and name not in usual and (kind.height_m < 2.3 or not category.indoors)
    }
    return tuple(roomy)[int(generator.integers(len(roomy)))]


def _size(generator: np.random.Generator, kind: str) -> float:
    """Individual size; things under 0.8 m are enlarged by the square root of what they lack."""
    boost = math.sqrt(max(1.0, 0.8 / KINDS[kind].height_m))
    return boost * _between(generator, 0.88, 1.15)


def _thing(generator: np.random.Generator, setting: _Setting, kind: str) -> Thing:
    size = _size(generator, kind)
    distance_m, lift_m = _stand(generator, setting, kind, size)
    colours = KINDS[kind].colours
    moving = KINDS[kind].place in (Place.SKY, Place.WATER) or kind in _MOVERS
    speed = _between(generator, -0.12, 0.12) if moving and generator.random() < 0.7 else 0.0
    colour = colours[int(generator.integers(len(colours)))] if colours else None
    mirrored = speed < 0 if speed else bool(generator.random() < 0.5) and kind not in _WRITTEN
    return Thing(
        kind=kind,
        variant=VARIANTS[int(generator.integers(len(VARIANTS)))],
        colour=colour,
        x=_between(generator, 0.1, 0.9),
        distance_m=distance_m,
        lift_m=lift_m,
        size=size,
        mirrored=mirrored,
        individual=int(generator.integers(2**31)),
        speed=speed,
        sounding=(),
    )


_WRITTEN = frozenset(("blackboard", "clock"))
"""Kinds with writing on them, which no mirror may turn round."""
_MOVERS = frozenset(
    "dog cat cow sheep horse pig rooster duck child man woman car bus truck ambulance motorcycle bicycle train tractor "
    "ball".split()
)


def _stand(generator: np.random.Generator, setting: _Setting, kind: str, size: float) -> tuple[float, float]:
    """Distance and height above the ground."""
    camera, height_m = setting.camera, KINDS[kind].height_m * size
    nearest_m = camera.focal * camera.height_m / (0.97 - camera.horizon)
    extent = _between(generator, 0.2, 0.52)
    wished_m = camera.focal * height_m / extent
    place = KINDS[kind].place
    if place is Place.WALL:
        distance_m = setting.depth_m - 0.05 if setting.indoors else _between(generator, 6.0, 9.0)
        top = camera.height_m + 0.9 * camera.horizon * distance_m / camera.focal
        return distance_m, max(0.9, min(_between(generator, 1.3, 1.8), top - height_m))
    if place is Place.SKY and not (setting.category == "airport" and generator.random() < 0.6):
        distance_m = max(8.0, camera.focal * height_m / _between(generator, 0.12, 0.3))
        row = _between(generator, 0.04, max(0.08, camera.horizon - 0.16))
        foot = row + camera.extent(height_m, distance_m)
        return distance_m, camera.height_m + (camera.horizon - foot) * distance_m / camera.focal
    if place is Place.WATER and setting.backdrop in WATER_BACKDROPS:
        return max(setting.depth_m * 1.08, min(wished_m, 40.0)), 0.0
    farthest_m = setting.depth_m - 0.35 if setting.indoors or setting.backdrop in WATER_BACKDROPS else 45.0
    return min(max(nearest_m + _between(generator, 0.0, 0.8), wished_m), max(farthest_m, nearest_m + 0.1)), 0.0


def _spread(generator: np.random.Generator, things: list[Thing]) -> list[Thing]:
    """Give each thing the emptiest of a few places, so that chance alone seldom hides one completely."""
    placed: list[Thing] = []
    for thing in things:
        candidates = [_between(generator, 0.08, 0.92) for _ in range(5)]
        room = [min((abs(x - other.x) for other in placed), default=1.0) for x in candidates]
        placed.append(replace(thing, x=candidates[room.index(max(room))]))
    return placed


def _occlude(generator: np.random.Generator, spec: WorldSpec, things: list[Thing]) -> list[Thing]:
    """With chance `spec.occlusion` move one standing thing partly behind another."""
    standing = [place for place, thing in enumerate(things) if thing.lift_m == 0.0]
    if len(standing) < 2 or generator.random() >= spec.occlusion:
        return things
    one, two = (standing[int(place)] for place in generator.permutation(len(standing))[:2])
    front, back = sorted((one, two), key=lambda place: things[place].distance_m)
    near, far = things[front], things[back]
    width = (
        near.size * KINDS[near.kind].height_m / near.distance_m + far.size * KINDS[far.kind].height_m / far.distance_m
    )
    side = 1.0 if generator.random() < 0.5 else -1.0
    offset = _between(generator, 0.12, 0.42) * width
    x = near.x + side * offset
    things[back] = replace(far, x=x if 0.02 < x < 0.98 else near.x - side * offset, speed=0.0)
    return things


def _on_tables(generator: np.random.Generator, things: list[Thing]) -> list[Thing]:
    """Put things of the table onto something that carries them, where there is such a thing."""
    supports = [thing for kind in SUPPORTS for thing in things if thing.kind == kind]
    result: list[Thing] = []
    for thing in things:
        if KINDS[thing.kind].place is Place.TABLE and supports:
            support = supports[int(generator.integers(min(2, len(supports))))]
            height_m = KINDS[support.kind].height_m * support.size
            reach = 0.3 * height_m / support.distance_m
            moved = {"x": support.x + _between(generator, -reach, reach), "lift_m": height_m * 0.97}
            result.append(replace(thing, distance_m=support.distance_m - 0.02, **moved))
        else:
            result.append(thing)
    return result


def _sounding(generator: np.random.Generator, things: list[Thing]) -> list[Thing]:
    """Decide who makes its sound, and when; twins of a kind sound together or not at all."""
    able = [kind for kind in dict.fromkeys(thing.kind for thing in things) if KINDS[kind].sound]
    heard = [kind for kind in able if generator.random() < SOUNDING][:MAX_SOUNDING]
    if able and not heard:
        heard = able[:1]
    return [replace(thing, sounding=_intervals(generator) if thing.kind in heard else ()) for thing in things]


def _intervals(generator: np.random.Generator) -> tuple[Interval, ...]:
    """One or two stretches, at least 1 s each, at hundredths of a second."""
    start = _between(generator, 0.0, 2.0)
    end = min(start + _between(generator, 1.4, 3.6), DURATION_S)
    first = (round(start, 2), round(end, 2))
    if end > 3.2 or generator.random() < 0.5:
        return (first,)
    again = end + _between(generator, 0.4, 0.7)
    return (first, (round(again, 2), round(min(again + _between(generator, 1.0, 2.0), DURATION_S), 2)))


def _unseen(generator: np.random.Generator, spec: WorldSpec, category: Category, seen: set[str]) -> tuple[Unseen, ...]:
    """With chance `spec.unseen` one source off screen: plausible here three times in four, else a distractor."""
    if generator.random() >= spec.unseen:
        return ()
    plausible = generator.random() < 0.75
    pool = (*category.anchors, *category.usual) if plausible else tuple(KINDS)
    pool = tuple(kind for kind in pool if KINDS[kind].sound and kind not in seen)
    if not pool:
        return ()
    kind = pool[int(generator.integers(len(pool)))]
    distance_m = _between(generator, 6.0, 14.0)
    return (Unseen(kind, distance_m, int(generator.integers(2**31)), _intervals(generator)),)
