"""The latent scene: all that is true about an item, before any modality renders it.

Every renderer reads one `Scene` and nothing else, so an item's picture, masks, words and sounds agree by construction.
Lengths are metres, times seconds. A pinhole camera looks straight ahead: a foot at distance d (m) on the ground appears
at row `horizon + focal * camera_height_m / d` and a length l at distance d is `focal * l / d` tall, both as fractions
of the picture's height (picture is square; `Thing.x` is a fraction of its width).
"""

from dataclasses import dataclass

DURATION_S = 5.0
"""Length of an item's sound and of its video's time axis."""

Interval = tuple[float, float]
"""Onset and offset in seconds, 0 <= onset < offset <= DURATION_S."""


@dataclass(frozen=True)
class Thing:
    """One visible object."""

    kind: str
    """Key of `kinds.KINDS`."""
    variant: str
    """Symbol variant, one of `kinds.VARIANTS`."""
    colour: str | None
    """Colour name of the main part (`kinds.COLOUR_RGB`), None for the symbol's own."""
    x: float
    """Centre, fraction of the picture's width, may lie slightly outside [0, 1]."""
    distance_m: float
    """Distance from the camera."""
    lift_m: float
    """Height of its foot above the ground (tables, walls, sky)."""
    size: float
    """Individual size, about 0.85 to 1.15 of the kind's height."""
    mirrored: bool
    """Facing left instead of right."""
    individual: int
    """Seed of what is its own: texture, voice, hand."""
    speed: float
    """Horizontal motion in the video, picture widths per second, positive to the right."""
    sounding: tuple[Interval, ...]
    """When it makes its sound; empty: silent."""


@dataclass(frozen=True)
class Unseen:
    """One source that is heard but not in the picture: off screen (plausible here) or a distractor."""

    kind: str
    """Key of `kinds.KINDS`; its sound is heard."""
    distance_m: float
    individual: int
    sounding: tuple[Interval, ...]


@dataclass(frozen=True)
class Camera:
    """The pinhole camera."""

    height_m: float
    """Eye height."""
    horizon: float
    """Row of the horizon, fraction of the picture's height from the top."""
    focal: float
    """Focal length in picture heights."""

    def row(self, distance_m: float, lift_m: float = 0.0) -> float:
        """Row (fraction from the top) of a point `lift_m` above the ground at that distance."""
        return self.horizon + self.focal * (self.height_m - lift_m) / distance_m

    def extent(self, length_m: float, distance_m: float) -> float:
        """Apparent size of a length at that distance, as a fraction of the picture's height."""
        return self.focal * length_m / distance_m


@dataclass(frozen=True)
class Scene:
    """All that is true about item `index` of the world with that seed."""

    seed: int
    index: int
    category: str
    """Key of `categories.CATEGORIES`."""
    camera: Camera
    depth_m: float
    """Distance where the ground ends: the back wall indoors, the shoreline where there is water, else where the far
    backdrop (hedge, houses, hills, stands) begins."""
    daylight: str
    """`day`, `dusk` or `night`; indoors `day` or `night` (lamp light)."""
    weather: str
    """`clear`, `wind` or `rain`; indoors always `clear`."""
    light_from: float
    """Direction of the light: -1 from the left, 1 from the right."""
    ground_tint: int
    """Which of the category's ground colours."""
    wall_tint: int
    """Which of the category's wall (indoors) or far-backdrop (outdoors) colours."""
    backdrop: int
    """Seed of the backdrop's detail."""
    things: tuple[Thing, ...]
    """Visible objects, far to near (painter's order)."""
    unseen: tuple[Unseen, ...]
    """What is heard but not seen."""

    def sounding(self) -> tuple[Thing | Unseen, ...]:
        """All sources that can be heard, seen ones first."""
        return (
            *(thing for thing in self.things if thing.sounding),
            *(source for source in self.unseen if source.sounding),
        )
