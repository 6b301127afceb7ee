"""Good files decode to known content; every bad one gets one clear line, quickly, and nothing on the terminal."""

import io
import struct
import time
import zlib
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.data.media_files import RATE_HZ, image_bytes, photo, png_claiming, sound_bytes, tone, wav_header
from xmodal.data import decode
from xmodal.data.decode import MediaError
from xmodal.data.sample import Waveform


@pytest.fixture(autouse=True)
def _quiet(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """No decoder writes onto the user's terminal."""
    yield
    assert capfd.readouterr() == ("", "")


def _refused(data: bytes, kind: str, words: str) -> None:
    start_s = time.process_time()
    with pytest.raises(MediaError, match=words) as caught:
        decode.picture(io.BytesIO(data)) if kind == "picture" else decode.waveform(io.BytesIO(data))
    assert time.process_time() - start_s < 2.0
    assert "\n" not in str(caught.value)


PHOTO = Image.fromarray(photo())
PNG, JPEG, TIFF = (image_bytes(PHOTO, kind) for kind in ("PNG", "JPEG", "TIFF"))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'


def _text_bomb() -> bytes:
    packed = zlib.compress(b"a" * 200_000_000, 1)
    body = b"zTXt" + b"key\0\0" + packed
    return PNG[:33] + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)) + PNG[33:]


