"""What walls, floors and ceilings are covered with: each finish maps a surface in metres to its albedo."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from xmodal.data.world.texture import cell_shade, checks, fractal, mix, smoothstep, stripes, tinted

Coordinate = Float[np.ndarray, "#rows #cols"]
Albedo = Float[np.ndarray, "rows cols 3"]


@dataclass(frozen=True)
class Surface:
    """A patch of a flat surface as the camera sees it."""

    s: Coordinate
    """Metres along it (walls: to the right or away; floors: to the right)."""
    t: Coordinate
    """Metres up a wall, or away on a floor."""
    foot_s: Coordinate
    """Metres that one pixel spans along `s`."""
    foot_t: Coordinate
    """Metres that one pixel spans along `t`."""
    colour: Float[np.ndarray, "3"]
    """Main albedo."""
    second: Float[np.ndarray, "3"]
    """Albedo of joints, patterns or a second paint."""
    seed: int
    """What is individual about it."""

    @property
    def foot(self) -> Coordinate:
        """Mean footprint of a pixel."""
        return np.sqrt(self.foot_s * self.foot_t)

    def noise(self, period_m: float, stretch: float = 1.0) -> Float[np.ndarray, "rows cols"]:
        """Cloudy noise; `stretch` > 1 draws it out along `s`."""
        return fractal(
            self.s / np.float32(stretch), self.t + 0 * self.s, period_m=period_m, foot_m=self.foot, seed=self.seed
        )


Finish = Callable[[Surface], Albedo]


def _tinted(surface: Surface, shade: Float[np.ndarray, "#rows #cols"]) -> Albedo:
    return tinted(surface.colour, shade)


def plaster(surface: Surface) -> Albedo:
    """Painted plaster."""
    return _tinted(surface, 1.0 + 0.10 * surface.noise(4.0))


def carpet(surface: Surface) -> Albedo:
    """Deep pile, mottled."""
    return _tinted(surface, 0.85 + 0.35 * surface.noise(1.1))


def concrete(surface: Surface) -> Albedo:
    """Poured concrete: stains and wide seams."""
    seam_s = stripes(surface.s, period_m=1.6, width_m=0.03, foot_m=surface.foot_s)
    seam_t = stripes(surface.t, period_m=1.6, width_m=0.03, foot_m=surface.foot_t)
    shade = 0.9 + 0.45 * surface.noise(3.0) + 0.1 * surface.noise(0.7)
    return _tinted(surface, shade * (1.0 - 0.55 * np.maximum(seam_s, seam_t)))


def tiles(width_m: float, height_m: float, joint_m: float) -> Finish:
    """Rectangular tiles with joints in the second colour."""

    def finish(surface: Surface) -> Albedo:
        across = stripes(surface.s, period_m=width_m, width_m=joint_m, foot_m=surface.foot_s)
        along = stripes(surface.t, period_m=height_m, width_m=joint_m, foot_m=surface.foot_t)
        own = cell_shade(surface.s / width_m, surface.t / height_m, foot=surface.foot / width_m, seed=surface.seed)
        tile = _tinted(surface, 1.0 + 0.09 * own + 0.05 * surface.noise(1.0))
        return mix(tile, surface.second, np.maximum(across, along))

    return finish


def chequered(side_m: float) -> Finish:
    """Squares of the two colours in turn, a little worn."""

    def finish(surface: Surface) -> Albedo:
        share = checks(surface.s, surface.t, side_m=side_m, foot_s=surface.foot_s, foot_t=surface.foot_t)
        return mix(surface.colour, surface.second, share) * (1.0 + 0.12 * surface.noise(2.0))[..., None]

    return finish


def bricks(length_m: float, height_m: float, *, contrast: float) -> Finish:
    """Running bond; mortar in the second colour."""

    def finish(surface: Surface) -> Albedo:
        course = np.floor(surface.t / height_m)
        s = surface.s + 0.5 * length_m * (course % 2)
        upright = stripes(s, period_m=length_m, width_m=0.09 * length_m, foot_m=surface.foot_s)
        level = stripes(surface.t, period_m=height_m, width_m=0.16 * height_m, foot_m=surface.foot_t)
        own = cell_shade(s / length_m, course + 0 * s, foot=surface.foot_s / length_m, seed=surface.seed)
        stone = _tinted(surface, 1.0 + contrast * own + 0.25 * surface.noise(1.3))
        return mix(stone, surface.second, np.maximum(upright, level))

    return finish


def boards(width_m: float, length_m: float, *, along_t: bool) -> Finish:
    """Planks: own tint each, grain along them, dark gaps, staggered butt joints."""

    def finish(surface: Surface) -> Albedo:
        across, along = (surface.s, surface.t) if along_t else (surface.t, surface.s)
        foot_a, foot_l = (surface.foot_s, surface.foot_t) if along_t else (surface.foot_t, surface.foot_s)
        plank = np.floor(across / width_m)
        shifted = along + length_m * (0.37 * plank % 1.0)
        gap = stripes(across, period_m=width_m, width_m=0.08 * width_m, foot_m=foot_a)
        butt = stripes(shifted, period_m=length_m, width_m=0.012 * length_m, foot_m=foot_l)
        own = cell_shade(shifted / length_m, plank, foot=foot_a / width_m, seed=surface.seed)
        grain = surface.noise(0.9, 0.12 if along_t else 8.0)
        shade = (1.0 + 0.26 * own + 0.22 * grain) * (1.0 - 0.7 * np.maximum(gap, butt))
        return _tinted(surface, shade)

    return finish


def parquet(side_m: float) -> Finish:
    """Basket weave: squares of slats whose direction alternates."""

    def finish(surface: Surface) -> Albedo:
        turn = checks(surface.s, surface.t, side_m=side_m, foot_s=surface.foot_s, foot_t=surface.foot_t)
        slat = side_m / 4
        one = stripes(surface.s, period_m=slat, width_m=0.12 * slat, foot_m=surface.foot_s)
        two = stripes(surface.t, period_m=slat, width_m=0.12 * slat, foot_m=surface.foot_t)
        gap = one * turn + two * (1.0 - turn)
        own = cell_shade(surface.s / side_m, surface.t / side_m, foot=surface.foot / side_m, seed=surface.seed)
        return _tinted(surface, (0.82 + 0.3 * turn + 0.16 * own + 0.15 * surface.noise(0.8)) * (1.0 - 0.5 * gap))

    return finish


def striped(period_m: float) -> Finish:
    """Wallpaper with broad upright stripes and a thin one between."""

    def finish(surface: Surface) -> Albedo:
        broad = stripes(surface.s, period_m=period_m, width_m=0.5 * period_m, foot_m=surface.foot_s)
        thin = stripes(surface.s + 0.2 * period_m, period_m=period_m, width_m=0.08 * period_m, foot_m=surface.foot_s)
        share = np.minimum(0.8 * broad + 0.9 * thin, 1.0) + 0 * surface.t
        return mix(surface.colour, surface.second, share) * (1.0 + 0.08 * surface.noise(3.0))[..., None]

    return finish


def damask(period_m: float) -> Finish:
    """Wallpaper with a diamond lattice of leafy medallions over broad stripes."""

    def finish(surface: Surface) -> Albedo:
        p, q = 2 * np.pi * surface.s / period_m, 2 * np.pi * surface.t / (1.5 * period_m)
        wave = np.cos(p) * np.cos(q) + 0.35 * np.cos(3 * p) * np.cos(2 * q) + 0.25 * np.cos(2 * q + p)
        share = smoothstep(0.15, 0.45, np.abs(wave)) * np.clip(1.3 - 2.2 * surface.foot / period_m, 0.0, 1.0)
        broad = stripes(surface.s, period_m=2 * period_m, width_m=period_m, foot_m=surface.foot_s)
        return mix(tinted(surface.colour, 0.8 + 0.3 * broad), surface.second, 0.75 * share)

    return finish


def dotted(period_m: float, radius_m: float) -> Finish:
    """Dots of the second colour on a staggered lattice."""

    def finish(surface: Surface) -> Albedo:
        course = np.floor(surface.t / period_m)
        s = (surface.s + 0.5 * period_m * (course % 2)) % period_m - 0.5 * period_m
        t = surface.t - (course + 0.5) * period_m
        share = np.clip((radius_m - np.hypot(s, t)) / surface.foot + 0.5, 0.0, 1.0)
        return mix(surface.colour, surface.second, share) * (1.0 + 0.06 * surface.noise(3.0))[..., None]

    return finish


def folds(period_m: float) -> Finish:
    """A curtain: round folds, deeper towards the hem."""

    def finish(surface: Surface) -> Albedo:
        phase = surface.s / period_m + 0.35 * np.sin(surface.s * 1.7 + surface.seed) + 0.05 * surface.noise(3.0)
        seen = np.clip(1.3 - 1.6 * surface.foot_s / period_m, 0.0, 1.0)
        wave = np.cos(2 * np.pi * phase) + 0.3 * np.cos(4 * np.pi * phase + 1.0)
        return _tinted(surface, 0.72 + 0.5 * seen * wave * (0.75 - 0.08 * surface.t))

    return finish


def panelling(width_m: float, height_m: float) -> Finish:
    """Raised wooden panels in frames: a lit and a dark edge around each field."""

    def finish(surface: Surface) -> Albedo:
        s, t = surface.s % width_m / width_m, surface.t % height_m / height_m
        inset = np.minimum(np.minimum(s, 1 - s) * width_m, np.minimum(t, 1 - t) * height_m)
        frame = smoothstep(0.13, 0.08, inset)
        groove = np.clip((0.035 - np.abs(inset - 0.12)) / np.maximum(surface.foot, 0.02) + 0.5, 0.0, 1.0)
        upper = np.where(t > 0.5, -1.0, 0.5)
        shade = 0.9 + 0.12 * frame + 0.5 * groove * upper + 0.2 * surface.noise(1.2, 0.2)
        return _tinted(surface, shade)

    return finish


def blinds(period_m: float, post_m: float) -> Finish:
    """Office partition: upright posts, and between them level slats."""

    def finish(surface: Surface) -> Albedo:
        slat = stripes(surface.t, period_m=period_m, width_m=0.4 * period_m, foot_m=surface.foot_t)
        post = stripes(surface.s, period_m=post_m, width_m=0.1, foot_m=surface.foot_s)
        body = _tinted(surface, 1.05 - 0.5 * slat + 0 * surface.s)
        return mix(body, surface.second, post + 0 * surface.t)

    return finish


def halves(low: Finish, high: Finish, at_m: float, *, rail_m: float) -> Finish:
    """One finish (in the second colour) below a height, another above, and a rail between."""

    def finish(surface: Surface) -> Albedo:
        turned = Surface(
            surface.s, surface.t, surface.foot_s, surface.foot_t, surface.second, surface.colour, surface.seed + 1
        )
        below = np.clip((at_m - surface.t) / surface.foot_t + 0.5, 0.0, 1.0) + 0 * surface.s
        both = mix(high(surface), low(turned), below)
        rail = np.clip((0.5 * rail_m - np.abs(surface.t - at_m)) / surface.foot_t + 0.5, 0.0, 1.0) + 0 * surface.s
        return mix(both, 0.45 * surface.second + 0.06, rail)

    return finish
