import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.data.readers.reading import read
from xmodal.data import load
from xmodal.data.decode import MediaError
from xmodal.data.sample import Split

STEM = "ADE_train_00016964"


def test_photo_scene_objects_and_masks(realdata: Path) -> None:
    (sample,), report = read(None, realdata / "ade20k")
    assert report.total == 0
    assert (sample.id, sample.scene, sample.split) == (f"ade20k/{STEM}", "urban/street", Split.TRAIN)
    assert sample.truth.objects.count("van") == 2
    assert len(sample.truth.objects) == 24
    found = load.label_map(sample)
    assert found is not None
    assert found.labels.shape == (1467, 2200)
    assert sorted(found.instance_names) == sorted(sample.truth.objects)
    assert found.names[401] == "car"
    folder = realdata / "ade20k/ADE20K_2021_17_01/images/ADE/training/urban/street" / STEM
    published = np.asarray(Image.open(folder / f"instance_006_{STEM}.png"))  # 255 where the car is seen
    car = found.instances == 1 + found.instance_names.index("car")
    assert (car & (published == 255)).sum() / (car | (published == 255)).sum() > 0.95


@pytest.fixture
def excerpt(realdata: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(realdata / "ade20k", tmp_path / "ade20k", copy_function=shutil.copyfile))


def test_damage(excerpt: Path) -> None:
    folder = excerpt / "ADE20K_2021_17_01/images/ADE/training/urban/street"
    shutil.copy(folder / f"{STEM}.jpg", folder / "ADE_train_00000001.jpg")
    (folder / f"{STEM}.json").write_text("{")
    samples, report = read(None, excerpt)
    assert [sample.id for sample in samples] == ["ade20k/ADE_train_00000001", f"ade20k/{STEM}"]
    assert samples[0].truth.label_map is None
    reasons = [row.reason for row in report.rows]
    assert "missing file" in reasons[0]
    assert "not readable" in reasons[1]


def test_damaged_mask_is_one_line(excerpt: Path) -> None:
    (sample,), _ = read(None, excerpt)
    seg = excerpt / f"ADE20K_2021_17_01/images/ADE/training/urban/street/{STEM}_seg.png"
    seg.write_bytes(seg.read_bytes()[:2000])
    with pytest.raises(MediaError, match="label map is damaged"):
        load.label_map(sample)
