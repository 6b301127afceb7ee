"""Films that visitors ask for: each by a process of its own, one after the other, kept in memory, never on disk."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from xmodal.data.sample import Waveform
from xmodal.errors import reason
from xmodal.figures.film_process import made_apart
from xmodal.figures.matchmap_film import frame_count
from xmodal.figures.matchmap_frame import Scene
from xmodal.progress import Progress

KEPT = 6
"""Films in memory; the oldest goes first."""


@dataclass
class Filming(Progress):
    """One film in the making; the thread that waits for it writes, pages read."""

    total: int
    done: int = 0
    begun_s: float | None = None
    """On the monotonic clock; None: others come first."""
    content: bytes | None = None
    """MP4; None: not ready."""
    fault: str = ""

    @property
    def running(self) -> bool:
        """Neither ready nor failed."""
        return self.content is None and not self.fault

    @property
    def elapsed_s(self) -> float:
        """Seconds of work so far."""
        return 0.0 if self.begun_s is None else time.monotonic() - self.begun_s

    def update(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        """Note how many frames are drawn."""
        del stage, total, note
        self.done = done


class FilmMaker:
    """Makes films and keeps the newest."""

    def __init__(self, make: Callable[..., bytes] = made_apart) -> None:
        """`make(scene, sound=..., progress=...)` returns a film; by default a process does it."""
        self._make = make
        self._films: OrderedDict[str, Filming] = OrderedDict()
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="film")

    def state(self, key: str) -> Filming | None:
        """The film of that key; None if nobody has asked for it, or it has gone."""
        return self._films.get(key)

    def start(self, key: str, scene: Scene, sound: Waveform | None) -> None:
        """Make the film of that key, unless it is there or in the making."""
        with self._lock:
            known = self._films.get(key)
            if known is not None and not known.fault:
                return
            self._films[key] = made = Filming(frame_count(scene))
            self._films.move_to_end(key)
            for old in [name for name, each in self._films.items() if not each.running][: len(self._films) - KEPT]:
                del self._films[old]
        self._thread.submit(self._filled, made, scene, sound)

    def _filled(self, made: Filming, scene: Scene, sound: Waveform | None) -> None:
        made.begun_s = time.monotonic()
        try:
            made.content = self._make(scene, sound=sound, progress=made)
        except Exception as error:  # told on the page, not lost in a thread
            made.fault = reason(error)
