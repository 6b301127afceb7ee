"""The camera behind the lens: exposure, vignette, film curve and sensor noise turn linear light into a picture."""

from functools import lru_cache

import numpy as np
from jaxtyping import Float, UInt8

from xmodal.data.world.light import Light
from xmodal.data.world.scene import Scene
from xmodal.data.world.spec import WorldSpec
from xmodal.seeding import stream

Picture = Float[np.ndarray, "rows cols 3"]

_STEPS = 4096
"""Entries of the film curve's table."""
_WHITE = 2.0
"""Light (after exposure) at which the film saturates."""
_GREY = 0.5
"""Display level that the contrast leaves alone."""
_METERED = 0.48
"""Mean light that automatic exposure aims at."""


def develop(
    light_in: Picture, scene: Scene, spec: WorldSpec, light: Light, *, frame: int = 0, metered: float | None = None
) -> UInt8[np.ndarray, "rows cols 3"]:
    """Expose linear light: white balance, vignette, film curve, and noise that differs from frame to frame.

    `metered` is the exposure to use (`exposure` of a film's first frame); None: this picture's own.
    """
    rows, cols = light_in.shape[:2]
    gain = (exposure(light_in) if metered is None else metered) * (_STEPS - 1) / _WHITE
    index = light_in * (_vignette(rows, cols)[..., None] * (light.gain * np.float32(gain)))
    # a shadow's resized edge can undershoot black by a thousandth, which would wrap round to white
    np.clip(index, 0, _STEPS - 1, out=index)
    picture = _film(light.contrast)[index.astype(np.uint16)]
    if spec.picture_noise > 0:
        generator = stream((scene.seed, scene.index, frame), "sensor")
        down, right = (int(number) for number in generator.integers(0, _NOISE_SIDE, 2))
        picture += np.float32(255 * spec.picture_noise) * _noise(rows, cols, down, right)
    return np.clip(picture + np.float32(0.5), 0, 255).astype(np.uint8)


def exposure(light_in: Picture) -> float:
    """What a camera that meters the whole frame would choose: dark scenes are lifted, not all the way."""
    mean = float(light_in[::4, ::4].mean())
    return (_METERED / max(mean, 1e-4)) ** 0.7


@lru_cache(maxsize=4)
def _film(contrast: float) -> Float[np.ndarray, " steps"]:
    """Film curve: linear light in [0, _WHITE] -> display level in [0, 255], with a soft shoulder (sRGB below it)."""
    exposed = np.linspace(0.0, _WHITE, _STEPS)
    soft = exposed * (1 + exposed / _WHITE**2) / (1 + 0.55 * exposed)
    soft = soft / soft[-1]
    shown = np.where(soft <= 0.0031308, 12.92 * soft, 1.055 * soft ** (1 / 2.4) - 0.055)
    # contrast turns about a middle grey, so that it does not change the exposure
    return (255 * _GREY * (shown / _GREY) ** contrast).clip(0, 255).astype(np.float32)


@lru_cache(maxsize=8)
def _vignette(rows: int, cols: int) -> Float[np.ndarray, "rows cols"]:
    """Light fall-off towards the corners (18 % there)."""
    down = np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
    right = np.linspace(-1, 1, cols, dtype=np.float32)[None, :]
    return 1.0 - 0.09 * (down * down + right * right)


_NOISE_SIDE = 256


@lru_cache(maxsize=1)
def _noise_tile() -> Float[np.ndarray, "twice twice 3"]:
    """Sensor noise of unit deviation: mostly brightness, a little colour; drawn once, read at a random offset."""
    normal = stream(0, "sensor tile").standard_normal((_NOISE_SIDE, _NOISE_SIDE, 4)).astype(np.float32)
    tile = 0.85 * normal[..., :1] + 0.53 * normal[..., 1:]
    # twice both ways, so that any window up to one side is a view
    return np.tile(tile, (2, 2, 1))


def _noise(rows: int, cols: int, down: int, right: int) -> Picture:
    tile = _noise_tile()
    if max(rows, cols) <= _NOISE_SIDE:
        return tile[down : down + rows, right : right + cols]
    row = (np.arange(rows) + down) % _NOISE_SIDE
    col = (np.arange(cols) + right) % _NOISE_SIDE
    return tile[row[:, None], col[None, :]]
