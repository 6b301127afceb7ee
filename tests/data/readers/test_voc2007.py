from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.data.readers.reading import read
from xmodal.data import load
from xmodal.data.media import Stored
from xmodal.data.readers.table import detect
from xmodal.data.sample import Split
from xmodal.modality import Modality

OBJECT = (
    "<object><name>{}</name><pose>Left</pose><truncated>0</truncated><difficult>{}</difficult>"
    "<bndbox><xmin>{}</xmin><ymin>{}</ymin><xmax>{}</xmax><ymax>{}</ymax></bndbox></object>"
)


def annotation(identity: str, *objects: tuple[str, int, int, int, int, int]) -> str:
    size = "<size><width>100</width><height>80</height><depth>3</depth></size>"
    things = "".join(OBJECT.format(*thing) for thing in objects)
    return f"<annotation><folder>VOC2007</folder><filename>{identity}.jpg</filename>{size}{things}</annotation>"


@pytest.fixture
def devkit(tmp_path: Path) -> Path:
    """Five pictures, one with masks."""
    base = tmp_path / "VOCdevkit" / "VOC2007"
    for folder in ("JPEGImages", "Annotations", "ImageSets/Main", "SegmentationClass", "SegmentationObject"):
        (base / folder).mkdir(parents=True)
    for number in (1, 5, 7, 9, 12):
        Image.new("RGB", (100, 80), (number * 9, 90, 80)).save(base / "JPEGImages" / f"{number:06d}.jpg")
        text = annotation(f"{number:06d}", ("dog", 0, 11, 21, 60, 70), ("person", 1, 1, 1, 50, 80))
        (base / "Annotations" / f"{number:06d}.xml").write_text(text)
    for name, identities in (("train", "000005\n000007\n"), ("val", "000009\n"), ("test", "000001\n000012\n")):
        (base / "ImageSets" / "Main" / f"{name}.txt").write_text(identities)
    (base / "ImageSets" / "Main" / "trainval.txt").write_text("000005\n000007\n000009\n")
    plane = np.zeros((80, 100), np.uint8)
    plane[20:70, 10:60], plane[20:70, 60] = 12, 255
    for folder, values in (("SegmentationClass", plane), ("SegmentationObject", np.where(plane == 12, 1, plane))):
        picture = Image.fromarray(values.astype(np.uint8), "P")
        picture.putpalette(list(range(256)) * 3)
        picture.save(base / folder / "000005.png")
    return tmp_path


def test_devkit(devkit: Path) -> None:
    assert detect(devkit) == detect(devkit / "VOCdevkit" / "VOC2007") == "voc2007"
    samples, report = read(None, devkit)
    assert report.total == 0
    assert [(sample.id, sample.split) for sample in samples] == [
        ("voc/000005", Split.TRAIN),
        ("voc/000007", Split.TRAIN),
        ("voc/000009", Split.VALIDATION),
        ("voc/000001", Split.TEST),
        ("voc/000012", Split.TEST),
    ]
    first = samples[0]
    assert first.media == {Modality.IMAGE: Stored("VOCdevkit/VOC2007/JPEGImages/000005.jpg")}
    assert first.truth.objects == ("dog", "person")
    assert first.facts == {"classes": "dog", "difficult classes": "person"}
    found = load.label_map(first)
    assert found is not None
    assert (dict(found.names), found.instance_names) == ({12: "dog"}, ("dog",))
    assert (found.labels == 12).sum() == 50 * 50
    assert samples[1].truth.label_map is None


def test_spatial_text(devkit: Path) -> None:
    sample = read(None, devkit, spatial_text="true")[0][0]
    page = load.picture(sample, Modality.SPATIAL_TEXT, size_px=200)
    assert page.shape == (160, 200, 3)
    rows, cols = np.nonzero(page[..., 0] < 128)
    assert rows.size > 50 and cols.min() >= 0 and rows.max() < 160


def test_bad_rows(devkit: Path) -> None:
    base = devkit / "VOCdevkit" / "VOC2007"
    folder = base / "Annotations"
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><annotation>&z;</annotation>'
    (folder / "000005.xml").write_text(bomb)
    (folder / "000007.xml").write_text(annotation("000007", ("dog", 0, 11, 21, 60, 70))[:-20])
    (folder / "000009.xml").unlink()
    (folder / "000001.xml").write_text(annotation("000001").replace("<width>100", "<width>wide"))
    (folder / "000012.xml").write_bytes(annotation("000012").encode("utf-16"))
    with (base / "ImageSets" / "Main" / "test.txt").open("a") as names:
        names.write("../../x\n000099\n000005\n")
    samples, report = read(None, devkit)
    assert len(samples) == 5
    expected = (
        "entities",
        "not XML",
        "missing file",
        "size/width is 'wide'",
        "entities",
        "..",
        "missing",
        "earlier list",
    )
    for row, words in zip(report.rows, expected, strict=True):
        assert words in row.reason
