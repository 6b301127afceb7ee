"""Pictures, sound and clips -> bytes of files that browsers play."""

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from jaxtyping import UInt8
from PIL import Image

from xmodal.data.sample import Clip, Waveform

VIDEO_KBPS = 400


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
