"""One thread ahead, never too far, and gone when it should be."""

import threading
import time

import pytest

from xmodal.training.prefetch import Prefetched


def _alive() -> bool:
    return any(thread.name == "prefetch" for thread in threading.enumerate())


def test_values_come_in_order_and_not_too_early() -> None:
    loaded: list[int] = []

    def load(key: int) -> int:
        loaded.append(key)
        return key * key

    with Prefetched(load, range(20), ahead=2) as values:
        assert next(values) == 0
        time.sleep(0.05)
        assert len(loaded) <= 5  # one taken, two ready, one in hand
        assert list(values) == [key * key for key in range(1, 20)]
    assert not _alive()


def test_an_error_comes_where_its_value_would_have() -> None:
    def load(key: int) -> float:
        return 1 / (3 - key)

    with pytest.raises(ZeroDivisionError), Prefetched(load, range(9)) as values:
        assert [next(values), next(values), next(values)] == [1 / 3, 1 / 2, 1.0]
        next(values)
    assert not _alive()


def test_leaving_early_ends_the_thread() -> None:
    with Prefetched(float, range(1000)) as values:
        next(values)
    assert not _alive()
    with Prefetched(float, range(0)) as values:
        assert list(values) == []
    assert not _alive()
