"""References become content, or one clear error; nothing is read from outside the roots."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.data.media_files import image_bytes, mp4_bytes, photo, sound_bytes, tone
from xmodal.data import load, renderers
from xmodal.data.decode import MediaError
from xmodal.data.media import Media, Rendered, Stored, Text
from xmodal.data.sample import LabelMapSource, Sample, Split, Truth
from xmodal.modality import Modality

IMAGE, SOUND, VIDEO, TEXT = Modality.IMAGE, Modality.SOUND, Modality.VIDEO, Modality.TEXT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / "a.png").write_bytes(image_bytes(Image.fromarray(photo()), "PNG"))
    (folder / "a.wav").write_bytes(sound_bytes(tone()))
    (folder / "a.mp4").write_bytes(mp4_bytes(folder, sound=True))
    (folder / "labels.png").write_bytes(image_bytes(Image.fromarray(np.eye(4, dtype=np.uint8)), "PNG"))
    (tmp_path / "secret.png").write_bytes(image_bytes(Image.fromarray(photo()), "PNG"))
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    return folder


def _sample(root: Path, media: dict[Modality, Media], truth: Truth | None = None) -> Sample:
    return Sample("x", Split.TRAIN, media, truth=truth or Truth(), roots={"": root, "other": root})


def test_pictures_sounds_clips_and_words(root: Path) -> None:
    media: dict[Modality, Media] = {
        IMAGE: Stored("a.png", "other"),
        SOUND: Stored("a.wav", start_s=0.5),
        VIDEO: Stored("a.mp4", start_s=1.0, end_s=2.0),
        TEXT: Text(("one", "two")),
    }
    sample = _sample(root, media)
    np.testing.assert_array_equal(load.picture(sample, IMAGE), photo())
    assert load.waveform(sample, SOUND).duration_s == 0.5
    clip = load.clip(sample, size_px=32, rate_hz=4.0)
    assert clip.frames.shape == (4, 24, 32, 3)
    assert load.waveform(sample, VIDEO).duration_s == pytest.approx(1.0, abs=0.05)
    assert load.texts(sample) == ("one", "two")
    assert load.label_map(sample) is None


def test_a_picture_may_be_a_moment_of_a_video(root: Path) -> None:
    frame = load.picture(_sample(root, {IMAGE: Stored("a.mp4", start_s=1.0)}), IMAGE)
    assert frame.shape == (48, 64, 3)


def test_parts_of_shards(root: Path) -> None:
    picture, sound = (root / "a.png").read_bytes(), (root / "a.wav").read_bytes()
    (root / "s.tar").write_bytes(b"x" * 512 + picture + sound)
    media: dict[Modality, Media] = {
        IMAGE: Stored("s.tar", offset_bytes=512, size_bytes=len(picture)),
        SOUND: Stored("s.tar", offset_bytes=512 + len(picture), size_bytes=len(sound)),
        VIDEO: Stored("s.tar", offset_bytes=512, size_bytes=10**6),
    }
    sample = _sample(root, media)
    np.testing.assert_array_equal(load.picture(sample, IMAGE), photo())
    assert load.waveform(sample, SOUND).duration_s == 1.0
    with pytest.raises(MediaError, match="shard ends before byte"):
        load.clip(sample)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (Stored("../secret.png"), "leaves its folder"),
        (Stored("/etc/hostname"), "leaves its folder"),
        (Stored("link.png"), "through a link"),
        (Stored("gone.png"), "gone.png: there is no such file"),
        (Stored("a.png", "elsewhere"), "not registered"),
        (Stored("a.wav"), "not a picture"),
        (Rendered("nobody", "{}"), "unknown renderer 'nobody'; known: world"),
    ],
)
def test_bad_references(root: Path, entry: Media, words: str) -> None:
    with pytest.raises(MediaError, match=words):
        load.picture(_sample(root, {IMAGE: entry}), IMAGE)


def test_absent_entries_and_wrong_questions(root: Path) -> None:
    sample = _sample(root, {})
    for question in (
        lambda: load.picture(sample, IMAGE),
        lambda: load.picture(sample, SOUND),
        lambda: load.waveform(sample, SOUND),
        lambda: load.waveform(sample, IMAGE),
        lambda: load.clip(sample),
    ):
        with pytest.raises(MediaError):
            question()
    assert load.texts(sample) == ()


def test_a_renderer_that_makes_something_else_is_an_error(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(renderers.RENDERERS, "odd", lambda *_: np.zeros((2, 2, 3), np.uint8))
    sample = _sample(root, {IMAGE: Rendered("odd", "{}"), SOUND: Rendered("odd", "{}")})
    assert load.picture(sample, IMAGE).shape == (2, 2, 3)
    with pytest.raises(MediaError, match="makes no sound"):
        load.waveform(sample, SOUND)


def test_label_maps_by_scheme(root: Path) -> None:
    truth = Truth(label_map=LabelMapSource("indexed", Stored("labels.png")))
    found = load.label_map(_sample(root, {}, truth))
    assert found is not None
    np.testing.assert_array_equal(found.labels, np.eye(4))
    unknown = replace(truth, label_map=LabelMapSource("nonsense", Stored("labels.png")))
    with pytest.raises(MediaError, match="unknown label map scheme 'nonsense'; known: "):
        load.label_map(_sample(root, {}, unknown))
