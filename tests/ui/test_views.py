"""What the browser is given: sizes, levels, masks, and calm words for what is broken."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from tests.ui.tiny_catalog import ball
from xmodal.data import loudness
from xmodal.data.catalog import Catalog
from xmodal.data.decode import MediaError
from xmodal.data.sample import Waveform
from xmodal.figures import spectrogram
from xmodal.modality import Modality
from xmodal.ui.views import VIEWS, masks, pictures, sounds
from xmodal.ui.views.rendition import SUFFIXES, Rendition


def opened(rendition: Rendition) -> np.ndarray:
    with Image.open(io.BytesIO(rendition.content)) as image:
        return np.asarray(image)


@pytest.mark.parametrize(
    ("shape", "view_px", "expected"),
    [
        ((28, 28), 224, (224, 224)),
        ((500, 1000), 224, (112, 224)),
        ((96, 96), 224, (192, 192)),
        ((1, 3000), 224, (1, 224)),
    ],
)
def test_pictures_fit(shape: tuple[int, int], view_px: int, expected: tuple[int, int]) -> None:
    image = pictures.fitted(np.zeros((*shape, 3), np.uint8), view_px)
    assert (image.height, image.width) == expected


def test_every_view_of_every_entry_is_of_a_known_type(tiny: Catalog) -> None:
    sample = tiny[0]
    made = [("thumb", modality) for modality in sample.media if modality is not Modality.TEXT]
    made += [("large", Modality.IMAGE), ("mask", Modality.IMAGE), ("numbers", Modality.IMAGE)]
    made += [("wave", Modality.SPEECH), ("spectrogram", Modality.SOUND), ("video", Modality.VIDEO)]
    for view, modality in made:
        rendition = VIEWS[view](sample, modality)
        assert rendition.media_type in SUFFIXES
        assert rendition.content


def test_played_sound_has_one_loudness_and_never_clips(tiny: Catalog) -> None:
    samples, rate_hz = soundfile.read(io.BytesIO(sounds.wave(tiny[0], Modality.SPEECH).content))
    assert rate_hz == 16_000
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(loudness.LEVEL, rel=0.01)
    click = np.zeros(1000, np.float32)
    click[500] = 0.01
    assert np.abs(loudness.evened(click)).max() == pytest.approx(loudness.PEAK)
    silence = np.zeros(100, np.float32)
    assert np.array_equal(loudness.evened(silence), silence)


def test_a_tone_is_a_line_at_its_height() -> None:
    rate_hz = 16_000
    time_s = np.arange(rate_hz) / rate_hz
    rows = []
    for tone_hz in (200, 1000, 4000):
        levels = spectrogram.mel_levels(Waveform(np.sin(2 * np.pi * tone_hz * time_s).astype(np.float32), rate_hz))
        assert levels.shape == (spectrogram.BANDS, 101)
        assert levels.max() == pytest.approx(1.0)
        middle = levels[:, 50]
        assert np.all(middle[np.abs(np.arange(spectrogram.BANDS) - middle.argmax()) > 12] < 0.6)
        rows.append(middle.argmax())
    assert rows == sorted(rows)
    top_mel = 2595 * np.log10(1 + 8000 / 700)
    assert rows[1] == pytest.approx(2595 * np.log10(1 + 1000 / 700) / top_mel * 97 - 1, abs=1.5)


@pytest.mark.parametrize("count", [1, 2, 159, 400, 16_000 * 60])
def test_any_length_has_a_spectrogram(count: int) -> None:
    levels = spectrogram.mel_levels(Waveform(np.full(count, 0.5, np.float32), 16_000))
    assert np.isfinite(levels).all()
    assert 1 <= levels.shape[1] <= spectrogram.MAX_COLUMNS + 1


def test_silence_is_black() -> None:
    assert not spectrogram.mel_levels(Waveform(np.zeros(1000, np.float32), 8000)).any()


def test_numbers_hold_class_and_instance(tiny: Catalog) -> None:
    pixels = opened(masks.numbers(tiny[5], Modality.IMAGE)).astype(int)
    labels = pixels[..., 0] | (pixels[..., 1] & 15) << 8
    instances = pixels[..., 2] | (pixels[..., 1] >> 4) << 8
    factor = pixels.shape[0] // 96
    assert pixels.shape[0] == 96 * factor >= masks.MASK_PX // 2
    left, top, right, bottom = (side * factor for side in ball(5))
    inside = labels[top + factor : bottom - factor, left + factor : right - factor]
    assert np.unique(inside).size == 1
    assert inside[0, 0] != labels[0, -1] == 0
    assert np.unique(instances[top + factor : bottom - factor, left + factor : right - factor]).size == 1


def test_regions_name_what_the_map_holds(tiny: Catalog) -> None:
    found = masks.regions(tiny[5])
    assert {region.name for region in found.classes} == {"ball", "floor"}
    assert found.classes[0].share == pytest.approx(40 * 40 / 96**2, rel=0.1)
    assert len({region.colour for region in found.instances}) == 2


def test_the_overlay_is_clear_where_nothing_is_labelled(tiny: Catalog) -> None:
    pixels = opened(masks.overlay(tiny[5], Modality.IMAGE))
    assert pixels.shape[2] == 4
    assert pixels[0, -1, 3] == 0
    assert pixels[48, 25, 3] == 255


def test_what_is_broken_says_why(tiny: Catalog) -> None:
    with pytest.raises(MediaError, match="damaged"):
        VIEWS["thumb"](tiny.sample("tiny/007"), Modality.IMAGE)
    assert opened(pictures.error_tile("x" * 500)).shape == (224, 224, 3)
    with pytest.raises(MediaError, match="only the image"):
        VIEWS["mask"](tiny[0], Modality.SKETCH)


def test_a_webm_is_given_as_it_is_and_a_part_of_it_is_not(tiny: Catalog, tiny_root: Path) -> None:
    original = (tiny_root / "pictures and sounds" / "clip.webm").read_bytes()
    assert VIEWS["video"](tiny[0], Modality.VIDEO).content == original
