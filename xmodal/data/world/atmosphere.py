"""What hangs in the air before things: the halo of lamps and fires, streaks of rain."""

from functools import lru_cache

import numpy as np
from jaxtyping import Float
from PIL import Image

from xmodal.data.world.layout import Placement, sample, window
from xmodal.data.world.light import Light
from xmodal.data.world.material import GLOW_OF
from xmodal.data.world.scene import Scene, Thing
from xmodal.data.world.texture import fractal, smoothstep

Picture = Float[np.ndarray, "rows cols 3"]

_HEART = {"fire": 0.55, "lamp": 0.2, "lamppost": 0.12, "lighthouse": 0.08, "bus": 0.4, "train": 0.4}
"""Where the light sits, as a fraction of the thing's height from its top; half way for others."""
_FALL_M = 4.0
"""Height of air that one tile of rain fills, in picture heights."""


@lru_cache(maxsize=1)
def _halo() -> Image.Image:
    """A round glow that falls off to nothing at its rim."""
    axis = np.linspace(-1, 1, 65)
    radius = np.minimum(np.hypot(axis[:, None], axis[None, :]), 1.0)
    return Image.fromarray((255 * (1.0 - radius) ** 2.4).astype(np.uint8))


def add_halo(picture: Picture, thing: Thing, box: Placement, light: Light, left: float) -> None:
    """Add the light that a lamp or a fire throws into the air around it (in place)."""
    lamp = GLOW_OF.get(thing.kind)
    if lamp is None or not (lamp.always or light.dark):
        return
    reach = (1.3 if light.dark else 0.9) * max(box.height, box.width)
    across, up = box.left + 0.5 * box.width, box.top + _HEART.get(thing.kind, 0.5) * box.height
    disc = Placement(across - reach, up - reach, 2 * reach, 2 * reach)
    part = window(disc, picture.shape[0], picture.shape[1], left=left)
    if part is None:
        return
    share = sample(_halo(), part, mirrored=False).astype(np.float32) * np.float32(1 / 255)
    strength = np.float32(0.30 if light.dark else 0.12)
    # half of it lights the surfaces, half of it is scattered by the air itself
    region = picture[part.rows, part.cols]
    rgb = np.array(lamp.rgb, dtype=np.float32) * strength
    region += share[..., None] * rgb * (0.35 * light.air.mean() + 3.0 * region)


def add_rain(picture: Picture, scene: Scene, light: Light, left: float, time_s: float = 0.0) -> None:
    """Add slanting streaks where it rains (in place)."""
    if scene.weather != "rain":
        return
    rows, cols = picture.shape[:2]
    y = ((np.arange(rows, dtype=np.float32) + 0.5) / rows)[:, None]
    x = ((np.arange(cols, dtype=np.float32) + 0.5) / rows + left)[None, :]
    slant = x + 0.22 * y
    noise = fractal(
        slant * 24.0, y * 0.7 - 2.8 * time_s, period_m=_FALL_M, foot_m=6.0 / rows, seed=scene.backdrop % 997
    )
    streak = smoothstep(0.25, 0.8, noise)
    air = (0.9 * light.air + 0.1 * light.fill).astype(np.float32)
    picture += (0.34 * streak)[..., None] * (1.15 * air - picture) * (picture < 1.15 * air)
