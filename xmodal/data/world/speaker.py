"""The parent's side of the speaking child process: one for each process, started when first needed."""

import atexit
import json
import os
import struct
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Int16

import xmodal


@dataclass(frozen=True)
class Utterance:
    """What to say, and how."""

    text: str
    voice: str
    """espeak-ng's name of the voice, e.g. `en-us+m3`."""
    rate_wpm: int
    """Words per minute, 80 to 450."""
    pitch: int
    """0 to 99, 50 is the voice's own."""
    pitch_range: int
    """0 (monotone) to 99, 50 is the voice's own."""
    seed: int
    """Seed of the voice's breath and flutter, 1 or more."""


@dataclass(frozen=True)
class Spoken:
    """What the child said."""

    samples: Int16[np.ndarray, "samples"]
    rate_hz: int
    onsets: tuple[tuple[int, int], ...]
    """(character of the text from 0, sample) where each word event falls; not every word has one."""


class Speaker:
    """One child process, safe to use from several threads and after a fork."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the child, None while there is none."""
        return None if self._process is None else self._process.pid

    def speak(self, utterance: Utterance) -> Spoken:
        """Say it. A child that has died is replaced once.

        Raises ValueError for a voice or text that espeak-ng refuses, RuntimeError where it cannot be run.
        """
        with self._lock:
            try:
                return self._ask(self._running(), utterance)
            except (OSError, EOFError):
                self._stop()
            try:
                return self._ask(self._running(), utterance)
            except (OSError, EOFError) as error:
                self._stop()
                raise RuntimeError("the speaking process (espeak-ng) ended without an answer") from error

    def close(self) -> None:
        """End the child, if there is one; the next use starts another."""
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """Drop the parent's child after a fork: it belongs to the parent."""
        self._lock = threading.Lock()
        process, self._process = self._process, None
        if process is not None:
            _close_pipes(process)  # else the child would outlive the parent for as long as this process lives
            process.returncode = 0  # not ours to wait for

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            root = str(Path(xmodal.__path__[0]).parent)
            path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
            self._process = subprocess.Popen(
                [sys.executable, "-m", "xmodal.data.world.espeak"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,  # Ctrl-C in a terminal is for the parent to handle
            )
        return self._process

    def _ask(self, process: subprocess.Popen[bytes], utterance: Utterance) -> Spoken:
        body = json.dumps(asdict(utterance)).encode()
        _write(process, struct.pack("<I", len(body)) + body)
        head = json.loads(_read(process, struct.unpack("<I", _read(process, 4))[0]))
        if "error" in head:
            raise ValueError(head["error"])
        samples = np.frombuffer(_read(process, head["bytes"]), dtype=np.int16)
        return Spoken(samples, head["rate_hz"], tuple((int(place), int(at)) for place, at in head["words"]))

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            _close_pipes(process)
            process.kill()
            process.wait()


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _write(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin is not None
    left = memoryview(data)
    while left:
        left = left[process.stdin.write(left) or 0 :]


def _read(process: subprocess.Popen[bytes], count: int) -> bytes:
    assert process.stdout is not None
    data = bytearray()
    while len(data) < count:
        part = process.stdout.read(count - len(data))
        if not part:
            raise EOFError("the speaking process ended")
        data += part
    return bytes(data)


SPEAKER = Speaker()
"""The speaker of this process."""
atexit.register(SPEAKER.close)
os.register_at_fork(after_in_child=SPEAKER.forget)
