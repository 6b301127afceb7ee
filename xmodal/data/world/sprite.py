"""One thing, painted: its symbol recoloured, grained, shaded by the scene's light, with the shadow it casts."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float
from PIL import Image

from xmodal.data.world.kinds import COLOUR_RGB, KINDS, Place
from xmodal.data.world.layout import Placement, Window, sample
from xmodal.data.world.light import Light, linear
from xmodal.data.world.material import GLOW_OF, MATERIAL_OF, PART_GLOSS
from xmodal.data.world.scene import Thing
from xmodal.data.world.symbol import MATERIALS, raster_for, read_symbol
from xmodal.data.world.texture import grain_image
from xmodal.seeding import stream


@dataclass(frozen=True)
class Sprite:
    """A painted thing, ready to be laid over what is behind it."""

    part: Window
    """Which pixels of the picture it fills."""
    colour: Float[np.ndarray, "rows cols 3"]
    """Linear light, already multiplied by `alpha`; stored as three planes."""
    alpha: Float[np.ndarray, "rows cols"]
    """Coverage in [0, 1]."""

    def over(self, picture: Float[np.ndarray, "height width 3"]) -> None:
        """Lay it over the picture, in place."""
        region = picture[self.part.rows, self.part.cols]
        region *= (1.0 - self.alpha)[..., None]
        region += self.colour


@dataclass(frozen=True)
class Paint:
    """The colours of one thing; they do not depend on the size at which it is drawn."""

    table: Float[np.ndarray, "6 5"]
    """Per material class: linear albedo (3), grain contrast, gloss."""
    glow: Float[np.ndarray, "6 3"] | None
    """Per material class: light it gives; None: none at all."""
    offset: tuple[float, float]
    """Where in the grain tile its own grain begins."""


def paint_of(thing: Thing, light: Light) -> Paint:
    """Colours of a thing: the named colour for its main part, its symbol's own for the rest, all slightly its own."""
    generator = stream(thing.individual, "paint")
    own = generator.uniform(-1.0, 1.0, (6, 4))
    table = np.empty((6, 5))
    albedo = _albedo(thing.kind, thing.variant, thing.colour) * np.exp(0.20 * own[:, :1] + 0.07 * own[:, 1:])
    table[:, :3] = np.clip(albedo, 0.004, 0.92)
    table[:, 3:] = _surface(thing.kind)
    glow: Float[np.ndarray, "6 3"] | None = None
    lamp = GLOW_OF.get(thing.kind)
    if lamp is not None and (lamp.always or light.dark):
        glow = np.zeros((6, 3), dtype=np.float32)
        for name in lamp.parts:
            glow[MATERIALS.index(name)] = lamp.rgb * (0.4 + table[MATERIALS.index(name), :3])
    x, y = generator.random(2)
    return Paint(table.astype(np.float32), glow, (float(x), float(y)))


@lru_cache(maxsize=1024)
def _albedo(kind: str, variant: str, colour: str | None) -> Float[np.ndarray, "6 3"]:
    srgb = read_symbol(kind, variant).palette.copy()
    if colour is not None:
        srgb[0] = np.array(COLOUR_RGB[colour]) / 255
    return linear(srgb)


@lru_cache(maxsize=256)
def _surface(kind: str) -> Float[np.ndarray, "6 2"]:
    """Grain contrast and gloss of each material class."""
    material = MATERIAL_OF[kind]
    grain = (material.grain, 0.6 * material.grain, 0.5 * material.grain, 0.06, 0.08, 0.1)
    gloss = (material.gloss, *(PART_GLOSS[name] for name in MATERIALS[1:]))
    return np.stack([grain, gloss], axis=1)


