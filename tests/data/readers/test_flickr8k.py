import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.data.readers.reading import read
from xmodal.data import load
from xmodal.data.media import Stored, Text
from xmodal.data.readers import ReaderError
from xmodal.data.sample import Split
from xmodal.modality import Modality


@pytest.fixture
def excerpt(realdata: Path, tmp_path: Path) -> Path:
    """The excerpt with its tables copied (to be damaged) and its media linked in by hand: 12 photos."""
    source, target = realdata / "flickr8k", tmp_path / "flickr8k"
    (target / "Images").mkdir(parents=True)
    (target / "tts_audio" / "wavs").mkdir(parents=True)
    shutil.copytree(source / "Flickr8k_text", target / "Flickr8k_text")
    names = [path.stem for path in sorted((source / "Images").iterdir())[:12]]
    for name in names:
        shutil.copy(source / "Images" / f"{name}.jpg", target / "Images")
        shutil.copy(source / "tts_audio" / "wavs" / f"{name}_0.wav", target / "tts_audio" / "wavs")
    for table in ("captions.txt", "tts_audio/wav2capt.txt", "Flickr8k_text/Flickr8k.token.txt"):
        lines = (source / table).read_text().splitlines()
        kept = [line for line in lines if line.startswith("image,") or any(name in line for name in names)]
        (target / table).unlink(missing_ok=True)
        (target / table).write_text("\n".join(kept) + "\n")
    return target


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def test_the_published_split(realdata: Path) -> None:
    samples, report = read(None, realdata / "flickr8k")
    assert report.total == 0
    assert Counter(sample.split.value for sample in samples) == {"train": 250, "validation": 50, "test": 50}
    assert sum(Modality.SPEECH in sample.media for sample in samples) == 300
    texts = [sample.media[Modality.TEXT] for sample in samples]
    assert all(isinstance(text, Text) and len(text.texts) == 5 for text in texts)


def test_mp3_in_wav_is_decoded(realdata: Path) -> None:
    samples, _ = read("flickr8k", realdata / "flickr8k")
    sound = load.waveform(samples[0], Modality.SPEECH)
    assert sound.rate_hz == 24000
    assert sound.duration_s > 1


def test_each_caption_is_an_item_with_its_own_recording(excerpt: Path) -> None:
    samples, report = read("flickr8k", excerpt, captions="each")
    assert report.total == 0
    assert len(samples) == 60
    spoken = [sample for sample in samples if Modality.SPEECH in sample.media]
    assert [sample.id[-2:] for sample in spoken] == ["_0"] * 12
    first = samples[0]
    assert first.id == "flickr8k/1009434119_febe49276a_0"
    assert first.media[Modality.TEXT] == Text(
        ("A black and white dog is running in a grassy garden surrounded by a white fence .",)
    )
    texts = [sample.media[Modality.TEXT] for sample in samples]
    assert all(isinstance(text, Text) and len(text.texts) == 1 for text in texts)


def test_both_forms_say_the_same(excerpt: Path) -> None:
    kaggle, _ = read("flickr8k", excerpt)
    (excerpt / "captions.txt").unlink()
    original, report = read("flickr8k", excerpt)
    assert report.total == 0
    assert original == kaggle


def test_speech_decides_which_caption_is_first(excerpt: Path) -> None:
    table = excerpt / "tts_audio" / "wav2capt.txt"
    lines = table.read_text().splitlines()
    table.write_text("\n".join([lines[0].replace("#0", "#3"), *lines[1:]]) + "\n")
    (excerpt / "tts_audio" / "wav2spk.txt").write_text("1009434119_febe49276a_0.wav 17\n")
    samples, _ = read("flickr8k", excerpt)
    text = samples[0].media[Modality.TEXT]
    assert isinstance(text, Text)
    assert text.texts[0].startswith("A Boston Terrier is running on lush")
    assert samples[0].group == "17"


def test_without_lists_the_split_is_by_hash(excerpt: Path) -> None:
    shutil.rmtree(excerpt / "Flickr8k_text")
    samples, report = read("flickr8k", excerpt)
    assert len(samples) == 12
    assert any("split by hash" in note for note in report.notes)


def test_damage_is_listed_and_the_rest_read(excerpt: Path) -> None:
    append(excerpt / "captions.txt", "no comma here\n../../x.jpg,A way out\ngone.jpg,A lost photo\n")
    append(excerpt / "tts_audio" / "wav2capt.txt", "one two\n")
    (excerpt / "tts_audio" / "wavs" / "1009434119_febe49276a_0.wav").unlink()
    lists = excerpt / "Flickr8k_text"
    append(lists / "Flickr_8k.testImages.txt", "1009434119_febe49276a.jpg\n../../x.jpg\ngone.jpg\n")
    samples, report = read("flickr8k", excerpt)
    assert len(samples) == 12
    assert samples[0].split is Split.TRAIN
    assert samples[0].media[Modality.IMAGE] == Stored("Images/1009434119_febe49276a.jpg")
    assert Modality.SPEECH not in samples[0].media
    reasons = "\n".join(row.reason for row in report.rows)
    for words in ("expected image,caption", "expected WAV PHOTO", "leaves its folder", "missing file: Images/gone.jpg"):
        assert words in reasons
    assert "in the list of train already" in reasons
    assert report.total == 6


def test_wrong_options(excerpt: Path) -> None:
    with pytest.raises(ReaderError, match="choose all, first or each"):
        read("flickr8k", excerpt, captions="some")
    with pytest.raises(ReaderError, match="no such folder"):
        read("flickr8k", excerpt, images="pictures")
