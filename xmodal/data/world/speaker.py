"""The parent's side of the speaking child process: one for each process, started when first needed."""

import atexit
import json
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Int16

import xmodal

PATIENCE_S = 20.0
"""Longest wait for an answer; the first one includes the child's start."""


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

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        """Start nothing yet; `patience_s`: how long to wait for an answer."""
        self.patience_s = patience_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the child, None while there is none."""
        return None if self._process is None else self._process.pid

    def speak(self, utterance: Utterance) -> Spoken:
        """Say it. A child that has died is replaced once; one that gives no answer in time is ended.

        Raises ValueError for a voice or text that espeak-ng refuses, RuntimeError where it cannot be run.
        """
        with self._lock:
            try:
                return self._answer(utterance)
            except (OSError, EOFError):
                pass
            try:
                return self._answer(utterance)
            except (OSError, EOFError) as error:
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

    def _answer(self, utterance: Utterance) -> Spoken:
        """One try; a child whose answer did not arrive whole is of no use any more."""
        try:
            process = self._running()
            with _ended_after(process, self.patience_s):
                return self._ask(process, utterance)
        except ValueError:
            raise
        except BaseException:
            self._stop()
            raise

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
            _kill(process)
            process.wait()


@contextmanager
def _ended_after(process: subprocess.Popen[bytes], patience_s: float) -> Iterator[None]:
    """End the child if the block takes longer, so that its reads and writes come back; RuntimeError then."""
    late = threading.Event()

    def end() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(patience_s, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, EOFError) as error:
        if late.is_set():
            raise RuntimeError(f"the speaking process (espeak-ng) gave no answer within {patience_s:g} s") from error
        raise
    finally:
        timer.cancel()
        timer.join()  # it must not end a later child


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the child and, where there are process groups, the fork of it that speaks."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


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
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=SPEAKER.forget)
