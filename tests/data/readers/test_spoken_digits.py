import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.data.readers.reading import read
from xmodal.data import load
from xmodal.data.decode import MediaError
from xmodal.data.media import Rendered
from xmodal.data.readers import ReaderError, idx_files
from xmodal.data.readers.table import detect
from xmodal.data.sample import Sample, Split
from xmodal.modality import Modality


def spec(sample: Sample) -> dict:
    entry = sample.media[Modality.IMAGE]
    assert isinstance(entry, Rendered)
    return dict(entry.arguments())


@pytest.fixture(scope="module")
def item(realdata: Path) -> Sample:
    """The first of twenty."""
    return read(None, realdata, items="20")[0][0]


def take(name: str) -> int:
    return int(name.removesuffix(".wav").split("_")[2])


def test_items(realdata: Path) -> None:
    assert detect(realdata) == "spoken_digits"
    samples, report = read(None, realdata, items="100", test_items="20")
    assert report.total == 0
    assert Counter(sample.split for sample in samples) == {Split.TRAIN: 70, Split.VALIDATION: 10, Split.TEST: 20}
    again, _ = read(None, realdata, items="100", test_items="20")
    assert samples == again
    assert read(None, realdata, items="10", seed="1")[0][0].media != samples[0].media
    for sample in samples:
        arguments = spec(sample)
        assert len({*arguments["digits"]}) == len({*arguments["cells"]}) == 3
        spoken = [int(name[0]) for name in arguments["spoken"]]
        assert sorted(spoken) == sorted(arguments["digits"]) and spoken != arguments["digits"]
        assert {name.split("_")[1] for name in arguments["spoken"]} == {(sample.group or "").removeprefix("speaker ")}


def test_splits_share_nothing(realdata: Path) -> None:
    samples, _ = read(None, realdata, items="300", k="4")
    for sample in samples:
        takes, pictures = [take(name) for name in spec(sample)["spoken"]], spec(sample)["pictures"]
        if sample.split is Split.TEST:
            assert max(takes) < 5 and min(pictures) >= 3200 and max(pictures) < 4000
        elif sample.split is Split.VALIDATION:
            assert {*takes} <= {5, 6} and min(pictures) >= 2800 and max(pictures) < 3200
        else:
            assert min(takes) >= 7 and max(pictures) < 2800


def test_heldout_speakers(realdata: Path) -> None:
    samples, _ = read(None, realdata, items="100", heldout_speakers="theo, george")
    speakers = {split: {sample.group for sample in samples if sample.split is split} for split in Split}
    assert speakers[Split.TEST] == {"speaker theo", "speaker george"}
    assert speakers[Split.TRAIN] | speakers[Split.VALIDATION] == {"speaker jackson", "speaker nicolas"}


