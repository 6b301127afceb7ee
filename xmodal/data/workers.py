"""Worker processes that end with the process that started them."""

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor


def pool(workers: int) -> ProcessPoolExecutor:
    """A pool of fresh processes (no state is inherited, so it is safe beside threads)."""
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent)


def count(wanted: int, items: int) -> int:
    """Workers for that many items: as wanted (0: one per core), and none that would have next to nothing to do."""
    return min(wanted or os.cpu_count() or 1, max(1, items // 8))


def _end_with_parent() -> None:
    """Let a worker end when the process that started it is killed: the pool's own workers would wait for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
