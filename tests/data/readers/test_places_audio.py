import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from tests.data.readers.reading import read
from xmodal.data.media import Stored, Text
from xmodal.data.readers import ReaderError
from xmodal.data.readers.table import detect
from xmodal.data.sample import Split, Word
from xmodal.modality import Modality

NAMES = ("a/art_studio/gsun_0a1b", "b/beach/gsun_77f0", "a/apartment_building/outdoor/gsun_9c3d")


def media(root: Path) -> None:
    for number, name in enumerate(NAMES):
        photo = root / "images256" / f"{name}.jpg"
        photo.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (32, 32), (40 * number, 90, 120)).save(photo)
        wav = root / "wavs" / str(number) / f"utterance_{number}.wav"
        wav.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(wav, np.zeros(1600, np.float32), 16000)


def row(number: int) -> dict[str, str]:
    return {
        "wav": f"wavs/{number}/utterance_{number}.wav",
        "image": f"{NAMES[number]}.jpg",
        "uttid": f"A1WORKER{number}-GSUN_{number:032X}",
        "speaker": f"A1WORKER{number}",
        "asr_text": "there is an easel",
        "text_alignment": "0.00__<SIL>__0.31 0.31__THERE__0.52 0.52__IS__0.60 0.60__<SPOKEN_NOISE>__0.9 0.90__AN__1.00",
    }


def release(root: Path) -> Path:
    """The 400k release in small, base paths of another machine included."""
    media(root)
    for split, numbers in (("train", (0, 1)), ("val", (2,))):
        content = {
            "image_base_path": "/data/vision/images256/",
            "audio_base_path": "/data/audio/",
            "data": [row(n) for n in numbers],
        }
        (root / "metadata").mkdir(exist_ok=True)
        (root / "metadata" / f"{split}.json").write_text(json.dumps(content))
    return root


def test_400k_release(tmp_path: Path) -> None:
    root = release(tmp_path)
    assert detect(root) == "places_audio"
    samples, report = read("places_audio", root)
    assert report.total == 0
    first = samples[0]
    assert first.media == {
        Modality.IMAGE: Stored("images256/a/art_studio/gsun_0a1b.jpg"),
        Modality.SPEECH: Stored("wavs/0/utterance_0.wav"),
        Modality.TEXT: Text(("there is an easel",)),
    }
    assert first.truth.words == (Word("there", 0.31, 0.52), Word("is", 0.52, 0.6), Word("an", 0.9, 1.0))
    assert (first.group, first.scene) == ("A1WORKER0", "art_studio")
    assert [sample.split for sample in samples] == [Split.TRAIN, Split.TRAIN, Split.VALIDATION]
    assert samples[2].scene == "apartment_building/outdoor"


def test_kaldi_release(tmp_path: Path) -> None:
    media(tmp_path)
    (tmp_path / "metadata").mkdir()
    (tmp_path / "lists").mkdir()
    rows = [row(number) for number in range(3)]
    for file, key in (("utt2wav", "wav"), ("utt2image", "image"), ("utt2spk", "speaker"), ("utt2ASR", "asr_text")):
        (tmp_path / "metadata" / file).write_text("".join(f"{entry['uttid']} {entry[key]}\n" for entry in rows))
    (tmp_path / "lists" / "acl_2017_train_uttids").write_text(f"{rows[0]['uttid']}\n{rows[1]['uttid']}\nNOBODY-1\n")
    (tmp_path / "lists" / "acl_2017_val_uttids").write_text(f"{rows[2]['uttid']}\n")
    assert detect(tmp_path) == "places_audio"
    samples, report = read("places_audio", tmp_path)
    assert [sample.split for sample in samples] == [Split.TRAIN, Split.TRAIN, Split.VALIDATION]
    assert samples[1].media[Modality.TEXT] == Text(("there is an easel",))
    assert [entry.row for entry in report.rows] == ["3"]


def test_photos_elsewhere(tmp_path: Path) -> None:
    root = release(tmp_path / "distro")
    (root / "images256").rename(tmp_path / "places")
    samples, _ = read("places_audio", root, {"images": tmp_path / "places"})
    assert samples[0].media[Modality.IMAGE] == Stored(f"{NAMES[0]}.jpg", "images")
    samples, report = read("places_audio", root)
    assert (samples, report.total) == ([], 3)
    assert "missing file" in report.rows[0].reason


def test_a_cut_file_gives_what_it_has(tmp_path: Path) -> None:
    root = release(tmp_path)
    path = root / "metadata" / "train.json"
    path.write_text(path.read_text()[:-150])
    samples, report = read("places_audio", root)
    assert len(samples) == 2
    assert "everything after it is lost" in report.rows[0].reason


def test_bad_rows(tmp_path: Path) -> None:
    root = release(tmp_path)
    bad = [row(0) | {"wav": "../x.wav"}, {"uttid": "u"}, 7, row(1) | {"text_alignment": "0.3__DOG"}]
    (root / "metadata" / "train.json").write_text(json.dumps({"audio_base_path": "", "data": bad}))
    samples, report = read("places_audio", root)
    assert len(samples) == 2
    for entry, words in zip(report.rows, ("leaves", "no wav", "expected an object", "text_alignment"), strict=True):
        assert words in entry.reason


def test_lists_of_2020(tmp_path: Path) -> None:
    root = release(tmp_path)
    content = json.dumps({"audio_base_path": "", "data": [row(0)]})
    (root / "metadata" / "test_seen_2020.json").write_text(content)
    assert len(read("places_audio", root)[0]) == 3
    (sample,), _ = read("places_audio", root, lists="2020")
    assert sample.split is Split.TEST
    with pytest.raises(ReaderError, match="there are: first, 2020"):
        read("places_audio", root, lists="2021")
