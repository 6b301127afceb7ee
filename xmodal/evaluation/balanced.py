"""A balanced set of items of one class each, objects and scenes, to transfer classifiers on (see_hear_read section
4.4: 42 categories "consisting of objects and scenes", 2,799 videos to train and 1,050, balanced, to test)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CLASSES = 42
TRAINED_PER_TESTED = 2_799 / 1_050
COMMON = 1 / 8
"""A thing that more items than this have is not what tells them apart."""


@dataclass(frozen=True)
class Shown:
    """What is known of one item."""

    scene: str
    """Empty: not known."""
    things: frozenset[str]
    """Names of what may give the item its class."""
    doubtful: frozenset[str] = frozenset()
    """What only one sense tells of, such as a thing that is seen and makes no sound."""


@dataclass(frozen=True)
class Classes:
    """Scenes and things, in alphabetic order."""

    scenes: tuple[str, ...]
    things: tuple[str, ...]

    def of(self, item: Shown) -> str:
        """The item's one class: a thing, if it is the only one of `things` there; its scene, if there is none of them;
        else empty."""
        found = [thing for thing in self.things if thing in item.things | item.doubtful]
        if found:
            return found[0] if len(found) == 1 and found[0] in item.things else ""
        return item.scene if item.scene in self.scenes else ""


@dataclass(frozen=True)
class Balanced:
    """Which items to learn from and to be tested on."""

    train: dict[str, tuple[int, ...]]
    """Class -> positions of its items."""
    test: dict[str, tuple[int, ...]]
    """The same; as many of every class."""

    @property
    def positions(self) -> tuple[int, ...]:
        """Of all items, in their order."""
        sides = (*self.train.values(), *self.test.values())
        return tuple(sorted(position for side in sides for position in side))


def classes_of(items: Sequence[Shown], count: int = CLASSES) -> Classes:
    """The commonest scenes, and as many of the commonest things as are missing to `count`.

    Things that more than one in eight items have are passed over.
    """
    scenes = Counter(item.scene for item in items if item.scene)
    things = Counter(thing for item in items for thing in item.things)
    for name in [name for name, often in things.items() if often > COMMON * len(items) or name in scenes]:
        del things[name]
    first = _commonest(scenes, count)
    return Classes(first, _commonest(things, count - len(first)))


def _commonest(names: Counter[str], count: int) -> tuple[str, ...]:
    """Of equally common ones the first in the alphabet."""
    return tuple(sorted(sorted(names, key=lambda name: (-names[name], name))[:count]))


def balanced(items: Iterable[Shown], classes: Classes, *, train: int, test: int) -> Balanced:
    """The first `test` items of every class to be tested on, the next `train` to learn from.

    No more items are looked at than are needed. A class with too few of them is left out.

    Args:
        items: in order.
        classes: see `classes_of`.
        train, test: items of each class.
    """
    found: dict[str, list[int]] = {name: [] for name in (*classes.scenes, *classes.things)}
    waiting = len(found)
    for position, item in enumerate(items):
        name = classes.of(item)
        if not name or len(found[name]) == train + test:
            continue
        found[name].append(position)
        waiting -= len(found[name]) == train + test
        if not waiting:
            break
    full = {name: each for name, each in found.items() if len(each) == train + test}
    return Balanced(
        {name: tuple(each[test:]) for name, each in full.items()},
        {name: tuple(each[:test]) for name, each in full.items()},
    )
