import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.data.readers.reading import read
from xmodal.data import importing, load
from xmodal.data.readers.described_videos import balance
from xmodal.data.readers.table import detect
from xmodal.data.sample import Split
from xmodal.modality import Modality


@pytest.fixture
def videos(realdata: Path, tmp_path: Path) -> Path:
    """Four videos named as a release would."""
    (tmp_path / "videos").mkdir()
    clip = realdata / "videos/vas/videos/dog/video_02677.mp4"
    for number in range(4):
        shutil.copy(clip, tmp_path / "videos" / f"{4511000000 + number}.mp4")
    return tmp_path


def test_described(videos: Path) -> None:
    (videos / "descriptions.csv").write_text(
        'video,description\n4511000000.mp4,"A dog barks, then waits."\n4511000001,a dog   in a yard\n'
        "4511000009,nobody\n4511000002.mp4,\n../4511000003.mp4,a dog\n4511000000.mp4,again\n"
    )
    assert detect(videos) == "described_videos"
    samples, report = read(None, videos)
    assert [sample.id for sample in samples] == ["described_videos/4511000000", "described_videos/4511000001"]
    first = samples[0]
    assert set(first.media) == {Modality.IMAGE, Modality.SOUND, Modality.VIDEO, Modality.TEXT}
    assert (first.split, load.texts(first)) == (Split.TEST, ("A dog barks, then waits.",))
    assert load.texts(samples[1]) == ("a dog in a yard",)
    assert not importing.faults(first)
    for row, words in zip(report.rows, ("missing file", "no description", "..", "already"), strict=True):
        assert words in row.reason
    assert report.notes == ["test: 2 described videos without category (the paper has 1,000)"]


def test_categories(videos: Path) -> None:
    (videos / "train.csv").write_text(
        "video,category,description\n4511000000.mp4,dog,a dog\n4511000001.mp4,yard,grass\n"
    )
    (videos / "test.csv").write_text(
        "video,category,description\n4511000001.mp4,dog,a dog\n4511000002.mp4,dog,it barks\n"
    )
    samples, report = read(None, videos)
    assert [(sample.scene, sample.split) for sample in samples] == [
        ("dog", Split.TRAIN),
        ("yard", Split.TRAIN),
        ("dog", Split.TEST),
    ]
    assert "train.csv already" in report.rows[0].reason
    assert report.notes[0] == "train: 2 categories (the paper has 42), balanced, 1 each"


def test_balance() -> None:
    counts = Counter({f"category {number}": 25 for number in range(42)})
    assert balance(Split.TEST, counts) == "test: 42 categories (the paper has 42), balanced, 25 each"
    assert balance(Split.TRAIN, Counter(dog=70, sea=60)).endswith("from 60 (sea) to 70 (dog)")
    assert balance(Split.TEST, Counter({"": 2, "dog": 1})) == "test: 2 of 3 videos have no category"


def test_a_table_of_another_kind(videos: Path) -> None:
    (videos / "train.csv").write_text("file,label\na,b\n")
    (videos / "test.csv").write_text("video,category,description\n4511000002.mp4,dog,it barks\n")
    samples, report = read(None, videos)
    assert len(samples) == 1
    assert "train.csv is left out" in report.notes[0]
