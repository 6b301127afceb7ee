from pathlib import Path

import pytest
from PIL import Image

from tests.data.readers.reading import read
from xmodal.data import load
from xmodal.data.readers.cmplaces import PUBLISHED
from xmodal.data.readers.table import detect
from xmodal.data.sample import Split
from xmodal.modality import Modality

PICTURES = (
    "image/train/a/abbey/gsun_01.jpg",
    "image/val/a/apartment_building/outdoor/gsun_02.jpg",
    "sketch/train/abbey/d1.png",
    "clip_art/val/apartment_building-outdoor/c1.png",
    "spatial_text/train/bedroom/s1.png",
)


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """One item a modality, and one more photo."""
    for name in PICTURES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (16, 16)).save(tmp_path / name)
    text = tmp_path / "text" / "val" / "bedroom" / "t1.txt"
    text.parent.mkdir(parents=True)
    text.write_text("Somebody sleeps here.\r\n\r\nA soft pillow lies on it.\n")
    (tmp_path / "labels.txt").write_text("/a/abbey 0\n/a/apartment_building/outdoor 1\nbedroom 2\n")
    return tmp_path


def test_layout(places: Path) -> None:
    assert detect(places) == "cmplaces"
    samples, report = read(None, places)
    assert report.total == 0
    by_id = {sample.id: sample for sample in samples}
    assert set(by_id) == {*PICTURES, "text/val/bedroom/t1.txt"}
    assert [by_id[name].scene for name in PICTURES] == [
        "abbey",
        "apartment_building/outdoor",
        "abbey",
        "apartment_building/outdoor",
        "bedroom",
    ]
    assert load.texts(by_id["text/val/bedroom/t1.txt"]) == ("Somebody sleeps here. A soft pillow lies on it.",)
    assert all(len(sample.media) == 1 for sample in samples)
    assert {sample.split for sample in samples} == {Split.TRAIN, Split.VALIDATION}
    assert "labels.txt has 3 scenes (the paper has 205)" in report.notes
    assert "sketch, train: 1 items (the paper has 14,830)" in report.notes


def test_published_numbers() -> None:
    assert PUBLISHED[Modality.CLIP_ART, Split.VALIDATION] == 1954
    assert sum(count for (_, split), count in PUBLISHED.items() if split is Split.VALIDATION) == 3 * 2050 + 1954


def test_bad_files(places: Path) -> None:
    for name in ("sketch/train/moon/m.png", "sketch/loose.png", "sketch/later/abbey/x.png", "sketch/train/abbey/x.bin"):
        (places / name).parent.mkdir(parents=True, exist_ok=True)
        (places / name).write_bytes(b"1")
    (places / "text/val/bedroom/empty.txt").write_text(" \n")
    (places / "text/val/bedroom/huge.txt").write_text("word " * 30_000)
    samples, report = read(None, places)
    assert len(samples) == 6
    reasons = {row.file: row.reason for row in report.rows}
    assert "not in labels.txt" in reasons["sketch/train/moon/m.png"]
    assert "expected <modality>" in reasons["sketch/loose.png"] and "expected" in reasons["sketch/later/abbey/x.png"]
    assert "suffix" in reasons["sketch/train/abbey/x.bin"]
    assert "empty" in reasons["text/val/bedroom/empty.txt"] and "larger" in reasons["text/val/bedroom/huge.txt"]
    assert report.total == 6


def test_without_labels(places: Path) -> None:
    (places / "labels.txt").unlink()
    samples, report = read("cmplaces", places)
    assert len(samples) == 6
    assert "no labels.txt" in report.notes[0]
