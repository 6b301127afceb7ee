"""Loudness of recordings, evened out for playing only."""

import numpy as np
from jaxtyping import Float

LEVEL = 0.1
"""Root mean square that clips are brought to, -20 dB below full scale."""
PEAK = 0.97
"""Never louder than this, so that nothing clips."""
SILENCE = 1e-5
"""Below this root mean square a clip is left as it is: amplified silence is noise."""


def evened(samples: Float[np.ndarray, "samples"]) -> Float[np.ndarray, "samples"]:
    """The samples at root mean square `LEVEL`, less where that would exceed `PEAK`."""
    level = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    if level < SILENCE:
        return samples
    gain = min(LEVEL / level, PEAK / float(np.abs(samples).max()))
    return (samples * gain).astype(np.float32)