BAD_PICTURES = {
    "empty": (b"", "not a picture .the file is empty"),
    "one byte": (b"\x89", "not a picture"),
    "text": (b"just some words\n", "not a picture .it begins with b'just some"),
    "HTML": (b"<!DOCTYPE html><html>404</html>", "not a picture"),
    "SVG named .png": (SVG, "not a picture"),
    "EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    "PNG, signature alone": (PNG[:8], "picture|damaged"),
    "PNG, half": (PNG[: len(PNG) // 2], "damaged"),
    "PNG, one flipped byte": (PNG[:90] + bytes([PNG[90] ^ 255]) + PNG[91:], "damaged"),
    "JPEG, header alone": (JPEG[:20], "picture|damaged"),
    "JPEG, half": (JPEG[: len(JPEG) // 2], "damaged"),
    "TIFF, half": (TIFF[: len(TIFF) // 2], "damaged"),
    "claims 60000 x 60000": (png_claiming(60_000, 60_000), "more than 64 million"),
    "claims 20000 x 20000": (png_claiming(20_000, 20_000), "more than 64 million"),
    "claims 9000 x 9000": (png_claiming(9_000, 9_000), "9000 x 9000 pixels: more than 64 million"),
    "claims 0 x 0": (png_claiming(0, 0), "picture|damaged"),
}


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_bad_picture(name: str) -> None:
    data, words = BAD_PICTURES[name]
    _refused(data, "picture", words)


def test_a_real_picture_of_81_megapixels_is_refused_before_decoding() -> None:
    _refused(image_bytes(Image.new("1", (9_000, 9_000)), "PNG"), "picture", "9000 x 9000")


def test_a_bomb_in_a_comment_is_refused() -> None:
    _refused(_text_bomb(), "picture", "damaged")


def test_sixteen_bit_greys_are_scaled_not_cut() -> None:
    ramp = np.linspace(0, 65_535, 256).astype(np.uint16).reshape(1, 256).repeat(4, axis=0)
    for data in (image_bytes(Image.fromarray(ramp), "PNG"), image_bytes(Image.fromarray(ramp), "TIFF")):
        seen = decode.picture(io.BytesIO(data))
        assert np.abs(seen[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_float_pictures_are_scaled_and_never_all_black() -> None:
    plane = np.linspace(0, 0.5, 64, dtype=np.float32).reshape(8, 8)
    seen = decode.picture(io.BytesIO(image_bytes(Image.fromarray(plane), "TIFF")))
    assert seen.max() == 255
    plane[0, 0] = np.nan
    assert decode.picture(io.BytesIO(image_bytes(Image.fromarray(plane), "TIFF"))).max() == 255


def test_every_mode_becomes_rgb() -> None:
    red = Image.new("RGB", (20, 10), (200, 30, 20))
    for mode, format in (("CMYK", "JPEG"), ("P", "PNG"), ("L", "PNG"), ("1", "PNG"), ("RGB", "WEBP"), ("P", "GIF")):
        seen = decode.picture(io.BytesIO(image_bytes(red.convert(mode), format)))
        assert seen.shape == (10, 20, 3), mode
        assert seen.dtype == np.uint8
    cmyk = decode.picture(io.BytesIO(image_bytes(red.convert("CMYK"), "JPEG")))
    assert np.abs(cmyk[5, 5].astype(int) - [200, 30, 20]).max() < 8


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_lies_over_white(mode: str) -> None:
    clear = Image.new(mode, (4, 4), (0,) * len(mode))
    assert (decode.picture(io.BytesIO(image_bytes(clear, "PNG"))) == 255).all()
    palette = Image.new("P", (4, 4), 0)
    palette.info["transparency"] = 0
    assert (decode.picture(io.BytesIO(image_bytes(palette, "PNG", transparency=0))) == 255).all()


def test_exif_rotation_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = decode.picture(io.BytesIO(image_bytes(PHOTO, "JPEG", exif=exif)))
    assert turned.shape == (64, 48, 3)
    assert np.abs(turned.astype(int) - np.rot90(photo(), -1).astype(int)).mean() < 12


@pytest.mark.parametrize("size", [(1, 1), (1, 20_000), (20_000, 1)])
def test_odd_sizes_decode(size: tuple[int, int]) -> None:
    assert decode.picture(io.BytesIO(image_bytes(Image.new("RGB", size), "PNG"))).shape == (size[1], size[0], 3)


@pytest.mark.parametrize("format", ["GIF", "WEBP"])
def test_of_an_animation_the_first_frame_is_shown(format: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255))]
    data = image_bytes(frames[0], format, save_all=True, append_images=frames[1:])
    assert (decode.picture(io.BytesIO(data))[8, 8] // 128).tolist() == [1, 0, 0]


def _spoilt(value: float) -> bytes:
    samples = tone()
    samples[5] = value
    return sound_bytes(samples, subtype="FLOAT")


BAD_SOUNDS = {
    "empty": (b"", "the file is empty"),
    "one byte": (b"R", "neither sound nor video"),
    "text": (b"just some words, no sound\n", "neither sound nor video"),
    "WAV without samples": (sound_bytes(tone(0)), "no samples"),
    "WAV, header alone": (wav_header(), "no samples"),
    "WAV, rate 0": (wav_header(rate_hz=0) + bytes(64), "damaged|sample rate"),
    "WAV, rate 2^31 - 1": (wav_header(rate_hz=2**31 - 1) + bytes(64), "sample rate 2147483647 Hz"),
    "WAV, no channels": (wav_header(channels=0) + bytes(64), "damaged|channels"),
    "WAV, 1000 channels": (wav_header(channels=1000) + bytes(4000), "channels|damaged"),
    "NaN": (_spoilt(np.nan), "1 samples that are not finite"),
    "infinity": (_spoilt(np.inf), "1 samples that are not finite"),
    "1e30": (_spoilt(1e30), "over 1000 times full scale"),
    "FLAC, 100 bytes": (sound_bytes(tone(), format="FLAC")[:100], "damaged"),
    "OGG, 100 bytes": (sound_bytes(tone(), format="OGG")[:100], "damaged"),
    "MP3, 100 bytes": (sound_bytes(tone(), format="MP3")[:100], "damaged|no samples"),
}


@pytest.mark.parametrize("name", BAD_SOUNDS)
def test_bad_sound(name: str) -> None:
    data, words = BAD_SOUNDS[name]
    _refused(data, "sound", words)


def test_two_hours_are_refused_from_the_header_but_a_part_of_them_is_read() -> None:
    long = sound_bytes(np.zeros(2 * 3600 * 8000, np.int8).astype(np.int16), 8000, format="FLAC")
    start_s = time.process_time()
    _refused(long, "sound", "120 min long: cut it to at most 60 min")
    part = decode.waveform(io.BytesIO(long), start_s=3600.0, end_s=3601.0)
    assert part.duration_s == 1.0
    assert time.process_time() - start_s < 0.5


@pytest.mark.parametrize("format", ["WAV", "FLAC", "OGG", "MP3"])
def test_every_codec_gives_every_sample(format: str) -> None:
    sound = decode.waveform(io.BytesIO(sound_bytes(tone(), format=format)))
    assert (sound.samples.size, sound.rate_hz) == (RATE_HZ, RATE_HZ)
    middle = slice(RATE_HZ // 4, 3 * RATE_HZ // 4)
    assert np.corrcoef(sound.samples[middle], tone()[middle])[0, 1] > 0.99


def test_one_sample_is_a_sound() -> None:
    assert decode.waveform(io.BytesIO(sound_bytes(tone()[:1]))).samples.shape == (1,)


def test_channels_are_averaged() -> None:
    left = np.zeros((RATE_HZ, 32), np.float32)
    left[:, 0] = tone()
    mono = decode.waveform(io.BytesIO(sound_bytes(left)))
    np.testing.assert_allclose(mono.samples, tone() / 32, atol=2e-5)


def test_192_khz_is_read_and_resampled() -> None:
    sound = decode.waveform(io.BytesIO(sound_bytes(tone(1.0, 192_000), 192_000)))
    assert sound.rate_hz == 192_000
    slow = decode.resampled(sound, RATE_HZ)
    assert slow.samples.shape == (RATE_HZ,)
    np.testing.assert_allclose(slow.samples[1000:-1000], tone()[1000:-1000], atol=0.01)


@pytest.mark.parametrize(
    "data",
    [
        wav_header(data_bytes=10**9) + sound_bytes(tone(0.1))[44:],
        sound_bytes(tone())[: 44 + 3200],
        sound_bytes(tone(), format="MP3")[:2000],
        sound_bytes(tone(30.0), format="OGG")[:20_000],
        sound_bytes(tone(30.0), format="FLAC")[:20_000],
    ],
    ids=["WAV header lies", "WAV cut", "MP3 cut", "Ogg cut", "FLAC cut"],
)
def test_of_a_cut_file_the_rest_is_heard(data: bytes) -> None:
    """`check` reports it (test_lengths); a page can still play it."""
    sound = decode.waveform(io.BytesIO(data))
    assert 0 < sound.duration_s < 29
    assert np.isfinite(sound.samples).all()


def test_content_counts_and_not_the_name() -> None:
    """A `.wav` that holds MP3 (as in Flickr8k audio captions) is MP3."""
    inside_wav = io.BytesIO(sound_bytes(tone(), format="MP3"))
    inside_wav.name = "speech.wav"
    assert decode.waveform(inside_wav).samples.size == RATE_HZ


def test_parts_of_a_sound() -> None:
    data = io.BytesIO(sound_bytes(np.arange(RATE_HZ, dtype=np.float32) / RATE_HZ))
    part = decode.waveform(data, start_s=0.25, end_s=0.5)
    assert part.samples.size == RATE_HZ // 4
    assert part.samples[0] == pytest.approx(0.25, abs=1e-3)
    with pytest.raises(MediaError, match=r"1.00 s long: nothing after 3 s"):
        decode.waveform(data, start_s=3.0, end_s=4.0)


def test_resampling_keeps_the_same_object_at_the_same_rate() -> None:
    sound = Waveform(tone(), RATE_HZ)
    assert decode.resampled(sound, RATE_HZ) is sound


SEEDS = {
    "png": PNG,
    "jpeg": JPEG,
    "tiff": TIFF,
    "gif": image_bytes(PHOTO, "GIF"),
    "webp": image_bytes(PHOTO, "WEBP"),
    "wav": sound_bytes(tone(0.1)),
    "flac": sound_bytes(tone(0.1), format="FLAC"),
    "ogg": sound_bytes(tone(0.1), format="OGG"),
    "mp3": sound_bytes(tone(0.1), format="MP3"),
}


@pytest.mark.parametrize("name", SEEDS)
def test_random_damage_never_gives_anything_but_content_or_a_media_error(name: str) -> None:
    _damage(name, 40)


@pytest.mark.nightly
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", SEEDS)
def test_much_random_damage(name: str) -> None:
    _damage(name, 2000)


def _damage(name: str, examples: int) -> None:
    good = SEEDS[name]
    places = st.integers(0, len(good) - 1)

    @settings(max_examples=examples, deadline=None, database=None, derandomize=True, phases=[Phase.generate])
    @given(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=12), st.integers(1, len(good)))
    def damaged(changes: list[tuple[int, int]], keep: int) -> None:
        data = bytearray(good)
        for place, value in changes:
            data[place] = value
        for content in (bytes(data), bytes(data[:keep])):
            try:
                if name in ("wav", "flac", "ogg", "mp3"):
                    assert np.isfinite(decode.waveform(io.BytesIO(content)).samples).all()
                else:
                    assert decode.picture(io.BytesIO(content)).ndim == 3
            except MediaError as error:
                assert str(error)

    damaged()
