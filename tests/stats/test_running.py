"""Running statistics against numpy on everything at once, in shuffled batches."""

import numpy as np
import pytest

from xmodal.seeding import stream
from xmodal.stats.running import NOTHING, RunningQuantiles, RunningTopK, Top

ITEMS, UNITS, K = 200, 7, 5


def batches(order: np.ndarray, size: int) -> list[np.ndarray]:
    return [order[first : first + size] for first in range(0, len(order), size)]


def oracle(values: np.ndarray, places: np.ndarray) -> list[list[tuple[float, int, int]]]:
    """Unit by unit: sort everything by value, item and place."""
    return [
        sorted((-values[item, unit], item, int(places[item, unit])) for item in range(len(values)))[:K]
        for unit in range(values.shape[1])
    ]


@pytest.mark.parametrize("size", [1, 3, 64, ITEMS])
@pytest.mark.parametrize("levels", [4, 1_000_000])
def test_top_k_is_that_of_everything_at_once(size: int, levels: int) -> None:
    random = stream(1, "top")
    values = random.integers(levels, size=(ITEMS, UNITS)).astype(np.float32)
    places = random.integers(50, size=(ITEMS, UNITS))
    wanted = oracle(values, places)
    for shuffle in range(3):
        running = RunningTopK(UNITS, K)
        for chosen in batches(stream(shuffle, "order").permutation(ITEMS), size):
            running.add(values[chosen], chosen, places[chosen])
        found = running.result()
        seen = [
            list(
                zip(
                    (-found.values[unit]).tolist(), found.items[unit].tolist(), found.places[unit].tolist(), strict=True
                )
            )
            for unit in range(UNITS)
        ]
        assert seen == wanted


def test_top_k_by_hand() -> None:
    running = RunningTopK(2, 2)
    running.add(np.array([[1.0, 9.0]]), np.array([4]))
    found = running.result()
    assert found.items.tolist() == [[4, NOTHING], [4, NOTHING]]
    running.add(np.array([[3.0, 9.0], [1.0, 2.0]]), np.array([2, 1]), np.array([[7, 8], [5, 6]]))
    assert running.result().items.tolist() == [[2, 1], [2, 4]]
    assert running.result().places.tolist() == [[7, 5], [8, 0]]
    assert found.items.tolist() == [[4, NOTHING], [4, NOTHING]], "a result does not change afterwards"
    assert isinstance(found, Top)


def test_top_k_refuses() -> None:
    running = RunningTopK(2, 2)
    with pytest.raises(ValueError, match="not a number"):
        running.add(np.array([[1.0, np.nan]]), np.array([0]))
    with pytest.raises(ValueError, match="units"):
        running.add(np.ones((1, 3)), np.array([0]))
    with pytest.raises(ValueError, match="at least"):
        RunningTopK(0, 2)


def test_quantiles_are_within_the_stated_error() -> None:
    random = stream(2, "quantiles")
    values = random.random((5000, 4)) ** 3 * [1.0, 1e-3, 1e4, 1.0] + [0.0, 5.0, -3e3, 1e3]
    values[17] *= 40.0  # an outlier late or early, both ways
    values[18] *= -40.0
    for shuffle in range(3):
        running = RunningQuantiles(4)
        for chosen in batches(stream(shuffle, "order").permutation(5000), 61):
            running.add(values[chosen])
        span = np.ptp(values, axis=0)
        assert (running.error <= 2.5 * span / 2048).all()
        for quantile in (0.0, 0.01, 0.5, 0.9, 0.995, 1.0):
            wanted = np.quantile(values, quantile, axis=0, method="inverted_cdf")
            assert (np.abs(running.at(quantile) - wanted) <= running.error * (1 + 1e-6)).all()
        assert running.count == 5000


def test_quantiles_of_one_value() -> None:
    running = RunningQuantiles(1, bins=8)
    running.add(np.full((3, 1), 2.5))
    assert running.error[0] < 1e-5
    assert running.at(0.5)[0] == pytest.approx(2.5, abs=1.01 * float(running.error[0]))
    running.add(np.array([[1e6]]))
    assert running.at(0.5)[0] == pytest.approx(2.5, abs=float(running.error[0]))
    assert running.at(1.0)[0] == pytest.approx(1e6, abs=float(running.error[0]))


def test_quantiles_refuse() -> None:
    running = RunningQuantiles(1)
    with pytest.raises(ValueError, match="0 values"):
        running.at(0.5)
    with pytest.raises(ValueError, match="finite"):
        running.add(np.array([[np.inf]]))
    with pytest.raises(ValueError, match="quantile 2"):
        running.at(2)
