import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.data.readers.reading import read
from xmodal.data import load
from xmodal.data.decode import MediaError
from xmodal.data.media import Text
from xmodal.data.readers import ReaderError
from xmodal.data.sample import Split
from xmodal.modality import Modality


@pytest.fixture
def excerpt(realdata: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(realdata / "coco", tmp_path / "coco", copy_function=shutil.copyfile))


def test_captions_and_objects(realdata: Path) -> None:
    samples, report = read(None, realdata / "coco")
    assert (len(samples), report.total) == (30, 0)
    first = samples[0]
    assert first.id == "coco/391895"
    assert first.split is Split.TRAIN
    text = first.media[Modality.TEXT]
    assert isinstance(text, Text)
    assert len(text.texts) == 5
    assert text.texts[0] == "A man with a red helmet on a small moped on a dirt road."
    assert first.truth.objects == ("motorcycle", "person", "person", "bicycle")


def test_captions_option(realdata: Path) -> None:
    each, _ = read("coco", realdata / "coco", captions="each")
    assert len(each) == 150
    assert each[1].id == "coco/391895_1"
    first, _ = read("coco", realdata / "coco", captions="first")
    assert first[0].media[Modality.TEXT] == each[0].media[Modality.TEXT]
    with pytest.raises(ReaderError, match="choose all, first, each"):
        read("coco", realdata / "coco", captions="2")


def test_every_mask_fits_its_annotation(realdata: Path) -> None:
    """Areas of COCO against ours, for all instances that nothing covers (crowds in run-length code included)."""
    samples, _ = read("coco", realdata / "coco")
    annotations = json.loads((realdata / "coco/annotations/instances_train2017.json").read_text())["annotations"]
    checked = crowds = 0
    for sample in samples:
        found = load.label_map(sample)
        if found is None:
            continue
        assert found.labels.shape == load.picture(sample, Modality.IMAGE).shape[:2]
        own = [entry for entry in annotations if f"coco/{entry['image_id']}" == sample.id]
        assert len(own) == len(found.instance_names)
        for place, entry in enumerate(own, start=1):
            rows, cols = np.nonzero(found.instances == place)
            left, top, width, height = entry["bbox"]
            if entry["area"] < 400 or rows.size < 0.94 * entry["area"]:
                continue
            checked += 1
            crowds += entry["iscrowd"]
            assert rows.size == pytest.approx(entry["area"], rel=0.08)
            inside = (cols > left - 2) & (cols < left + width + 2) & (rows > top - 2) & (rows < top + height + 2)
            assert inside.all()
    assert checked > 50
    assert crowds >= 1


def test_spatial_text_from_instances(realdata: Path) -> None:
    samples, _ = read("coco", realdata / "coco", spatial_text="true")
    with_words = [sample for sample in samples if Modality.SPATIAL_TEXT in sample.media]
    assert len(with_words) > 20
    picture = load.picture(with_words[0], Modality.SPATIAL_TEXT, size_px=320)
    assert max(picture.shape) == 320
    assert 0.002 < (picture < 128).mean() < 0.3


def test_val_is_validation_and_years_do_not_mix(excerpt: Path) -> None:
    (excerpt / "annotations/captions_train2017.json").rename(excerpt / "annotations/captions_val2014.json")
    (excerpt / "train2017").rename(excerpt / "val2014")
    with pytest.raises(ReaderError, match="annotations of 2014, 2017"):
        read("coco", excerpt, year="2015")
    samples, _ = read("coco", excerpt, year="2014")
    assert {sample.split for sample in samples} == {Split.VALIDATION}
    assert all(sample.truth.label_map is None for sample in samples)


def test_damage(excerpt: Path) -> None:
    path = excerpt / "annotations/instances_train2017.json"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    (excerpt / "train2017/000000391895.jpg").unlink()
    captions = excerpt / "annotations/captions_train2017.json"
    content = json.loads(captions.read_text())
    content["annotations"].append({"image_id": 5, "caption": "Nobody's", "id": 1})
    captions.write_text(json.dumps(content))
    samples, report = read("coco", excerpt)
    assert len(samples) == 29
    reasons = [row.reason for row in report.rows]
    assert sum("missing file" in reason for reason in reasons) == 1
    assert sum("everything after it is lost" in reason for reason in reasons) == 1
    assert sum("not in the list images" in reason for reason in reasons) == 1


def test_an_annotation_file_that_changed_is_said(excerpt: Path) -> None:
    samples, _ = read("coco", excerpt)
    path = excerpt / "annotations/instances_train2017.json"
    path.write_bytes(b" " * 100 + path.read_bytes())
    with pytest.raises(MediaError, match="import the data again"):
        load.label_map(samples[0])
