"""The next batch is read while the present one is learned."""

import threading
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, Full, Queue
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")


class Prefetched(Generic[T]):
    """Values of `load(key)` in the order of the keys, made by one thread that stays at most `ahead` of its user.

    An error in `load` is raised where its value would have come. Leaving the context ends the thread.
    """

    def __init__(self, load: Callable[[int], T], keys: Iterable[int], *, ahead: int = 2) -> None:
        """Start nothing yet."""
        self._load = load
        self._keys = list(keys)
        self._ready: Queue[tuple[T | None, BaseException | None]] = Queue(ahead)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="prefetch", daemon=True)

    def __enter__(self) -> Iterator[T]:
        """Begin to read."""
        self._thread.start()
        return self._values()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the thread."""
        self._ended.set()
        while True:
            try:
                self._ready.get_nowait()
            except Empty:
                break
        self._thread.join()

    def _values(self) -> Iterator[T]:
        for _ in self._keys:
            value, error = self._ready.get()
            if error is not None:
                raise error
            assert value is not None
            yield value

    def _run(self) -> None:
        for key in self._keys:
            try:
                entry: tuple[T | None, BaseException | None] = (self._load(key), None)
            except BaseException as error:
                entry = (None, error)
            while not self._ended.is_set():
                try:
                    self._ready.put(entry, timeout=0.1)
                    break
                except Full:
                    continue
            if self._ended.is_set() or entry[1] is not None:
                return
