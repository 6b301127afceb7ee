import json
from pathlib import Path

import pytest
from PIL import Image

from tests.data.readers.reading import read
from xmodal.data.media import Text
from xmodal.data.readers import ReaderError
from xmodal.data.sample import Split
from xmodal.modality import Modality


def region(number: int, phrase: str | None) -> dict[str, object]:
    return {"region_id": number, "x": 1, "y": 2, "width": 10, "height": 8, "phrase": phrase, "image_id": 1}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Photos 1 (COCO 77, validation there), 2 (COCO 88, training there), 3 (not COCO's)."""
    root = tmp_path / "vg"
    for number, place in ((1, "VG_100K"), (2, "VG_100K_2"), (3, "VG_100K")):
        (root / place).mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 16), "olive").save(root / place / f"{number}.jpg")
    content = [
        {"id": 1, "regions": [region(11, "the clock is green"), region(12, "a  shade on the street")]},
        {"id": 2, "regions": [region(21, "man wearing sneakers"), region(22, "man wearing sneakers")]},
        {"id": 3, "regions": [region(31, "two cars"), region(32, None)]},
        {"id": 4, "regions": [region(41, "a lost photo")]},
        {"id": 5},
    ]
    (root / "region_descriptions.json").write_text(json.dumps(content))
    images = [{"image_id": n, "coco_id": c, "url": f"{n}.jpg"} for n, c in ((1, 77), (2, 88), (3, None))]
    (root / "image_data.json").write_text(json.dumps(images))
    (tmp_path / "coco" / "annotations").mkdir(parents=True)
    for part, number in (("train2017", 88), ("val2017", 77)):
        listed = {"images": [{"id": number, "file_name": f"{number:012d}.jpg"}], "annotations": []}
        (tmp_path / "coco" / "annotations" / f"captions_{part}.json").write_text(json.dumps(listed))
    return root


def test_shared_photos_follow_coco(folder: Path) -> None:
    samples, report = read(None, folder, {"coco": folder.parent / "coco"})
    assert [sample.id for sample in samples] == [f"visual_genome/{number}" for number in (1, 2, 3)]
    assert samples[0].split is Split.VALIDATION
    assert samples[1].split is Split.TRAIN
    assert samples[0].media[Modality.TEXT] == Text(("the clock is green", "a shade on the street"))
    assert samples[1].media[Modality.TEXT] == Text(("man wearing sneakers",))
    reasons = [row.reason for row in report.rows]
    assert len(reasons) == 3
    for reason, words in zip(reasons, ("no phrase", "missing file: 4.jpg", "expected an object"), strict=True):
        assert words in reason


def test_without_coco_it_is_said(folder: Path) -> None:
    _, report = read("visual_genome", folder)
    assert any("coco=FOLDER" in note for note in report.notes)
    (folder / "image_data.json").unlink()
    _, report = read("visual_genome", folder)
    assert any("photos shared with COCO are unknown" in note for note in report.notes)


def test_each_region(folder: Path) -> None:
    samples, _ = read("visual_genome", folder, regions="each")
    assert [sample.id.rpartition("/")[2] for sample in samples] == ["1_11", "1_12", "2_21", "2_22", "3_31"]
    assert {sample.group for sample in samples} == {"1", "2", "3"}
    with pytest.raises(ReaderError, match="choose all or each"):
        read("visual_genome", folder, regions="none")
