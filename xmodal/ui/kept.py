"""A place for one result that is computed outside of Streamlit's caches, so that its progress can be shown."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Filled once; two who ask at once wait for one computation. A failure leaves it empty."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: list[Value] = []

    def filled(self, compute: Callable[[], Value]) -> Value:
        """What is kept, computed now if nothing is.

        Raises:
            Exception: whatever `compute` raises.
        """
        with self._lock:
            if not self._values:
                self._values.append(compute())
            return self._values[0]
