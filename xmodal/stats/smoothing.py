"""A noisy series made smooth."""

import numpy as np
from jaxtyping import Float
from scipy.signal import lfilter


def smoothed(values: Float[np.ndarray, "points"], weight: float) -> Float[np.ndarray, "points"]:
    """Exponential mean of each value and those before it: the past counts `weight` times as much at every step.

    Divided by the sum of the weights, so that the start is not drawn to zero (as Adam corrects its moments).

    Raises:
        ValueError: the weight is not in [0, 1).
    """
    if not 0.0 <= weight < 1.0:
        raise ValueError(f"weight {weight} is not in [0, 1)")
    if weight == 0.0 or not values.size:
        return values
    sums = lfilter([1.0 - weight], [1.0, -weight], values)
    return np.asarray(sums) / (1.0 - weight ** np.arange(1, values.size + 1))
