"""What each kind is made of: surface grain, how round it looks, how glossy it is, and which part of it gives light."""

from dataclasses import dataclass

from xmodal.data.world.kinds import KINDS
from xmodal.data.world.symbol import MATERIALS


@dataclass(frozen=True)
class Glow:
    """A part that gives light."""

    parts: tuple[str, ...]
    """Material classes that shine."""
    rgb: tuple[float, float, float]
    """Linear colour; 1 is as bright as a sunlit white."""
    always: bool
    """Whether it shines by day too (a fire), or only when lamps are on."""


@dataclass(frozen=True)
class Material:
    """The surface of a kind's main part."""

    round: float
    """How strongly the relief shades: 0 a flat board, 1 a ball."""
    gloss: float
    """Strength of highlights."""
    grain: float
    """Contrast of the texture."""
    grain_period: float
    """Picture of the texture: how many of the object's heights one noise tile spans."""
    stretch: float
    """How much longer than high the grain is (below 1: higher than long)."""


FUR = Material(0.95, 0.05, 0.26, 2.2, 0.35)
CLOTH = Material(0.85, 0.03, 0.16, 2.0, 0.8)
WOOD = Material(0.4, 0.12, 0.28, 1.6, 5.0)
PAINT = Material(0.6, 0.55, 0.07, 2.5, 2.0)
CERAMIC = Material(0.8, 0.6, 0.05, 3.0, 1.0)
MASONRY = Material(0.2, 0.02, 0.24, 1.0, 1.2)
LEAVES = Material(1.0, 0.08, 0.55, 0.9, 1.0)
STONE = Material(0.9, 0.04, 0.42, 1.4, 1.2)
PAPER = Material(0.15, 0.05, 0.06, 3.0, 1.0)
PLASTIC = Material(0.5, 0.3, 0.05, 3.0, 1.0)
FLAME = Material(0.0, 0.0, 0.5, 1.4, 0.4)

_OF: dict[Material, str] = {
    FUR: "dog cat cow sheep horse pig rooster duck bird seagull owl teddy",
    CLOTH: "baby child man woman crowd tent umbrella kite bed sofa suitcase",
    WOOD: "bench fence chair table desk crib bookshelf guitar violin ladder piano barn",
    PAINT: "car bus truck ambulance motorcycle bicycle train tractor digger airplane helicopter boat swing slide crane "
    "lamppost drill chainsaw trumpet drum goal hammer",
    CERAMIC: "fridge stove sink bathtub toilet washer cup kettle bottle ball frog",
    MASONRY: "house church lighthouse fountain",
    LEAVES: "tree palm bush flower plant",
    STONE: "rock",
    PAPER: "book picture blackboard cake sailboat",
    PLASTIC: "lamp vacuum television computer printer phone clock mirror window",
    FLAME: "fire",
}
MATERIAL_OF: dict[str, Material] = {kind: material for material, kinds in _OF.items() for kind in kinds.split()}
"""The material of every kind."""

GLOW_OF: dict[str, Glow] = {
    "fire": Glow(("main", "second", "accent", "light"), (1.9, 0.95, 0.30), always=True),
    "lamp": Glow(("main", "light"), (1.3, 0.98, 0.60), always=False),
    "lamppost": Glow(("light", "accent"), (2.2, 1.8, 1.2), always=False),
    "television": Glow(("light", "accent"), (0.55, 0.65, 0.8), always=True),
    "computer": Glow(("light",), (0.55, 0.62, 0.7), always=True),
    "lighthouse": Glow(("light",), (1.6, 1.4, 0.9), always=False),
    "bus": Glow(("light",), (0.8, 0.75, 0.6), always=False),
    "train": Glow(("light",), (0.8, 0.7, 0.5), always=False),
}
"""Kinds that give light."""

# the third-party symbol classes' own gloss: windows and chrome shine whatever the main part is
PART_GLOSS: dict[str, float] = dict(zip(MATERIALS, (0.0, 0.1, 0.1, 0.15, 0.3, 0.12), strict=True))
"""Gloss of each part, added to the material's for `main`."""

assert set(MATERIAL_OF) == set(KINDS), "every kind has a material"
