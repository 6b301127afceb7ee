from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from tests.data.readers.reading import read
from xmodal.data import importing, load
from xmodal.data.readers import ReaderError
from xmodal.data.readers.table import detect
from xmodal.data.sample import Split
from xmodal.modality import Modality

EXCERPTS = {
    "caltech101": (112, 6, Modality.IMAGE),
    "scenes15": (150, 15, Modality.IMAGE),
    "cifar10": (300, 10, Modality.IMAGE),
    "speech_commands": (60, 3, Modality.SPEECH),
    "fsdd": (1000, 10, Modality.SPEECH),
    "imagenet_samples": (24, 24, Modality.IMAGE),
    "formats": (5, 0, Modality.SOUND),
}
"""Folder -> items, classes, modality."""


@pytest.mark.parametrize("name", EXCERPTS)
def test_excerpts(realdata: Path, name: str) -> None:
    items, classes, modality = EXCERPTS[name]
    assert detect(realdata / name) == "class_folders"
    samples, report = read(None, realdata / name)
    assert (len(samples), report.total) == (items, 0)
    assert len({sample.scene for sample in samples} - {None}) == classes
    assert all(list(sample.media) == [modality] for sample in samples)
    assert not any(importing.faults(sample) for sample in samples[:5])


def test_splits_as_published(realdata: Path) -> None:
    scenes, _ = read(None, realdata / "scenes15")
    assert all(sample.split.value == sample.id.split("/")[1].split("_")[0] for sample in scenes)
    assert {sample.split for sample in read(None, realdata / "cifar10")[0]} == {Split.TRAIN}
    spoken, _ = read(None, realdata / "speech_commands")
    speakers = {split: {sample.group for sample in spoken if sample.split is split} for split in Split}
    assert not speakers[Split.TRAIN] & (speakers[Split.TEST] | speakers[Split.VALIDATION])
    assert speakers[Split.TEST] and speakers[Split.VALIDATION]


def test_names(realdata: Path) -> None:
    first = read(None, realdata / "imagenet_samples")[0][0]
    assert (first.scene, first.facts) == ("cock", {"WordNet id": "n01514668"})
    assert read(None, realdata / "caltech101")[0][0].scene == "dalmatian"
    assert load.picture(first, Modality.IMAGE).shape[2] == 3


def test_speech_commands_lists(tmp_path: Path) -> None:
    for name in ("bed/0a7c2a8d_nohash_0.wav", "cat/0a7c2a8d_nohash_1.wav", "_background_noise_/white_noise.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        soundfile.write(tmp_path / name, np.zeros(160, np.float32), 16000)
    (tmp_path / "testing_list.txt").write_text("bed/0a7c2a8d_nohash_0.wav\n")
    samples, report = read("class_folders", tmp_path)
    assert [(sample.scene, sample.split) for sample in samples] == [("bed", Split.TEST), ("cat", Split.TRAIN)]
    assert "_background_noise_" in report.notes[0]


def test_split_folders_and_strange_files(tmp_path: Path) -> None:
    for name in ("train/a b/1.png", "val/a b/1.png", "test/häuser/1.JPG", "test/häuser/.hidden.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8)).save(tmp_path / name)
    (tmp_path / "test" / "häuser" / "model.bin").write_bytes(b"1")
    (tmp_path / "test" / "häuser" / "list.txt").write_text("1.JPG")
    (tmp_path / "test" / "away").symlink_to("/")
    samples, report = read(None, tmp_path)
    assert [sample.id for sample in samples] == ["test/häuser/1.JPG", "train/a b/1.png", "val/a b/1.png"]
    assert Counter(sample.split for sample in samples) == dict.fromkeys(Split, 1)
    assert sorted(row.file for row in report.rows) == ["test/away", "test/häuser/model.bin"]


def test_options(realdata: Path) -> None:
    root = realdata / "caltech101"
    drawn, _ = read("class_folders", root, modality="sketch", test_share="0.5", validation_share="0")
    assert all(Modality.SKETCH in sample.media for sample in drawn)
    assert 30 < sum(sample.split is Split.TEST for sample in drawn) < 82
    for options in ({"modality": "text"}, {"test_share": "half"}, {"test_share": "0.7", "validation_share": "0.7"}):
        with pytest.raises(ReaderError):
            read("class_folders", root, None, **options)


def test_not_for_everything(tmp_path: Path, realdata: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.c").write_text("int main;")
    assert detect(tmp_path) is None
    assert detect(realdata / "word_vectors") is None
    assert detect(realdata / "wordnet") is None
