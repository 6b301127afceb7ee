"""Bytes -> pictures, waveforms and clips, judged by content and not by name, with limits checked before decoding.

Every failure is one `MediaError` with one line of reason. Limits are those of a workstation: a picture of 64
megapixels, an hour of sound, half an hour of video.
"""

import math
import warnings
from io import BufferedReader, BytesIO

import numpy as np
import soundfile
from jaxtyping import Float, UInt8
from PIL import Image, ImageOps

from xmodal.data.sample import Clip, Waveform
from xmodal.errors import InputError

MediaFile = BytesIO | BufferedReader
"""An open file that can be read and sought, or its bytes in memory."""

PICTURE_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""What Pillow may open: no format that starts other programs or has a history of hostile files."""
MAX_PIXELS = 64_000_000
MAX_SOUND_S = 3600.0
MAX_SAMPLES = 3600 * 48_000
"""Most samples of one mono waveform: an hour at 48 kHz, 690 MB."""
MAX_CHANNELS = 64
MAX_VIDEO_PIXELS = 4096 * 4096
MAX_CLIP_FRAMES = 2000
RATES_HZ = (4_000, 384_000)
"""Sample rates that real recordings have."""


class MediaError(InputError):
    """A file that cannot be used, with one line of reason."""


class UnknownKindError(MediaError):
    """A file of a kind that the decoder does not know."""


def picture(file: MediaFile) -> UInt8[np.ndarray, "rows cols 3"]:
    """Decode the first frame as RGB: EXIF rotation applied, transparency over white, 16-bit greys scaled (not cut).

    Raises:
        MediaError: not a picture, truncated, or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file, formats=PICTURE_FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    size = f"{opened.width} x {opened.height}"
                    raise MediaError(f"picture is {size} pixels: more than {MAX_PIXELS // 1_000_000} million")
                return np.asarray(_rgb(ImageOps.exif_transpose(opened)))
    except MediaError:
        raise
    except Image.UnidentifiedImageError as error:
        raise UnknownKindError(f"not a picture ({_begins(file)})") from error
    except Image.DecompressionBombError as error:
        raise MediaError(f"picture claims more than {MAX_PIXELS // 1_000_000} million pixels") from error
    except Exception as error:  # decoders raise anything on hostile bytes: struct.error, KeyError, TypeError ...
        raise MediaError(f"picture is damaged: {str(error) or type(error).__name__}") from error


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=np.float64)
        top = 65535.0 if image.mode.startswith("I") else max(float(np.nanmax(values, initial=0.0)), 1e-9)
        scaled = np.nan_to_num(values) * (255.0 / max(top, float(values.max(initial=0.0))))
        return Image.fromarray(np.clip(scaled, 0, 255).astype(np.uint8)).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return image.convert("RGB")


def _begins(file: MediaFile) -> str:
    file.seek(0)
    head = file.read(12)
    return "the file is empty" if not head else f"it begins with {head!r}"


def waveform(file: MediaFile, *, start_s: float | None = None, end_s: float | None = None) -> Waveform:
    """Decode sound as mono: WAV, FLAC, Ogg by libsndfile; MP3, MP4, AAC, WebM and soundtracks of videos by FFmpeg.

    Channels are averaged. `start_s`, `end_s` choose a part. A file that was cut gives what is left of it;
    `lengths.shortfall` tells.

    Raises:
        MediaError: no sound in it, empty, damaged, not finite, too long, or an impossible sample rate.
    """
    found = None if _is_mpeg(file) else _by_libsndfile(file, start_s, end_s)
    if found is None:
        from xmodal.data import containers

        file.seek(0)
        found = containers.soundtrack(file, start_s=start_s, end_s=end_s)
    samples, rate_hz = found
    return Waveform(checked(samples), rate_hz)


def _is_mpeg(file: MediaFile) -> bool:
    """Whether it is MP3 whatever its name says: libsndfile's decoder of it writes warnings onto the terminal."""
    file.seek(0)
    head = file.read(3)
    file.seek(0)
    return head == b"ID3" or (len(head) == 3 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0)