def paint_sprite(thing: Thing, placement: Placement, part: Window, rows: int, light: Light) -> Sprite:
    """Paint the part of a thing that a window shows, in a picture `rows` pixels high."""
    raster = raster_for(thing.kind, thing.variant, rows * max(placement.width, placement.height))
    first = sample(raster.first, part, mirrored=thing.mirrored).transpose(2, 0, 1)
    last = sample(raster.last, part, mirrored=thing.mirrored).transpose(2, 0, 1)
    weights = np.concatenate([first[:3], last[:3]]).astype(np.float32)
    weights *= np.float32(1 / 255)
    alpha = np.minimum(weights.sum(axis=0), 1.0)
    paint = paint_of(thing, light)
    albedo, grainy, glossy = np.split(np.tensordot(paint.table, weights, axes=(0, 0)), (3, 4))
    roundness = np.float32(MATERIAL_OF[thing.kind].round / 60)
    nx = (first[3].astype(np.float32) - 128) * (roundness if thing.mirrored else -roundness)
    ny = (last[3].astype(np.float32) - 128) * -roundness
    lit, shine = _shade(nx, ny, light)
    colour = albedo
    colour *= 1.0 + grainy[0] * _grain(thing, placement, part, paint.offset)
    colour *= lit
    colour += np.multiply.outer(light.key, glossy[0] * shine)
    if paint.glow is not None:
        colour += np.tensordot(paint.glow, weights, axes=(0, 0))
    distance_m = thing.distance_m if KINDS[thing.kind].place is not Place.SKY else 0.6 * thing.distance_m
    kept = np.float32(np.exp(-distance_m / light.air_length_m))
    colour *= kept
    if kept < 0.995:
        colour += np.multiply.outer(light.air * (1 - kept), alpha)
    return Sprite(part, colour.transpose(1, 2, 0), alpha)


def _shade(
    nx: Float[np.ndarray, "rows cols"], ny: Float[np.ndarray, "rows cols"], light: Light
) -> tuple[Float[np.ndarray, "3 rows cols"], Float[np.ndarray, "rows cols"]]:
    """Light that each point receives, and how strongly it mirrors the key light towards the camera (Blinn-Phong).

    The surface's normal there is (nx, ny, 1), not yet of unit length.
    """
    length = 1.0 / np.sqrt(nx * nx + ny * ny + 1.0)
    nx, ny = nx * length, ny * length
    facing = nx * light.toward[0] + ny * light.toward[1] + light.toward[2] * length
    half = light.toward + np.array([0.0, 0.0, 1.0], dtype=np.float32)
    half /= np.linalg.norm(half)
    mirror = np.maximum(nx * half[0] + ny * half[1] + half[2] * length, 0.0)
    # to the power of 24, several times faster than `**`
    mirror *= mirror
    mirror *= mirror
    mirror *= mirror
    lit = np.multiply.outer(light.key, np.maximum(facing, 0.0))
    lit += np.multiply.outer(light.fill, 0.82 - 0.32 * ny)
    return lit, 0.9 * mirror * mirror * mirror


def _grain(
    thing: Thing, placement: Placement, part: Window, offset: tuple[float, float]
) -> Float[np.ndarray, "rows cols"]:
    """Noise in about [-1, 1] that sticks to the object."""
    material = MATERIAL_OF[thing.kind]
    high = 0.5 / material.grain_period
    wide = min(0.9, high * placement.width / placement.height / max(1.0, material.stretch))
    high = min(0.9, high * min(1.0, material.stretch))
    left, top = offset[0] * (1.0 - wide), offset[1] * (1.0 - high)
    x0, y0, x1, y1 = part.source
    box = np.clip([left + x0 * wide, top + y0 * high, left + x1 * wide, top + y1 * high], 0.0, 1.0)
    rows, cols = part.shape
    tile = grain_image(max(rows / (box[3] - box[1]), cols / (box[2] - box[0])))
    region = (box[0] * tile.width, box[1] * tile.width, box[2] * tile.width, box[3] * tile.width)
    resized = tile.resize((cols, rows), Image.Resampling.BILINEAR, box=region)
    return (np.asarray(resized).astype(np.float32) - 128) * np.float32(1 / 96)
