"""Pictures, sound and clips -> bytes of files that browsers play."""

import io
import itertools
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from jaxtyping import UInt8
from PIL import Image

from xmodal.data.decode import resampled
from xmodal.data.sample import Clip, Waveform

VIDEO_KBPS = 400
FILM_SOUND_HZ = 48_000
"""The encoder's run-in of 1024 samples is then shorter than a frame, for players that do not skip it."""
MP3_HZ = (16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_SMPTE_170M = 6  # of ITU-T H.273: the colours that the conversion below makes, whatever the size of the picture


def png(pixels: UInt8[np.ndarray, "rows cols"] | UInt8[np.ndarray, "rows cols channels"]) -> bytes:
    """A picture or a label plane, lossless."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=4)
    return buffer.getvalue()


def jpeg(pixels: UInt8[np.ndarray, "rows cols 3"], *, quality: int = 92) -> bytes:
    """A photo-like picture; colour is kept at full resolution so that thin coloured edges stay clean."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality, subsampling=0)
    return buffer.getvalue()


def flac(sound: Waveform) -> bytes:
    """16-bit lossless sound; samples beyond full scale are clipped."""
    buffer = io.BytesIO()
    soundfile.write(buffer, np.clip(sound.samples, -1.0, 1.0), sound.rate_hz, format="FLAC", subtype="PCM_16")
    return buffer.getvalue()


def wav(sound: Waveform) -> bytes:
    """16-bit PCM, which every browser plays; samples beyond full scale are clipped."""
    buffer = io.BytesIO()
    soundfile.write(buffer, np.clip(sound.samples, -1.0, 1.0), sound.rate_hz, format="WAV", subtype="PCM_16")
    return buffer.getvalue()


def mp3(sound: Waveform) -> bytes:
    """Small sound that every browser plays, at the next rate that the format has; clipped beyond full scale."""
    rate_hz = next((rate for rate in MP3_HZ if rate >= sound.rate_hz), MP3_HZ[-1])
    samples = np.clip(resampled(sound, rate_hz).samples, -1.0, 1.0)
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate_hz, format="MP3", subtype="MPEG_LAYER_III")
    return buffer.getvalue()


def webm(clip: Clip, path: Path) -> None:
    """Write VP9 and Opus in WebM, which every Chromium and Firefox plays (H.264 is missing in some)."""
    rows, cols = clip.frames.shape[1] // 2 * 2, clip.frames.shape[2] // 2 * 2
    rate = Fraction(clip.frame_rate_hz).limit_denominator(1000)
    with av.open(str(path), mode="w", format="webm") as container:
        video = container.add_stream("libvpx-vp9", rate=rate)
        video.width, video.height, video.pix_fmt = cols, rows, "yuv420p"
        video.bit_rate = VIDEO_KBPS * 1000
        video.options = {"deadline": "realtime", "cpu-used": "8", "row-mt": "1"}
        audio = container.add_stream("libopus", rate=48_000, layout="mono") if clip.sound is not None else None
        for number, pixels in enumerate(clip.frames[:, :rows, :cols]):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if audio is not None and clip.sound is not None:
            samples = np.clip(clip.sound.samples, -1.0, 1.0).astype(np.float32)[None]
            block = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            block.sample_rate, block.pts = clip.sound.rate_hz, 0
            container.mux(audio.encode(block))
            container.mux(audio.encode())


def mp4(
    frames: Iterable[UInt8[np.ndarray, "rows cols 3"]],
    target: Path | io.BytesIO,
    *,
    frame_rate_hz: int,
    sound: Waveform | None = None,
) -> None:
    """Write H.264 and AAC in MP4; a file is ready to play before all of it has arrived.

    Args:
        frames: one after the other, all of one size, even both ways.
        target: the file, or a buffer (its index then comes last).
        frame_rate_hz: of the frames.
        sound: begins with the first frame, ends with the last; samples beyond full scale are clipped.

    Raises:
        ValueError: no frames, or an odd size.
    """
    blocks = _blocks(sound, frame_rate_hz) if sound is not None else None
    file = str(target) if isinstance(target, Path) else target
    options = {"movflags": "+faststart"} if isinstance(target, Path) else {}
    with av.open(file, mode="w", format="mp4", options=options) as container:
        video = container.add_stream("libx264", rate=frame_rate_hz, options={"crf": "17", "preset": "veryfast"})
        audio = container.add_stream("aac", rate=FILM_SOUND_HZ, layout="mono") if blocks is not None else None
        context = video.codec_context
        context.color_primaries = context.color_trc = context.colorspace = _SMPTE_170M
        number = -1
        for number, pixels in enumerate(frames):
            if number == 0:
                video.height, video.width, video.pix_fmt = *_even(pixels), "yuv420p"
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, frame_rate_hz)
            container.mux(video.encode(frame))
            if audio is not None and blocks is not None:
                container.mux(audio.encode(next(blocks)))
        if number < 0:
            raise ValueError("a film needs at least one frame")
        container.mux(video.encode())
        if audio is not None:
            container.mux(audio.encode())


def _even(pixels: UInt8[np.ndarray, "rows cols 3"]) -> tuple[int, int]:
    rows, cols = pixels.shape[:2]
    if rows % 2 or cols % 2:
        raise ValueError(f"frames of {cols} x {rows} pixels: H.264 needs even sizes")
    return rows, cols


def _blocks(sound: Waveform, frame_rate_hz: int) -> Iterator[av.AudioFrame]:
    """The sound of each frame, silence when it has ended."""
    samples = np.clip(resampled(sound, FILM_SOUND_HZ).samples, -1.0, 1.0).astype(np.float32)
    size = FILM_SOUND_HZ // frame_rate_hz
    for first in itertools.count(0, size):
        part = samples[first : first + size]
        block = av.AudioFrame.from_ndarray(np.pad(part, (0, size - part.size))[None], format="fltp", layout="mono")
        block.sample_rate, block.pts = FILM_SOUND_HZ, first
        yield block
