"""What outdoor backdrops share: sky, level ground, far ridges, rows of trees and house fronts at a distance."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from xmodal.data.world.backdrops.finishes import Surface
from xmodal.data.world.backdrops.view import View
from xmodal.data.world.labels import LABELS
from xmodal.data.world.texture import cell_shade, fractal, ridge, smoothstep, tinted
from xmodal.data.world.tints import MINERALS, PLANTS
from xmodal.seeding import stream

Plane = Float[np.ndarray, "rows cols"]
Line = Float[np.ndarray, "1 cols"]
Colour = Float[np.ndarray, "3"]


def detail(view: View) -> int:
    """Seed of the noise of this scene's backdrop."""
    return view.scene.backdrop % 9973


def chance(view: View, name: str, count: int) -> tuple[float, ...]:
    """Numbers in [0, 1) that belong to this scene's backdrop and this name.

    Plain floats: a NumPy scalar would turn every single-precision plane that it meets into double precision.
    """
    return tuple(float(number) for number in stream(view.scene.backdrop, name).random(count))


def far_m(view: View) -> float:
    """A distance behind everything that stands on the ground."""
    ground = [thing.distance_m for thing in view.scene.things if thing.lift_m == 0.0]
    return max([view.scene.depth_m, *ground]) + 2.0


def plants(view: View, shift: int = 0) -> Colour:
    """Albedo of grass and leaves."""
    return PLANTS[(view.scene.ground_tint + shift) % len(PLANTS)]


def minerals(view: View, shift: int = 0) -> Colour:
    """Albedo of stone, sand, gravel or asphalt."""
    return MINERALS[(view.scene.ground_tint + shift) % len(MINERALS)]


def sky(view: View, last_y: float | None = None) -> None:
    """Sky down to the horizon (or a row fraction): zenith to haze, clouds in perspective, stars by night."""
    last = view.row_of((view.camera.horizon if last_y is None else last_y) + 0.02)
    if last == 0:
        return
    height = np.clip((view.camera.horizon - view.y[:last]) / view.camera.horizon, 0.0, 1.0)
    air = view.light.air
    zenith = air * (np.array([0.38, 0.58, 0.92]) if view.scene.weather != "rain" else np.array([0.72, 0.75, 0.8]))
    if view.scene.daylight == "dusk":
        zenith = zenith * np.array([0.6, 0.75, 1.3])
    colour = air + (zenith.astype(np.float32) - air) * np.sqrt(height)[..., None]
    view.colour[:last] = colour
    amount = chance(view, "clouds", 2)
    lift = 1.0 / (0.25 + height)
    noise = fractal(
        view.right * lift * 3.0, lift * 4.0, period_m=14.0, foot_m=12.0 * lift * view.pixel, seed=detail(view)
    )
    cover = smoothstep(0.1 - 0.5 * amount[0], 0.75 - 0.3 * amount[0], noise) * smoothstep(0.0, 0.25, height)
    lit = 0.35 * view.light.key + 0.85 * view.light.fill + 0.35 * air
    view.lay(0.8 * cover, lit.astype(np.float32), "sky")
    view.labels[:last] = LABELS["sky"]
    if view.light.dark and view.scene.weather != "rain":
        _stars(view, last)


def _stars(view: View, last: int) -> None:
    places = np.array(chance(view, "stars", 90)).reshape(30, 3)
    for x, y, size in places:
        col, row = int((x - view.left) * view.rows), int(y * last)
        if 0 <= col < view.cols:
            # a star's light is spread over the pixel that holds it
            view.colour[row, col] += np.float32((0.2 + size) * 0.12 * (view.rows / 128) ** 0.5)


@dataclass(frozen=True)
class Ground:
    """The level ground below the horizon."""

    first: int
    x: Plane
    z: Float[np.ndarray, "rows 1"]
    foot_x: Float[np.ndarray, "rows 1"]
    foot_z: Float[np.ndarray, "rows 1"]
    seed: int

    def surface(self, colour: Colour, second: Colour) -> Surface:
        """The ground as a surface for a finish."""
        return Surface(self.x, self.z, self.foot_x, self.foot_z, colour, second, self.seed)

    def noise(self, period_m: float, stretch: float = 1.0, turn: int = 0) -> Plane:
        """Cloudy noise on the ground; `stretch` > 1 draws it out sideways."""
        foot = np.sqrt(self.foot_x * self.foot_z)
        return fractal(
            self.x / np.float32(stretch), self.z + 0 * self.x, period_m=period_m, foot_m=foot, seed=self.seed + turn
        )

    def within(self, low: np.ndarray | float, high: np.ndarray | float) -> Plane:
        """Share of a pixel that lies between two distances (which may vary sideways)."""
        near = np.clip((self.z - low) / self.foot_z + 0.5, 0.0, 1.0)
        return near * np.clip((high - self.z) / self.foot_z + 0.5, 0.0, 1.0) + 0 * self.x

    def between(self, low: np.ndarray | float, high: np.ndarray | float) -> Plane:
        """Share of a pixel that lies between two sideways positions."""
        right_of = np.clip((self.x - low) / self.foot_x + 0.5, 0.0, 1.0)
        return right_of * np.clip((high - self.x) / self.foot_x + 0.5, 0.0, 1.0)


def ground(view: View, reach_m: float = 1e6) -> Ground:
    """Coordinates of the ground's pixels, as far as it reaches."""
    first = view.row_of(view.camera.row(reach_m))
    x, z = view.ground(first)
    foot = z * np.float32(view.pixel)
    return Ground(first, x, z, foot, foot * z / np.float32(view.camera.height_m), detail(view))