def _by_libsndfile(
    file: MediaFile, start_s: float | None, end_s: float | None
) -> tuple[Float[np.ndarray, "samples"], int] | None:
    """Mono samples and rate; None if libsndfile cannot read the file."""
    try:
        with soundfile.SoundFile(file) as sound:
            if sound.subtype.startswith("MPEG"):
                return None
            rate_hz = sound.samplerate
            check_format(rate_hz=rate_hz, channels=sound.channels, seconds=0.0)
            if sound.frames == 0:
                raise MediaError("sound has no samples")
            first = min(round((start_s or 0.0) * rate_hz), sound.frames)
            last = sound.frames if end_s is None else min(round(end_s * rate_hz), sound.frames)
            if last <= first:
                raise MediaError(f"sound is {sound.frames / rate_hz:.2f} s long: nothing after {start_s or 0:g} s")
            check_format(rate_hz=rate_hz, channels=sound.channels, seconds=(last - first) / rate_hz)
            sound.seek(first)
            return _mixed(sound, last - first), rate_hz
    except soundfile.LibsndfileError:
        return None


_BLOCK = 1 << 16


def _mixed(sound: soundfile.SoundFile, frames: int) -> Float[np.ndarray, "samples"]:
    """The next frames, channels averaged block by block, so that many channels need no more memory than one."""
    blocks = []
    while frames > 0 and len(block := sound.read(min(_BLOCK, frames), dtype="float32", always_2d=True)):
        blocks.append(block.mean(axis=1, dtype=np.float32))
        frames -= len(block)
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)


def check_format(*, rate_hz: int, channels: int, seconds: float) -> None:
    """Refuse what no recording has.

    Raises:
        MediaError: with the limit that is broken.
    """
    if not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
        raise MediaError(f"sample rate {rate_hz} Hz is outside {RATES_HZ[0]} to {RATES_HZ[1]} Hz")
    if not 1 <= channels <= MAX_CHANNELS:
        raise MediaError(f"{channels} channels: at most {MAX_CHANNELS} are read")
    if seconds > MAX_SOUND_S:
        raise MediaError(f"sound is {seconds / 60:.0f} min long: cut it to at most {MAX_SOUND_S / 60:.0f} min")
    if seconds * rate_hz > MAX_SAMPLES:
        raise MediaError(f"sound has {seconds * rate_hz:,.0f} samples: cut it to at most {MAX_SAMPLES:,}")


def checked(samples: Float[np.ndarray, "samples"]) -> Float[np.ndarray, "samples"]:
    """The samples, if every one is a number a loudspeaker could play.

    Raises:
        MediaError: empty, NaN or infinite, or far beyond full scale.
    """
    if samples.size == 0:
        raise MediaError("sound has no samples")
    if not np.isfinite(samples).all():
        raise MediaError(f"sound holds {int((~np.isfinite(samples)).sum())} samples that are not finite numbers")
    if float(np.abs(samples).max()) > 1000.0:
        raise MediaError("sound is over 1000 times full scale: write it as numbers between -1 and 1")
    return samples


def frame(file: MediaFile, *, at_s: float) -> UInt8[np.ndarray, "rows cols 3"]:
    """The video frame shown at `at_s` seconds, RGB.

    Raises:
        MediaError: not a video, or it ends before.
    """
    from xmodal.data import containers

    return containers.frame(file, at_s=at_s)


def clip(
    file: MediaFile,
    *,
    start_s: float | None = None,
    end_s: float | None = None,
    size_px: int = 256,
    rate_hz: float = 8.0,
) -> Clip:
    """A part of a video: `rate_hz` frames a second, the longer side at most `size_px`, and the sound.

    Raises:
        MediaError: not a video, damaged, or too large.
    """
    from xmodal.data import containers

    return containers.clip(file, start_s=start_s, end_s=end_s, size_px=size_px, rate_hz=rate_hz)


def resampled(sound: Waveform, rate_hz: int) -> Waveform:
    """The same sound at another rate (polyphase filter, linear phase)."""
    if sound.rate_hz == rate_hz:
        return sound
    from scipy.signal import resample_poly

    common = math.gcd(sound.rate_hz, rate_hz)
    samples = resample_poly(sound.samples, rate_hz // common, sound.rate_hz // common)
    return Waveform(np.asarray(samples, dtype=np.float32), rate_hz)
