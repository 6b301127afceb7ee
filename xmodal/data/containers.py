"""Video files and their soundtracks, through FFmpeg (PyAV).

FFmpeg is given an open file and the format found in its first bytes, never a path, a name or an address: playlists and
other formats that open further files are refused.
"""

from collections.abc import Iterator
from typing import Any

import av
import av.error
import numpy as np
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream
from jaxtyping import Float, UInt8

from xmodal.data.decode import (
    MAX_CLIP_FRAMES,
    MAX_SOUND_S,
    MAX_VIDEO_PIXELS,
    MediaError,
    MediaFile,
    UnknownKindError,
    check_format,
)
from xmodal.data.sample import Clip, Waveform

MAX_VIDEO_S = 1800.0


_SIGNATURES: tuple[tuple[int, tuple[bytes, ...], str], ...] = (
    (4, (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"), "mp4"),
    (0, (b"\x1aE\xdf\xa3",), "matroska"),
    (0, (b"OggS",), "ogg"),
    (8, (b"AVI ",), "avi"),
    (0, (b"RIFF",), "wav"),
    (0, (b"fLaC",), "flac"),
    (0, (b"FLV",), "flv"),
    (0, (b"0&\xb2u",), "asf"),
    (0, (b"\x00\x00\x01\xba",), "mpeg"),
    (0, (b"ID3",), "mp3"),
)
"""Offset, possible bytes there, FFmpeg's name of the format; the first match counts."""


def sniff(head: bytes) -> str:
    """FFmpeg's name of the format that begins with these (16) bytes.

    Raises:
        MediaError: none of the known media formats.
    """
    for offset, signs, name in _SIGNATURES:
        if any(head[offset : offset + len(sign)] == sign for sign in signs):
            return name
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "aac"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06:
        return "mp3"
    raise UnknownKindError(
        "neither sound nor video: " + ("the file is empty" if not head else f"it begins with {head[:8]!r}")
    )


def _open(file: MediaFile) -> InputContainer:
    file.seek(0)
    name = sniff(file.read(16))
    file.seek(0)
    try:
        return av.open(file, mode="r", format=name, metadata_errors="replace")
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise MediaError(f"{name} file is damaged: {_words(error)}") from error


def _words(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


def _decoder(stream: AudioStream | VideoStream) -> Any:
    """The stream's codec; PyAV has none where the file names a codec that FFmpeg does not know."""
    if stream.codec_context is None:
        raise MediaError("made by a codec that is not known")
    return stream.codec_context


def soundtrack(
    file: MediaFile, *, start_s: float | None, end_s: float | None
) -> tuple[Float[np.ndarray, "samples"], int]:
    """The first sound stream as mono float32 and its rate (Hz). Times count from the first sound sample."""
    with _open(file) as container:
        if not container.streams.audio:
            raise MediaError("there is no sound in it")
        decoder = _decoder(container.streams.audio[0])
        rate_hz = decoder.sample_rate
        stated_s = (container.duration or 0) / av.time_base
        wanted_s = max(0.0, (stated_s if end_s is None else min(stated_s, end_s)) - (start_s or 0.0))
        check_format(rate_hz=rate_hz, channels=max(decoder.channels, 1), seconds=wanted_s)
        limit = round((MAX_SOUND_S if end_s is None else end_s) * rate_hz)
        blocks = list(_blocks(container, rate_hz, limit))
        samples = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
        samples = samples[round((start_s or 0.0) * rate_hz) : limit]
        if samples.size == 0:
            raise MediaError("sound has no samples" + (f" after {start_s:g} s" if start_s else ""))
        return samples, rate_hz


def _blocks(container: InputContainer, rate_hz: int, limit: int) -> Iterator[Float[np.ndarray, "samples"]]:
    resampler = AudioResampler(format="fltp", rate=rate_hz)
    count = 0
    try:
        for decoded in container.decode(audio=0):
            ready = decoded.format.name == "fltp" and decoded.sample_rate == rate_hz
            for block in [decoded] if ready else resampler.resample(decoded):
                channels = block.to_ndarray()
                samples = channels[0] if len(channels) == 1 else channels.mean(axis=0, dtype=np.float32)
                count += samples.size
                yield samples
            if count >= limit:
                return
    except (av.error.FFmpegError, ValueError) as error:
        if count == 0:
            raise MediaError(f"sound is damaged: {_words(error)}") from error


def frame(file: MediaFile, *, at_s: float) -> UInt8[np.ndarray, "rows cols 3"]:
    """The frame shown at `at_s` seconds after the first one."""
    with _open(file) as container:
        last = None
        for seconds, pixels in _frames(container, seek_s=at_s):
            if last is not None and seconds > at_s:
                break
            last = pixels
        if last is None:
            raise MediaError(f"video has no frame at {at_s:g} s")
        return last.to_ndarray(format="rgb24")


def _frames(container: InputContainer, *, seek_s: float) -> Iterator[tuple[float, av.VideoFrame]]:
    if not container.streams.video:
        raise MediaError("there is no video in it")
    stream = container.streams.video[0]
    decoder = _decoder(stream)
    if decoder.width * decoder.height > MAX_VIDEO_PIXELS:
        raise MediaError(f"video frames are {decoder.width} x {decoder.height}: too large")
    begin_s = float((stream.start_time or 0) * (stream.time_base or 0))
    try:
        if seek_s > 2.0 and stream.time_base:
            container.seek(int((seek_s + begin_s) / stream.time_base), stream=stream)
        for decoded in container.decode(stream):
            yield (decoded.time or 0.0) - begin_s, decoded
    except (av.error.FFmpegError, ValueError) as error:
        raise MediaError(f"video is damaged: {_words(error)}") from error


def clip(file: MediaFile, *, start_s: float | None, end_s: float | None, size_px: int, rate_hz: float) -> Clip:
    """The frame shown at each tick of `rate_hz`, longer side at most `size_px`, and the soundtrack of that part."""
    first_s = start_s or 0.0
    last_s = min(first_s + MAX_VIDEO_S, end_s if end_s is not None else first_s + MAX_VIDEO_S)
    shown: list[UInt8[np.ndarray, "rows cols 3"]] = []
    with _open(file) as container:
        if end_s is None and (container.duration or 0) / av.time_base - first_s > MAX_VIDEO_S:
            raise MediaError(f"video is over {MAX_VIDEO_S / 60:.0f} min long: cut it, or name a part with #t=START,END")
        for seconds, pixels in _frames(container, seek_s=first_s):
            if seconds >= last_s or len(shown) >= MAX_CLIP_FRAMES:
                break
            while first_s + len(shown) / rate_hz <= seconds + 1e-6 and len(shown) < MAX_CLIP_FRAMES:
                shown.append(_scaled(pixels, size_px))
        has_sound = bool(container.streams.audio)
    if not shown:
        raise MediaError("video has no frames" + (f" after {first_s:g} s" if first_s else ""))
    sound = Waveform(*soundtrack(file, start_s=start_s, end_s=end_s)) if has_sound else None
    return Clip(np.stack(shown), rate_hz, sound)


def _scaled(pixels: av.VideoFrame, size_px: int) -> UInt8[np.ndarray, "rows cols 3"]:
    ratio = min(1.0, size_px / max(pixels.width, pixels.height))
    width, height = max(2, round(pixels.width * ratio)), max(2, round(pixels.height * ratio))
    return pixels.reformat(width=width, height=height, format="rgb24").to_ndarray()


def duration_s(file: MediaFile) -> float | None:
    """Length in seconds as the container states it, None if it does not."""
    with _open(file) as container:
        return None if container.duration is None else container.duration / av.time_base


def present_s(file: MediaFile) -> float:
    """Length in seconds of what is really there: the end of the last packet, nothing is decoded.

    Raises:
        MediaError: not a media file, or nothing can be read from it.
    """
    end_s = 0.0
    with _open(file) as container:
        begin_s = (container.start_time or 0) / av.time_base
        try:
            for packet in container.demux():
                if packet.pts is not None and packet.time_base is not None:
                    end_s = max(end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
        except (av.error.FFmpegError, ValueError) as error:
            if end_s == 0.0:
                raise MediaError(f"no packet can be read: {_words(error)}") from error
    return end_s - begin_s
