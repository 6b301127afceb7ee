"""Spectrograms changed at random in training, so that a network hears more voices than there are (ours).

No part of matchmaps. Each change stands for what differs between recordings of the same words: who speaks (`warp` as
by another length of the vocal tract, Jaitly and Hinton 2013), how fast (`stretch`), through what (`tilt_db`), with what
noise below (`floor_db`), and what is lost (`masked_bands`, `masked_frames`: SpecAugment, Park et al. 2019).
"""

import numpy as np
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field

from xmodal.features.log_mel import LogMel, band_centres_hz

_KNOTS = 5
"""Points of the curve over the bands that `tilt_db` draws."""


class Perturbation(BaseModel):
    """How much spectrograms are changed; the default changes nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stretch: float = Field(default=0.0, ge=0.0, le=0.5)
    """Largest relative change of the tempo; the pitch stays."""
    warp: float = Field(default=0.0, ge=0.0, le=0.5)
    """Largest relative change of every frequency; the tempo stays."""
    tilt_db: float = Field(default=0.0, ge=0.0, le=40.0)
    """Standard deviation of a smooth curve over the bands that is added to every frame."""
    floor_db: float | None = Field(default=None, le=0.0)
    """Noise is laid under the clip, at most as loud as this; None: none."""
    masked_bands: int = Field(default=0, ge=0)
    """Most bands in a row that are lost."""
    masked_frames: int = Field(default=0, ge=0)
    """Most frames in a row that are lost."""

    @property
    def nothing(self) -> bool:
        """Whether spectrograms stay as they are."""
        return self == UNCHANGED


UNCHANGED = Perturbation()


def perturbed(
    spectrogram: Float[np.ndarray, "bands frames"],
    options: Perturbation,
    log_mel: LogMel,
    generator: np.random.Generator,
) -> Float[np.ndarray, "bands new_frames"]:
    """A changed copy, float32 dB in [-top_db, 0]; with a stretch it has other frames.

    What is lost is at -top_db. The draws are always as many, so that one option does not change another's.
    """
    draws = generator.uniform(-1.0, 1.0, 2)
    knots = generator.normal(0.0, 1.0, _KNOTS)
    floor = generator.uniform()
    lost = generator.uniform(0.0, 1.0, 4)
    changed = spectrogram.astype(np.float32)
    if options.warp:
        changed = _rows(changed, _warped_rows(1.0 + options.warp * draws[0], log_mel))
    if options.stretch:
        frames = max(1, round(changed.shape[1] * (1.0 + options.stretch * draws[1])))
        changed = _rows(changed.T, np.linspace(0.0, changed.shape[1] - 1.0, frames)).T
    if options.tilt_db:
        curve = np.interp(np.linspace(0.0, _KNOTS - 1.0, len(changed)), np.arange(_KNOTS), options.tilt_db * knots)
        changed = changed + (curve - curve.mean()).astype(np.float32)[:, None]
    if options.floor_db is not None:
        level = -log_mel.top_db + floor * (options.floor_db + log_mel.top_db)
        noise = level + 3.0 * generator.standard_normal(changed.shape, np.float32)
        changed = np.maximum(changed, noise.astype(np.float32))
    changed = np.clip(changed, -log_mel.top_db, 0.0).astype(np.float32)
    changed[_stretch_of(lost[:2], options.masked_bands, len(changed))] = -log_mel.top_db
    changed[:, _stretch_of(lost[2:], options.masked_frames, changed.shape[1])] = -log_mel.top_db
    return changed


def _warped_rows(factor: float, log_mel: LogMel) -> Float[np.ndarray, "bands"]:
    """For each band the place among the bands of what lies at `factor` times its frequency."""
    centres_hz = band_centres_hz(log_mel)
    return np.interp(centres_hz * factor, centres_hz, np.arange(log_mel.bands))


def _rows(plane: Float[np.ndarray, "rows cols"], places: Float[np.ndarray, "new"]) -> Float[np.ndarray, "new cols"]:
    """Rows at fractional places, between two neighbours linearly."""
    low = np.floor(places).astype(np.int64)
    share = (places - low).astype(np.float32)[:, None]
    high = np.minimum(low + 1, len(plane) - 1)
    return plane[low] * (1.0 - share) + plane[high] * share


def _stretch_of(draws: Float[np.ndarray, "2"], most: int, length: int) -> slice:
    """Up to `most` neighbours of `length`, anywhere."""
    count = min(int(draws[0] * (most + 1)), length)
    first = int(draws[1] * (length - count + 1))
    return slice(first, first + count)
