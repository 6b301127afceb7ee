"""The light of a scene: from where, how strong and of what colour, in linear RGB where a sunlit white is about 1."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from xmodal.data.world.categories import CATEGORIES
from xmodal.data.world.scene import Scene
from xmodal.seeding import stream

Colour = Float[np.ndarray, "3"]


@dataclass(frozen=True)
class Light:
    """One scene's light."""

    key: Colour
    """From one direction: sun, moon, window or lamp."""
    fill: Colour
    """From everywhere."""
    toward: Colour
    """Unit vector to the key light: right, down (negative: from above), towards the camera."""
    air: Colour
    """What far things fade to."""
    air_length_m: float
    """Distance at which 63 % of a colour is lost to the air."""
    gain: Colour
    """Exposure and white balance of the camera."""
    contrast: float
    """Exponent of the camera's film curve."""
    dark: bool
    """Whether lamps are on."""

    @property
    def ground(self) -> Colour:
        """Light that a level surface sees."""
        return self.fill + self.key * -self.toward[1]

    @property
    def front(self) -> Colour:
        """Light that an upright surface facing the camera sees."""
        return self.fill + self.key * self.toward[2]

    def through_air(self, colours: np.ndarray, distance_m: float | np.ndarray) -> np.ndarray:
        """Colours as seen from that distance; an array of distances needs a last axis of 1."""
        kept = np.exp(np.asarray(distance_m, dtype=np.float32) * np.float32(-1.0 / self.air_length_m))
        return self.air + (colours - self.air) * kept


# (key, fill, air) per hour; outdoors, then indoors
_HOURS: dict[tuple[bool, str], tuple[tuple[float, float, float], ...]] = {
    (False, "day"): ((1.05, 0.98, 0.86), (0.34, 0.40, 0.50), (0.66, 0.75, 0.88)),
    (False, "dusk"): ((0.88, 0.46, 0.24), (0.25, 0.23, 0.32), (0.80, 0.50, 0.38)),
    (False, "night"): ((0.13, 0.17, 0.28), (0.07, 0.085, 0.14), (0.045, 0.06, 0.11)),
    (True, "day"): ((0.62, 0.62, 0.60), (0.42, 0.42, 0.43), (0.6, 0.6, 0.6)),
    (True, "night"): ((0.62, 0.46, 0.30), (0.26, 0.21, 0.16), (0.3, 0.25, 0.2)),
}
_EXPOSURE = {"day": 1.0, "dusk": 0.9, "night": 0.75}
_RAIN_GREY = np.array([0.52, 0.55, 0.58])


def light_of(scene: Scene) -> Light:
    """The light of a scene; its camera's exposure and white balance are drawn per item."""
    indoors = CATEGORIES[scene.category].indoors
    key, fill, air = (np.array(colour) for colour in _HOURS[indoors, scene.daylight])
    if scene.weather == "rain":
        grey = float(air.mean())
        key, fill, air = 0.25 * key, 0.45 * fill + 0.5 * grey * _RAIN_GREY, 0.4 * air + 0.6 * grey * _RAIN_GREY * 1.5
    generator = stream((scene.seed, scene.index), "camera")
    warm, tint, stops, contrast = generator.uniform(-1.0, 1.0, 4)
    balance = np.exp(np.array([0.25 * warm, 0.09 * tint, -0.25 * warm]) + 0.34 * stops)
    exposure = _EXPOSURE[scene.daylight] if not indoors else 1.0
    toward = np.array([0.75 * scene.light_from, -0.62, 0.55])
    return Light(
        key=key.astype(np.float32),
        fill=fill.astype(np.float32),
        toward=(toward / np.linalg.norm(toward)).astype(np.float32),
        air=air.astype(np.float32),
        air_length_m=1e4 if indoors else (90.0 if scene.weather == "rain" else 220.0),
        gain=(exposure * balance).astype(np.float32),
        contrast=float(np.exp(0.22 * contrast)),
        dark=scene.daylight == "night",
    )


def linear(srgb: np.ndarray) -> np.ndarray:
    """SRGB in [0, 1] to linear light, float32 (IEC 61966-2-1)."""
    srgb = np.asarray(srgb, dtype=np.float32)
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4).astype(np.float32)
