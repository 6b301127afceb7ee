"""The samples that lie under frames of a sound, and whether they can be measured: what spectrograms have in common."""

import numpy as np
from jaxtyping import Float

SMALLEST_POWER = 1e-10
"""Power below which there is nothing to hear (the `amin` of the code that matchmaps released)."""


def mean_of(samples: Float[np.ndarray, "samples"]) -> np.float32:
    """Mean of the samples, 0 if there are none; infinite where their sum is beyond single precision.

    Raises:
        ValueError: samples that are not finite numbers.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        mean = samples.mean(dtype=np.float32) if samples.size else np.float32(0.0)
    if not np.isfinite(mean) and (bad := np.count_nonzero(~np.isfinite(samples))):
        raise ValueError(f"sound holds {bad} samples that are not finite numbers")
    return mean


def stretch(
    samples: Float[np.ndarray, "samples"], offset: np.float32, first: int, last: int
) -> Float[np.ndarray, "stretch_samples"]:
    """Samples [first, last) less an offset, float32; zeros where that is before or after the clip."""
    low, high = min(max(first, 0), samples.size), max(min(last, samples.size), 0)
    found = np.zeros(last - first, np.float32)
    if low < high:
        np.subtract(samples[low:high], offset, out=found[low - first : high - first])
    return found


def audible(loudest: float) -> bool:
    """Whether a sound whose largest power is `loudest` has anything to hear.

    Raises:
        ValueError: so loud that its square is no number.
    """
    if not np.isfinite(loudest):
        raise ValueError("sound is too loud to be measured: write it as numbers between -1 and 1")
    return loudest > SMALLEST_POWER
