"""What is written for browsers decodes to what it was."""

import io

import numpy as np
import pytest

from tests.data.media_files import RATE_HZ, photo, tone
from xmodal.data import decode, encode
from xmodal.data.sample import Waveform


def test_png_is_lossless_and_jpeg_nearly() -> None:
    np.testing.assert_array_equal(decode.picture(io.BytesIO(encode.png(photo()))), photo())
    seen = decode.picture(io.BytesIO(encode.jpeg(photo())))
    assert np.abs(seen.astype(int) - photo().astype(int)).mean() < 6
    grey = np.arange(64, dtype=np.uint8).reshape(8, 8)
    np.testing.assert_array_equal(decode.picture(io.BytesIO(encode.png(grey)))[..., 0], grey)


@pytest.mark.parametrize("write", [encode.flac, encode.wav])
def test_sound_keeps_every_sample_to_16_bits_and_is_clipped(write) -> None:
    loud = tone() * 5
    for samples in (tone(), loud, np.zeros(0, np.float32) if write is encode.wav else tone(0.01)):
        data = write(Waveform(samples, RATE_HZ))
        if samples.size:
            heard = decode.waveform(io.BytesIO(data))
            assert heard.rate_hz == RATE_HZ
            np.testing.assert_allclose(heard.samples, np.clip(samples, -1, 1), atol=1 / 32_000)