def test_pictures_and_masks_at_any_size(realdata: Path, item: Sample) -> None:
    sample = item
    arguments = spec(sample)
    labels = idx_files.read(realdata / "mnist" / "raw" / "t10k-labels-idx1-ubyte.gz")
    assert labels[arguments["pictures"]].tolist() == arguments["digits"]
    small = load.picture(sample, Modality.IMAGE)
    large = load.picture(sample, Modality.IMAGE, size_px=512)
    assert (small.shape, large.shape) == ((128, 128, 3), (512, 512, 3))
    blocks = large.reshape(128, 4, 128, 4, 3).mean(axis=(1, 3))
    assert np.abs(blocks - small).mean() < 4
    found = load.label_map(sample, size_px=512)
    assert found is not None
    assert found.instance_names == sample.truth.objects
    assert large[found.labels > 0].mean() > large[found.labels == 0].mean() + 60
    for place, cell in enumerate(arguments["cells"], start=1):
        rows, cols = np.nonzero(found.instances == place)
        assert {*(rows // 256 * 2 + cols // 256)} == {cell}


def test_speech_and_word_times(realdata: Path, item: Sample) -> None:
    sample = item
    sound = load.waveform(sample, Modality.SPEECH)
    assert sound.rate_hz == 8000 and np.abs(sound.samples).max() <= 1.0
    inside = np.zeros(sound.samples.size, bool)
    loudness = []
    for word, name in zip(sample.truth.words, spec(sample)["spoken"], strict=True):
        first, last = round(word.start_s * 8000), round(word.end_s * 8000)
        inside[first:last] = True
        original, _ = soundfile.read(realdata / "fsdd" / "recordings" / name)
        assert last - first == original.size
        middle = slice(first + 100, last - 100)
        assert np.corrcoef(sound.samples[middle], original[100:-100])[0, 1] > 0.99
        loudness.append(float(np.sqrt(np.mean(sound.samples[first:last] ** 2))))
    assert np.sqrt(np.mean(sound.samples[~inside] ** 2)) < 0.001
    assert max(loudness) < 2 * min(loudness)
    assert load.texts(sample) == (" ".join(word.text for word in sample.truth.words),)


def test_halves_elsewhere(realdata: Path, tmp_path: Path) -> None:
    roots = {"mnist": realdata / "mnist" / "raw", "fsdd": realdata / "fsdd" / "recordings"}
    sample = read("spoken_digits", tmp_path, roots, items="10")[0][0]
    beside = read("spoken_digits", realdata, mnist="mnist/raw", fsdd="fsdd/recordings", items="10")[0][0]
    assert np.array_equal(load.picture(sample, Modality.IMAGE), load.picture(beside, Modality.IMAGE))
    assert load.waveform(sample, Modality.SPEECH).duration_s > 0.5


def test_bad_recordings(realdata: Path, tmp_path: Path) -> None:
    shutil.copytree(realdata / "mnist", tmp_path / "mnist")
    folder = tmp_path / "fsdd" / "recordings"
    folder.mkdir(parents=True)
    for digit in range(3):
        for number in (0, 5, 7):
            name = f"{digit}_theo_{number}.wav"
            shutil.copy(realdata / "fsdd" / "recordings" / name, folder / name)
    (folder / "0_theo_8.wav").write_bytes(b"RIFF")
    (folder / "noise.wav").write_bytes(b"")
    soundfile.write(folder / "0_theo_9.wav", np.zeros(100, np.float32), 16000)
    samples, report = read(None, tmp_path, items="10")
    assert len(samples) == 10
    assert [row.file for row in report.rows] == ["0_theo_8.wav", "0_theo_9.wav", "noise.wav"]
    (folder / "0_theo_0.wav").unlink()
    assert "no test items" in read(None, tmp_path, items="10")[1].notes[0]


@pytest.mark.parametrize(
    "options", [{"k": "5"}, {"items": "many"}, {"heldout_speakers": "nobody"}, {"fsdd": "nowhere"}, {"mnist": "../x"}]
)
def test_bad_options(realdata: Path, options: dict[str, str]) -> None:
    with pytest.raises(ReaderError, match=next(iter(options))):
        read("spoken_digits", realdata, None, **options)


@pytest.mark.parametrize(
    "change",
    [{"digits": [11, 1, 2]}, {"cells": [0]}, {"pictures": [0, 1, 99999]}, {"images": "../x"}, {"spoken": ["../x"] * 3}],
)
def test_bad_references(item: Sample, change: dict) -> None:
    entry = Rendered("spoken_digits", json.dumps(spec(item) | change))
    broken = replace(item, media={Modality.IMAGE: entry, Modality.SPEECH: entry})
    with pytest.raises(MediaError):
        load.picture(broken, Modality.IMAGE)
        load.waveform(broken, Modality.SPEECH)


@pytest.mark.parametrize(
    "content", [b"", b"\0\0\x0d\x01", b"\0\0\x08\x01\0\0\0\x09abc", b"\0\0\x08\x01\xff\xff\xff\xff"]
)
def test_bad_idx_files(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken"
    path.write_bytes(content)
    with pytest.raises(idx_files.IdxError):
        idx_files.read(path)
    with pytest.raises(idx_files.IdxError):
        idx_files.read(tmp_path / "absent")
