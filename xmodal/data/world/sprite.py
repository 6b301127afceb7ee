"""One thing, painted: its symbol recoloured, grained, shaded by the scene's light, with the shadow it casts."""

from dataclasses import dataclass

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
    """Linear light, already multiplied by `alpha`."""
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
    glow: Float[np.ndarray, "6 3"]
    """Per material class: light it gives."""
    offset: tuple[float, float]
    """Where in the grain tile its own grain begins."""


def paint_of(thing: Thing, light: Light) -> Paint:
    """Colours of a thing: the named colour for its main part, its symbol's own for the rest, all slightly its own."""
    generator = stream(thing.individual, "paint")
    srgb = read_symbol(thing.kind, thing.variant).palette.copy()
    if thing.colour is not None:
        srgb[0] = np.array(COLOUR_RGB[thing.colour]) / 255
    albedo = linear(srgb)
    own = generator.uniform(-1.0, 1.0, (6, 4))
    albedo = np.clip(albedo * np.exp(0.20 * own[:, :1] + 0.07 * own[:, 1:]), 0.004, 0.92)
    material = MATERIAL_OF[thing.kind]
    grain = np.array([material.grain, 0.6 * material.grain, 0.5 * material.grain, 0.06, 0.08, 0.1])
    gloss = np.array([PART_GLOSS[name] for name in MATERIALS])
    gloss[0] = material.gloss
    glow = np.zeros((6, 3))
    lamp = GLOW_OF.get(thing.kind)
    if lamp is not None and (lamp.always or light.dark):
        for name in lamp.parts:
            glow[MATERIALS.index(name)] = lamp.rgb * (0.4 + albedo[MATERIALS.index(name)])
    table = np.concatenate([albedo, grain[:, None], gloss[:, None]], axis=1)
    x, y = generator.random(2)
    return Paint(table.astype(np.float32), glow.astype(np.float32), (float(x), float(y)))


def paint_sprite(thing: Thing, placement: Placement, part: Window, rows: int, light: Light) -> Sprite:
    """Paint the part of a thing that a window shows, in a picture `rows` pixels high."""
    raster = raster_for(thing.kind, thing.variant, rows * max(placement.width, placement.height))
    first = sample(raster.first, part, mirrored=thing.mirrored)
    last = sample(raster.last, part, mirrored=thing.mirrored)
    weights = np.concatenate([first[..., :3], last[..., :3]], axis=2).astype(np.float32) * np.float32(1 / 255)
    alpha = np.minimum(weights.sum(axis=2), 1.0)
    paint = paint_of(thing, light)
    mixed = weights @ paint.table
    right = (first[..., 3].astype(np.float32) - 128) * np.float32(1 / 60)
    down = (last[..., 3].astype(np.float32) - 128) * np.float32(1 / 60)
    lit, shine = _shade(-right if thing.mirrored else right, down, light, MATERIAL_OF[thing.kind].round)
    grain = _grain(thing, placement, part, paint.offset)
    albedo = mixed[..., :3] * (1.0 + mixed[..., 3:4] * grain[..., None])
    colour = albedo * lit
    colour += (mixed[..., 4] * shine)[..., None] * light.key
    if paint.glow.any():
        colour += weights @ paint.glow
    distance_m = thing.distance_m if KINDS[thing.kind].place is not Place.SKY else 0.6 * thing.distance_m
    kept = np.float32(np.exp(-distance_m / light.air_length_m))
    colour *= kept
    colour += alpha[..., None] * (light.air * (1 - kept))
    return Sprite(part, colour, alpha)


def _shade(
    right: Float[np.ndarray, "rows cols"], down: Float[np.ndarray, "rows cols"], light: Light, roundness: float
) -> tuple[Float[np.ndarray, "rows cols 3"], Float[np.ndarray, "rows cols"]]:
    """Light that each point receives, and how strongly it mirrors the key light towards the camera (Blinn-Phong)."""
    nx, ny = -roundness * right, -roundness * down
    length = 1.0 / np.sqrt(nx * nx + ny * ny + 1.0)
    facing = (nx * light.toward[0] + ny * light.toward[1] + light.toward[2]) * length
    half = light.toward + np.array([0.0, 0.0, 1.0], dtype=np.float32)
    half /= np.linalg.norm(half)
    mirror = np.maximum((nx * half[0] + ny * half[1] + half[2]) * length, 0.0)
    key = np.maximum(facing, 0.0)[..., None] * light.key
    sky = (0.82 - 0.32 * ny * length)[..., None] * light.fill
    return key + sky, 0.9 * mirror**24


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
