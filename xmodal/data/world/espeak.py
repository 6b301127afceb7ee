"""A child process that speaks: espeak-ng behind a pipe. Run as `python -m xmodal.data.world.espeak` by `speaker`.

The library is GPL-3 and keeps state between utterances (flutter, noise, intonation), so it lives in a process of its
own, and every utterance is spoken by a fork of the same warmed-up image: what was said before cannot matter.

Requests on stdin and replies on stdout are a length (4 bytes, little-endian) and that much JSON; a reply that carries
samples is followed by them (16 bit, native order). The process ends when stdin does. It imports nothing heavy.
"""

import ctypes
import json
import os
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

import espeakng_loader

_SYNCHRONOUS = 2  # espeak_AUDIO_OUTPUT: samples go to the callback, in the calling thread
_BUFFER_MS = 200
_TEXT_IS_UTF8 = 1
_POSITION_CHARACTER = 1
_RATE, _PITCH, _PITCH_RANGE = 1, 3, 4  # espeak_PARAMETER
_EVENT_END, _EVENT_WORD = 0, 1  # espeak_EVENT_TYPE
_WARM_UP = {"text": "one", "voice": "en-us", "rate_wpm": 160, "pitch": 50, "pitch_range": 50, "seed": 1}


class _EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    """`espeak_EVENT` of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),  # characters, from 1
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),  # ms
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Synthesiser:
    """The library, set up to hand back samples and word events."""

    def __init__(self) -> None:
        """Load the library; raises OSError or RuntimeError where it cannot be."""
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(Path(espeakng_loader.get_data_path())).encode()
        self.rate_hz: int = self._library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data, 0)
        if self.rate_hz <= 0:
            raise RuntimeError("espeak-ng did not start: its data are missing")
        self._samples: list[bytes] = []
        self._words: list[tuple[int, int]] = []
        self._callback = _Callback(self._collect)  # must outlive the library's use of it
        self._library.espeak_SetSynthCallback(self._callback)

    def _collect(self, wave: Any, count: int, events: Any) -> int:  # ctypes pointers
        if count > 0:
            self._samples.append(ctypes.string_at(wave, 2 * count))
        place = 0
        while events[place].type != _EVENT_END:
            if events[place].type == _EVENT_WORD:
                self._words.append((events[place].text_position - 1, events[place].sample))
            place += 1
        return 0

    def speak(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """The reply to one request: word onsets as (character, sample) pairs, and the samples."""
        self._samples.clear()
        self._words.clear()
        if self._library.espeak_SetVoiceByName(request["voice"].encode()) != 0:
            return {"error": f"unknown voice {request['voice']!r}"}, b""
        for parameter, name in ((_RATE, "rate_wpm"), (_PITCH, "pitch"), (_PITCH_RANGE, "pitch_range")):
            self._library.espeak_SetParameter(parameter, int(request[name]), 0)
        # it seeds itself from the clock otherwise
        self._library.espeak_ng_SetRandSeed(ctypes.c_long(int(request["seed"])))
        text = request["text"].encode()
        if self._library.espeak_Synth(text, len(text) + 1, 0, _POSITION_CHARACTER, 0, _TEXT_IS_UTF8, None, None) != 0:
            return {"error": "espeak-ng could not speak this text"}, b""
        samples = b"".join(self._samples)
        return {"rate_hz": self.rate_hz, "bytes": len(samples), "words": self._words}, samples


def _read_request(source: BinaryIO) -> dict[str, Any] | None:
    """The next request, None at the end of the input."""
    header = source.read(4)
    if len(header) < 4:
        return None
    body = source.read(struct.unpack("<I", header)[0])
    return json.loads(body)


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _reply(descriptor: int, head: dict[str, Any], samples: bytes = b"") -> None:
    body = json.dumps(head).encode()
    _write_all(descriptor, struct.pack("<I", len(body)) + body + samples)


def serve(source: BinaryIO, sink: int) -> None:
    """Answer requests until the input ends, each from a fresh fork."""
    synthesiser = Synthesiser()
    synthesiser.speak(_WARM_UP)  # loads dictionary and phonemes once, for all forks
    while (request := _read_request(source)) is not None:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                _reply(sink, *synthesiser.speak(request))
                status = 0
            finally:
                os._exit(status)
        if os.waitpid(child, 0)[1] != 0:
            _reply(sink, {"error": "espeak-ng failed"})


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.fileno())
