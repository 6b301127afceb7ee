"""Largest values and quantiles of many units over data that pass by in batches: memory never grows with the data."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float, Int, Shaped

NOTHING = -1
"""Item id and place where fewer than k items were seen."""
_SMALLEST_WIDTH = 1e-6
"""First range of a histogram whose first values are all alike, relative to them."""


@dataclass(frozen=True)
class Top:
    """The k largest values of each unit, largest first; equal values by item id, then by place."""

    values: Float[np.ndarray, "units k"]
    """-inf where fewer than k items were seen."""
    items: Int[np.ndarray, "units k"]
    places: Int[np.ndarray, "units k"]


@final
class RunningTopK:
    """The k largest values of each unit with their items and places: exact, in any order of the batches.

    Only units in which a batch holds a value that is not below their k-th are merged, which soon are few.
    """

    def __init__(self, units: int, k: int) -> None:
        if units < 1 or k < 1:
            raise ValueError(f"need at least one unit and one value, got {units} and {k}")
        self._values = np.full((units, k), -np.inf)
        self._items = np.full((units, k), NOTHING, np.int64)
        self._places = np.full((units, k), NOTHING, np.int64)

    def add(
        self,
        values: Shaped[np.ndarray, "items units"],
        items: Int[np.ndarray, "items"],
        places: Int[np.ndarray, "items units"] | None = None,
    ) -> None:
        """One batch.

        Args:
            values: each item's largest value in each unit.
            items: number of each item, 0 or more; who adds an item twice finds it twice.
            places: where in the item that value is (any number); None: 0.

        Raises:
            ValueError: a value is not a number, or the batch has other units.
        """
        if values.shape[1] != len(self._values):
            raise ValueError(f"{values.shape[1]} units in the batch, {len(self._values)} before")
        if np.isnan(values).any():
            raise ValueError("a value is not a number")
        rows = np.flatnonzero((values >= self._values[:, -1]).any(axis=0))
        if not rows.size:
            return
        shape = (rows.size, len(items))
        new_places = np.zeros(shape, np.int64) if places is None else places.T[rows]
        joined = (
            np.concatenate([self._values[rows], values.T[rows]], axis=1),
            np.concatenate([self._items[rows], np.broadcast_to(items, shape)], axis=1),
            np.concatenate([self._places[rows], new_places], axis=1),
        )
        order = np.lexsort((joined[2], joined[1], -joined[0]), axis=1)[:, : self._values.shape[1]]
        for kept, all_of_them in zip((self._values, self._items, self._places), joined, strict=True):
            kept[rows] = np.take_along_axis(all_of_them, order, axis=1)

    def result(self) -> Top:
        """The largest so far."""
        return Top(self._values.copy(), self._items.copy(), self._places.copy())


@final
class RunningQuantiles:
    """Quantiles of each unit from a histogram of its own whose range doubles when a value falls outside.

    Doubling joins bins in pairs, so every value stays counted in the bin that holds it: a quantile is off by half a bin
    (`error`) at most, and never in rank. Memory: `bins` numbers a unit.
    """

    def __init__(self, units: int, *, bins: int = 2048) -> None:
        if units < 1 or bins < 4 or bins % 4:
            raise ValueError(f"need at least one unit and a multiple of 4 bins, got {units} and {bins}")
        self._counts = np.zeros((units, bins), np.int64)
        self._low = np.zeros(units)
        self._width = np.zeros(units)

    @property
    def error(self) -> Float[np.ndarray, "units"]:
        """How far a quantile of each unit may be from the true one: half the width of a bin."""
        return self._width / 2

    @property
    def count(self) -> int:
        """Values seen in each unit."""
        return int(self._counts[0].sum())

    def add(self, values: Shaped[np.ndarray, "items units"]) -> None:
        """One batch.

        Raises:
            ValueError: a value is not finite, or the batch has other units.
        """
        units, bins = self._counts.shape
        if values.shape[1] != units:
            raise ValueError(f"{values.shape[1]} units in the batch, {units} before")
        if not np.isfinite(values).all():
            raise ValueError("a value is not a finite number")
        if not len(values):
            return
        smallest, largest = values.min(axis=0).astype(np.float64), values.max(axis=0).astype(np.float64)
        if not self._counts.any():
            least = _SMALLEST_WIDTH * np.maximum(1.0, np.abs(largest))
            self._low, self._width = smallest, np.maximum(largest - smallest, least) / (bins - 1)
        self._stretch(smallest, largest)
        places = np.floor((values - self._low) / self._width).astype(np.int64).clip(0, bins - 1)
        flat = places + bins * np.arange(units)
        self._counts += np.bincount(flat.ravel(), minlength=units * bins).reshape(units, bins)

    def at(self, quantile: float) -> Float[np.ndarray, "units"]:
        """The smallest value with at least that share of all values at or below it, within `error`.

        Raises:
            ValueError: no share of 1, or nothing was added.
        """
        if not 0.0 <= quantile <= 1.0 or not self.count:
            raise ValueError(f"quantile {quantile} of {self.count} values")
        rank = max(1, int(np.ceil(quantile * self.count - 1e-9)))
        bins = (self._counts.cumsum(axis=1) >= rank).argmax(axis=1)
        return self._low + (bins + 0.5) * self._width

    def _stretch(self, smallest: Float[np.ndarray, "units"], largest: Float[np.ndarray, "units"]) -> None:
        """Double the range of each unit, down or up, until it holds its values."""
        bins = self._counts.shape[1]
        while (outside := (smallest < self._low) | (largest >= self._low + bins * self._width)).any():
            down = smallest < self._low
            for rows, free in ((np.flatnonzero(outside & down), 0), (np.flatnonzero(outside & ~down), bins // 2)):
                pairs = self._counts[rows].reshape(len(rows), bins // 2, 2).sum(axis=2)
                self._low[rows] -= 0.0 if free else bins * self._width[rows]
                self._width[rows] *= 2
                self._counts[rows] = 0
                start = 0 if free else bins // 2
                self._counts[rows, start : start + bins // 2] = pairs