def pave(view: View, floor: Ground, albedo: np.ndarray, label: str, share: Plane | None = None) -> None:
    """Light the ground's albedo, send it through the air and paint it."""
    rows = slice(0, floor.x.shape[0]) if share is None else touched(share)
    if albedo.ndim == 3:
        albedo = albedo[rows]
    lit = view.light.through_air(albedo * view.light.ground, floor.z[rows, :, None])
    if share is None:
        view.fill(slice(floor.first, None), lit, label)
    else:
        view.lay(share[rows], lit, label, floor.first + rows.start)


def touched(share: Plane) -> slice:
    """The rows from the first to the last that are not all 0."""
    rows = np.flatnonzero(share.any(axis=1))
    return slice(int(rows[0]), int(rows[-1]) + 1) if rows.size else slice(0, 0)


def grass(floor: Ground, colour: Colour) -> np.ndarray:
    """Albedo of a meadow: patches, and tufts that stand in rows of the picture."""
    tufts = floor.noise(1.6, 0.5) + 0.6 * floor.noise(7.0, 1.0, 3)
    return tinted(colour, 0.82 + 0.42 * tufts)


def ridge_line(view: View, *, base: float, height: float, period: float, smooth: float, turn: int) -> Line:
    """Row fraction of a far skyline: `base` is its foot above the horizon, `height` its relief (fractions)."""
    line = ridge(view.x[0], period=period, seed=view.scene.backdrop % 100003 + turn, smooth=smooth)
    return (view.camera.horizon - base - height * (0.5 + 0.5 * line))[None, :].astype(np.float32)


def slope_shade(view: View, line: Float[np.ndarray, "#rows cols"]) -> Float[np.ndarray, "#rows cols"]:
    """Light on a far slope whose relief is `line` (fractions, downwards): brighter where it faces the light."""
    step = max(1, view.rows // 48)
    padded = np.pad(line, ((0, 0), (step, step)), mode="edge")
    tilt = (padded[:, 2 * step :] - padded[:, : -2 * step]) * np.float32(view.rows / (2 * step))
    return 1.0 + 0.45 * np.tanh(-1.5 * tilt * float(np.sign(view.scene.light_from)))


def upright(view: View, distance_m: float) -> tuple[Line, Float[np.ndarray, "rows 1"], float]:
    """A plane facing the camera: metres to the right, metres above the ground, metres per pixel.

    Only the rows from the top of the picture down to its foot on the ground.
    """
    last = view.row_of(view.camera.row(distance_m)) + 1
    return view.right * distance_m, view.camera.height_m - view.down[:last] * distance_m, view.pixel * distance_m


def stand(view: View, share: Plane, albedo: np.ndarray, label: str, distance_m: float) -> None:
    """Paint an upright surface that faces the camera at a distance."""
    rows = touched(share)
    if albedo.ndim == 3 and albedo.shape[0] > 1:
        albedo = albedo[rows]
    colour = view.light.through_air(albedo * view.light.front, distance_m)
    view.lay(share[rows], colour, label, rows.start)


def crowns(x: Line, *, spacing_m: float, height_m: float, seed: int, pointed: bool) -> Line:
    """Height of the skyline of a row of trees: round crowns, or pointed ones."""
    top = np.zeros_like(x)
    cell = np.floor(x / spacing_m)
    for step in (-1.0, 0.0, 1.0):
        number = cell + step
        jitter = cell_shade(number, np.zeros((1, 1)), foot=0.0, seed=seed)
        tall = height_m * (0.8 + 0.25 * cell_shade(number, np.zeros((1, 1)), foot=0.0, seed=seed + 9))
        away = np.abs(x - (number + 0.5 + 0.3 * jitter) * spacing_m) / spacing_m
        shape = 1.0 - 1.5 * away if pointed else np.sqrt(np.maximum(0.0, 1.0 - (1.25 * away) ** 2)) * 0.5 + 0.5
        top = np.maximum(top, tall * np.where(away < (0.66 if pointed else 0.8), np.maximum(shape, 0.0), 0.0))
    return top


def tree_row(
    view: View, *, distance_m: float, spacing_m: float, height_m: float, turn: int, pointed: bool = False
) -> None:
    """A row of trees far away, as one wall of leaves with its own skyline."""
    x, t, foot = upright(view, distance_m)
    top = crowns(x, spacing_m=spacing_m, height_m=height_m, seed=detail(view) + turn, pointed=pointed)
    if not pointed:
        top = top * (0.94 + 0.12 * fractal(x, 0 * x, period_m=2.5 * spacing_m, foot_m=foot, seed=detail(view)))
    share = np.clip((top - t) / foot + 0.5, 0.0, 1.0) * np.clip(t / foot + 0.5, 0.0, 1.0)
    leaves = fractal(x, t + 0 * x, period_m=2.2 * spacing_m, foot_m=foot, seed=detail(view) + turn)
    shade = 0.42 + 0.4 * np.clip(t / height_m, 0.0, 1.0) + 0.55 * leaves
    stand(view, share, tinted(plants(view, turn), np.maximum(shade, 0.08)), "foliage", distance_m)


def band(values: np.ndarray, low: np.ndarray | float, high: np.ndarray | float, foot: np.ndarray | float) -> np.ndarray:
    """Share of a pixel between two limits (a box filter)."""
    return np.clip((values - low) / foot + 0.5, 0.0, 1.0) * np.clip((high - values) / foot + 0.5, 0.0, 1.0)
