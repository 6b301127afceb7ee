"""A run, a picture and a recording (or words, or a film) give maps, whatever a person brings; or one clear line."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from tests.recipes.matched_runs import RUNS, SOUND, SPEECH, WORDS, listening
from xmodal.analysis.matchmaps import pair_scores
from xmodal.data.decode import MediaError
from xmodal.data.sample import Clip, Waveform
from xmodal.errors import InputError
from xmodal.recipes.matched import (
    MEAN,
    SHUFFLED,
    TRUE,
    UNTRAINED,
    Trained,
    filmed,
    match,
    matched,
    matched_files,
    recording,
)
from xmodal.seeding import stream
from xmodal.similarity.matchmap import Aggregation
from xmodal.workspace import Workspace

RATE_HZ = 16_000
PICTURE = stream(0, "picture").integers(0, 256, (48, 64, 3), dtype=np.uint8)


def noise(seconds: float, rate_hz: int = RATE_HZ) -> Waveform:
    samples = stream(1, "noise").normal(0.0, 0.1, round(seconds * rate_hz)).astype(np.float32)
    return Waveform(samples, rate_hz)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Trained]:
    here = Workspace(tmp_path_factory.mktemp("runs"))
    return {name: listening(here, name) for name in RUNS}


@pytest.mark.parametrize("name", [SPEECH, SOUND])
def test_a_recording_gives_the_map_and_its_controls(trained: dict[str, Trained], name: str) -> None:
    found = matched(trained[name], PICTURE, noise(2.0), other=noise(1.0))
    assert list(found) == [TRUE, MEAN, SHUFFLED, UNTRAINED]
    true = found[TRUE]
    assert np.allclose(found[MEAN].scores[:, :, 0], true.scores.mean(axis=2), atol=1e-4)
    assert found[SHUFFLED].scores.shape[2] < true.scores.shape[2]
    assert np.array_equal(match(trained[name], PICTURE, noise(2.0)).scores, true.scores)
    scores = pair_scores(true)
    assert scores[Aggregation.SISA] == pytest.approx(true.scores.mean(), abs=1e-5)
    assert scores[Aggregation.MISA] == pytest.approx(true.scores.max(axis=(0, 1)).mean(), abs=1e-5)
    assert scores[Aggregation.SIMA] == pytest.approx(true.scores.max(axis=2).mean(), abs=1e-5)


def test_a_text_gives_a_frame_a_word(trained: dict[str, Trained]) -> None:
    found = matched(trained[WORDS], PICTURE, "A dog near the zeppelin.", other="an owl")
    assert found[TRUE].scores.shape[2] == 5
    assert found[SHUFFLED].scores.shape[2] == 2


@pytest.mark.parametrize(
    ("name", "caption", "says"),
    [
        (WORDS, noise(1.0), "reads words: give it a text"),
        (SPEECH, "a dog", "listens to speech: give it a recording"),
        (SOUND, "a dog", "listens to sound: give it a recording"),
        (WORDS, "?!", "the text has 0 words"),
        (WORDS, "owl " * 500, "the text has 500 words: 1 to 400 are read"),
        (SPEECH, noise(601.0, 4000), "10.0 min long: cut it to 10 min"),
    ],
    ids=["sound for words", "words for speech", "words for sound", "no word", "too many words", "too long"],
)
def test_what_does_not_fit_is_said_in_one_line(
    trained: dict[str, Trained], name: str, caption: Waveform | str, says: str
) -> None:
    with pytest.raises(InputError, match=says) as caught:
        matched(trained[name], PICTURE, caption)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("seconds", [0.0001, 0.05, 0.3])
def test_a_click_has_a_map(trained: dict[str, Trained], seconds: float) -> None:
    found = matched(trained[SPEECH], PICTURE, noise(seconds))
    assert all(each.scores.shape[2] >= 1 and np.isfinite(each.scores).all() for each in found.values())


def test_silence_has_a_map_that_stands_still(trained: dict[str, Trained]) -> None:
    true = match(trained[SPEECH], PICTURE, Waveform(np.zeros(10 * RATE_HZ, np.float32), RATE_HZ)).scores
    middle = true[:, :, true.shape[2] // 2 - 3 : true.shape[2] // 2 + 3]
    assert np.isfinite(true).all()
    assert np.ptp(middle, axis=2).max() < 1e-4


def test_ten_minutes_are_one_map(trained: dict[str, Trained]) -> None:
    true = match(trained[SPEECH], PICTURE, noise(600.0))
    assert true.times_s[-1] == pytest.approx(600.0, abs=1.0)
    assert np.isfinite(true.scores).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1)])
def test_odd_pictures_have_maps(trained: dict[str, Trained], shape: tuple[int, int]) -> None:
    picture = np.full((*shape, 3), 90, np.uint8)
    assert np.isfinite(match(trained[SPEECH], picture, noise(0.5)).scores).all()


def test_thirty_megapixels_and_a_file_of_sound(trained: dict[str, Trained], tmp_path: Path) -> None:
    Image.new("RGB", (6400, 4800), (200, 90, 40)).save(tmp_path / "large.jpg")
    soundfile.write(tmp_path / "voice.ogg", noise(1.0).samples, RATE_HZ)
    found = matched_files(trained[SPEECH], tmp_path / "large.jpg", tmp_path / "voice.ogg")
    assert list(found) == [TRUE, MEAN, UNTRAINED]


def test_a_file_and_words(trained: dict[str, Trained], tmp_path: Path) -> None:
    Image.fromarray(PICTURE).save(tmp_path / "picture.png")
    assert SHUFFLED in matched_files(trained[WORDS], tmp_path / "picture.png", "a dog", other="the bell")


def test_what_is_not_a_recording_is_said_in_one_line() -> None:
    picture = io.BytesIO()
    Image.fromarray(PICTURE).save(picture, "PNG")
    for content in (picture.getvalue(), b"", b"hello", b"RIFF0000WAVEfmt "):
        with pytest.raises(MediaError) as caught:
            recording(io.BytesIO(content))
        assert "\n" not in str(caught.value)


def test_a_long_file_is_refused_before_it_is_decoded_whole() -> None:
    content = io.BytesIO()
    soundfile.write(content, np.zeros(2400 * 4000, np.int16), 4000, format="FLAC")
    with pytest.raises(MediaError, match="longer than 10 min: cut it"):
        recording(content)


def film(seconds: float = 2.0) -> Clip:
    frames = np.zeros((round(8 * seconds), 48, 64, 3), np.uint8)
    frames[len(frames) // 2 :] = 200
    return Clip(frames, 8.0, noise(seconds))


def test_a_film_is_matched_with_the_picture_of_the_moment(trained: dict[str, Trained]) -> None:
    clip, run = film(), trained[SOUND]
    found = filmed(run, clip, other=noise(3.0))
    assert list(found) == [TRUE, MEAN, SHUFFLED, UNTRAINED]
    true, sound = found[TRUE], clip.sound
    assert sound is not None
    for seen, now in ((clip.frames[0], true.times_s < 0.9), (clip.frames[-1], true.times_s > 1.1)):
        still = match(run, seen, sound).scores
        assert now.any()
        assert np.allclose(true.scores[:, :, now], still[:, :, now], atol=1e-5)
    assert not np.allclose(found[MEAN].scores[:, :, 0], found[MEAN].scores[:, :, -1])
    assert found[SHUFFLED].times_s[-1] > found[TRUE].times_s[-1]  # a longer sound goes on with the last picture


def test_a_film_without_sound_is_said(trained: dict[str, Trained]) -> None:
    with pytest.raises(InputError, match="no sound"):
        filmed(trained[SOUND], Clip(film().frames, 8.0, None))


def test_a_film_is_not_for_readers(trained: dict[str, Trained]) -> None:
    with pytest.raises(InputError, match="reads words"):
        filmed(trained[WORDS], film())
