"""Small files, good and bad, made in memory."""

import io
import struct
import zlib
from pathlib import Path

import av
import numpy as np
import soundfile
from PIL import Image

from xmodal.data import encode
from xmodal.data.sample import Clip, Waveform

RATE_HZ = 16_000


def tone(seconds: float = 1.0, rate_hz: int = RATE_HZ) -> np.ndarray:
    """A quiet tone, float32."""
    return (0.3 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate_hz)) / rate_hz)).astype(np.float32)


def sound_bytes(samples: np.ndarray, rate_hz: int = RATE_HZ, *, format: str = "WAV", subtype: str = "") -> bytes:
    """A sound file."""
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate_hz, format=format, subtype=subtype or None)
    return buffer.getvalue()


def wav_header(*, rate_hz: int = RATE_HZ, channels: int = 1, data_bytes: int = 32_000) -> bytes:
    """The 44 bytes of a 16-bit PCM header, with whatever it claims."""
    block = 2 * channels
    fmt = struct.pack("<HHIIHH", 1, channels, rate_hz & 0xFFFFFFFF, rate_hz * block & 0xFFFFFFFF, block & 0xFFFF, 16)
    riff = b"RIFF" + struct.pack("<I", (36 + data_bytes) & 0xFFFFFFFF) + b"WAVEfmt " + struct.pack("<I", 16) + fmt
    return riff + b"data" + struct.pack("<I", data_bytes & 0xFFFFFFFF)


def photo(rows: int = 48, cols: int = 64) -> np.ndarray:
    """Smooth colours with some noise: compresses like a photo."""
    y, x = np.mgrid[:rows, :cols]
    base = np.stack([255 * x / cols, 255 * y / rows, 128 + 60 * np.sin(x / 5)], axis=2)
    return (0.9 * base + np.random.default_rng(0).integers(0, 20, base.shape)).clip(0, 255).astype(np.uint8)


def image_bytes(image: Image.Image, format: str, **options: object) -> bytes:
    """An image file."""
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A tiny PNG whose header claims any size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


def webm_bytes(folder: Path, seconds: float = 1.0) -> bytes:
    """A VP9 and Opus clip."""
    frames = np.stack([np.roll(photo(), step, axis=1) for step in range(round(8 * seconds))])
    encode.webm(Clip(frames, 8.0, Waveform(tone(seconds), RATE_HZ)), folder / "made.webm")
    return (folder / "made.webm").read_bytes()


def mp4_bytes(folder: Path, *, seconds: float = 3.0, index_first: bool = True, sound: bool = False) -> bytes:
    """MPEG-4 video at 10 frames a second, with or without AAC sound, its index in front or at the end."""
    options = {"movflags": "faststart"} if index_first else {}
    with av.open(str(folder / "made.mp4"), "w", format="mp4", options=options) as container:
        video = container.add_stream("mpeg4", rate=10)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        audio = container.add_stream("aac", rate=RATE_HZ, layout="mono") if sound else None
        for number in range(round(10 * seconds)):
            pixels = np.ascontiguousarray(np.roll(photo(), number, axis=1))
            container.mux(video.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(video.encode())
        if audio is not None:
            block = av.AudioFrame.from_ndarray(tone(seconds)[None], format="fltp", layout="mono")
            block.sample_rate, block.pts = RATE_HZ, 0
            container.mux(audio.encode(block))
            container.mux(audio.encode())
    return (folder / "made.mp4").read_bytes()
