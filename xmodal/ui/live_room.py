"""Who is speaking to which picture: one seat per visitor, known by a key that only its own page was given."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol, runtime_checkable

import anyio
import numpy as np
from jaxtyping import Float

from xmodal.data.sample import Waveform
from xmodal.figures.score_map import Cover

MOST_SEATS = 16
"""The seat that was used least recently goes when there is one more."""


@dataclass(frozen=True)
class Heard:
    """What a network matches with the newest sound."""

    scores: Float[np.ndarray, "frames rows cols"]
    first_s: float
    """Centre of frame 0, seconds since the microphone was opened."""
    step_s: float
    cover: Cover
    """The part of the picture that the cells fill."""
    silent: bool
    """Nothing was heard: the scores say nothing."""


@runtime_checkable
class Ear(Protocol):
    """A network that looks at one picture."""

    def hear(self, sound: Waveform, *, start_s: float) -> Heard:
        """Match the picture with a short sound that began `start_s` after the microphone was opened.

        Raises:
            ValueError: too short, or no sound.
        """
        ...


@dataclass
class Seat:
    """One visitor before one picture."""

    picture: str
    """Names the network and the picture: a buffer meant for another one is refused."""
    ear: Ear
    lock: anyio.Lock = field(default_factory=anyio.Lock)
    newest: int = 0
    """Number of the last buffer that arrived."""

    def arrive(self) -> int:
        """The number of a buffer that arrives now."""
        self.newest += 1
        return self.newest


class Room:
    """The seats; safe to share between threads."""

    def __init__(self, *, most: int = MOST_SEATS) -> None:
        self.most = most
        self._seats: OrderedDict[str, Seat] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, token: str, picture: str, ear: Ear) -> None:
        """Sit before that picture; whoever sat there under this key before leaves."""
        with self._lock:
            old = self._seats.get(token)
            if old is None or old.picture != picture:
                self._seats[token] = Seat(picture, ear)
            self._seats.move_to_end(token)
            while len(self._seats) > self.most:
                self._seats.popitem(last=False)

    def seat(self, token: str) -> Seat | None:
        """The seat of that key, if there still is one."""
        with self._lock:
            found = self._seats.get(token)
            if found is not None:
                self._seats.move_to_end(token)
            return found


@cache
def room() -> Room:
    """The room of this server."""
    return Room()
