import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.data.readers.reading import read
from xmodal.data import load
from xmodal.data.media import Text
from xmodal.data.sample import Split, Word
from xmodal.modality import Modality

PHOTO = "training/urban/street/ADE_train_00016964"


@pytest.fixture
def folder(realdata: Path, tmp_path: Path) -> Path:
    """The published layout around the one real photo."""
    source = realdata / "ade20k/ADE20K_2021_17_01/images/ADE" / PHOTO
    for kind, suffix in (("frames", ".jpg"), ("annotations", "_seg.png"), ("annotations", ".json")):
        target = tmp_path / kind / f"{PHOTO}{suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(f"{source}{suffix}", target)
    (tmp_path / "audio/training").mkdir(parents=True)
    soundfile.write(tmp_path / "audio/training/caption_1.wav", np.zeros(16000, np.float32), 16000)
    return tmp_path


def row(**changes: object) -> dict[str, object]:
    caption = {"words": ["A", "dark", "street"], "start": [0.1, 0.2, 0.5], "end": [0.2, 0.45, 0.9]}
    plain = {"image": f"{PHOTO}.jpg", "audio": "training/caption_1.wav", "seg": f"{PHOTO}_seg.png", "caption": caption}
    return {**plain, **changes}


def write(folder: Path, content: object) -> None:
    (folder / "metadata_with_caption_dedup.json").write_text(json.dumps(content))


@pytest.mark.parametrize("by_columns", [False, True])
def test_words_and_masks(folder: Path, by_columns: bool) -> None:
    write(folder, {key: {"0": cell} for key, cell in row().items()} if by_columns else [row()])
    (sample,), report = read(None, folder)
    assert report.total == 0
    assert (sample.id, sample.split) == ("ade20k_captions/training/caption_1", Split.TRAIN)
    assert (sample.scene, sample.group) == ("urban/street", "ADE_train_00016964")
    assert sample.truth.words == (Word("a", 0.1, 0.2), Word("dark", 0.2, 0.45), Word("street", 0.5, 0.9))
    assert sample.media[Modality.TEXT] == Text(("a dark street",))
    found = load.label_map(sample)
    assert found is not None
    assert found.names[401] == "car"


def test_bad_rows(folder: Path) -> None:
    bad_times = {"words": ["a", "b"], "start": [0], "end": [1, 2]}
    elsewhere = row(image=f"{PHOTO}.jpg".replace("training", "street"))
    write(folder, [row(caption=bad_times), row(audio="../a.wav"), row(audio=None), 3, elsewhere])
    samples, report = read(None, folder)
    assert [sample.truth.words for sample in samples] == [()]
    reasons = [entry.reason for entry in report.rows]
    expected = ("lists of one length", "leaves", "no audio", "expected an object", "missing file")
    for reason, words in zip(reasons, expected, strict=True):
        assert words in reason
