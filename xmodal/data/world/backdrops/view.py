"""The camera's view on a backdrop: rays of the pixels, and a canvas that takes surfaces far to near."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, UInt8

from xmodal.data.world.labels import LABELS
from xmodal.data.world.light import Light
from xmodal.data.world.scene import Camera, Scene
from xmodal.data.world.texture import cover

_HORIZON_GUARD = 1e-3
"""Least slope of a ray that is taken to hit the ground, so that distances stay finite."""


@dataclass(frozen=True)
class Backdrop:
    """A painted backdrop."""

    colour: Float[np.ndarray, "rows cols 3"]
    """Linear light."""
    labels: UInt8[np.ndarray, "rows cols"]
    """Class ids (`labels.LABELS`)."""


@dataclass(frozen=True)
class View:
    """One scene seen through a raster of `rows` by `cols` square pixels, and the canvas being painted."""

    scene: Scene
    light: Light
    rows: int
    cols: int
    left: float
    """Left edge, in fractions of the picture."""
    colour: Float[np.ndarray, "rows cols 3"]
    labels: UInt8[np.ndarray, "rows cols"]

    @classmethod
    def open(cls, scene: Scene, light: Light, *, rows: int, cols: int, left: float) -> "View":
        """An empty canvas."""
        # one plane per colour: NumPy is several times faster along long rows than along three colours
        colour = np.zeros((3, rows, cols), dtype=np.float32).transpose(1, 2, 0)
        return cls(scene, light, rows, cols, left, colour, np.zeros((rows, cols), dtype=np.uint8))

    @property
    def camera(self) -> Camera:
        """The scene's camera."""
        return self.scene.camera

    @property
    def x(self) -> Float[np.ndarray, "1 cols"]:
        """Fraction of the picture's width of each column's centre."""
        return ((np.arange(self.cols, dtype=np.float32) + 0.5) / self.rows + self.left)[None, :]

    @property
    def y(self) -> Float[np.ndarray, "rows 1"]:
        """Fraction of the picture's height of each row's centre."""
        return ((np.arange(self.rows, dtype=np.float32) + 0.5) / self.rows)[:, None]

    @property
    def right(self) -> Float[np.ndarray, "1 cols"]:
        """Metres to the right per metre of distance."""
        return (self.x - 0.5) / np.float32(self.camera.focal)

    @property
    def down(self) -> Float[np.ndarray, "rows 1"]:
        """Metres down per metre of distance."""
        return (self.y - self.camera.horizon) / np.float32(self.camera.focal)

    @property
    def pixel(self) -> float:
        """Metres across one pixel per metre of distance."""
        return 1.0 / (self.rows * self.camera.focal)

    def row_of(self, y: float) -> int:
        """The first row whose centre lies at or below the fraction `y`, within [0, rows]."""
        return int(np.clip(np.ceil(y * self.rows - 0.5), 0, self.rows))

    def ground(self, first: int) -> tuple[Float[np.ndarray, "n cols"], Float[np.ndarray, "n 1"]]:
        """Metres to the right and metres away of the level ground, for the rows from `first` down."""
        away = self.camera.height_m / np.maximum(self.down[first:], _HORIZON_GUARD)
        return self.right * away, away

    def above(self, line: Float[np.ndarray, "#rows #cols"] | float) -> Float[np.ndarray, "rows cols"]:
        """Share of each pixel that lies below the line `y = line` (a fraction, per column): 1 under it."""
        return np.clip((self.y - line) * self.rows + 0.5, 0.0, 1.0)

    def lay(self, share: Float[np.ndarray, "n cols"], colour: np.ndarray, label: str, first: int = 0) -> None:
        """Paint a colour (one, or a plane) over the rows from `first`, where `share` says, and label it."""
        rows = slice(first, first + share.shape[0])
        region = self.colour[rows]
        share = np.broadcast_to(share, region.shape[:2])
        cover(region, colour, share)
        self.labels[rows][share > 0.5] = LABELS[label]

    def fill(self, rows: slice, colour: np.ndarray, label: str) -> None:
        """Paint whole rows."""
        self.colour[rows] = colour
        self.labels[rows] = LABELS[label]

    def done(self) -> Backdrop:
        """The finished backdrop."""
        return Backdrop(self.colour, self.labels)
