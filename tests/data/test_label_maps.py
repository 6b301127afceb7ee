import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xmodal.data import load
from xmodal.data.decode import MediaError
from xmodal.data.label_maps import LABEL_NAMES, SCHEMES, label_names
from xmodal.data.media import Rendered, Stored
from xmodal.data.sample import LabelMapSource, Sample, Split, Truth


def sample(root: Path, scheme: str, media: Stored | Rendered, **facts: str) -> Sample:
    truth = Truth(label_map=LabelMapSource(scheme, media))
    return Sample("x", Split.TRAIN, {}, truth=truth, facts=facts, roots={"": root})


def test_ade20k_codes(tmp_path: Path) -> None:
    """Class (R // 10) * 256 + G, instance B; the tens digit of R is kept free by the set."""
    pixels = np.zeros((4, 6, 3), np.uint8)
    pixels[:2] = (10, 145, 60)  # class 401
    pixels[2:, :3] = (113, 63, 200)  # class 11 * 256 + 63
    Image.fromarray(pixels).save(tmp_path / "a_seg.png")
    annotation = {"annotation": {"object": [{"name_ndx": 401, "name": "car, auto"}]}}
    (tmp_path / "a.json").write_text(json.dumps(annotation))
    found = load.label_map(sample(tmp_path, "ade20k", Stored("a_seg.png")))
    assert found is not None
    assert found.names == {401: "car", 2879: "class 2879"}
    assert found.instance_names == ("car", "class 2879")
    assert found.instances[0, 0] == 1
    assert found.instances[3, 0] == 2
    assert found.instances[3, 5] == 0


def test_voc_palette_and_instances(tmp_path: Path) -> None:
    for folder in ("SegmentationClass", "SegmentationObject"):
        (tmp_path / folder).mkdir()
    classes, objects = np.zeros((6, 8), np.uint8), np.zeros((6, 8), np.uint8)
    classes[:3, :3], classes[:3, 4:7], classes[5] = 15, 15, 255
    objects[:3, :3], objects[:3, 4:7], objects[5] = 1, 2, 255
    for folder, plane in (("SegmentationClass", classes), ("SegmentationObject", objects)):
        picture = Image.fromarray(plane).convert("P")
        picture.putdata(plane.ravel().tolist())
        picture.save(tmp_path / folder / "2007_000032.png")
    found = load.label_map(sample(tmp_path, "voc", Stored("SegmentationClass/2007_000032.png")))
    assert found is not None
    assert found.names == {15: "person"}
    assert found.instance_names == ("person", "person")
    assert found.labels[5].max() == 0
    (tmp_path / "SegmentationObject/2007_000032.png").unlink()
    found = load.label_map(sample(tmp_path, "voc", Stored("SegmentationClass/2007_000032.png")))
    assert found is not None
    assert found.instance_names == ()


def test_indexed_keeps_16_bits(tmp_path: Path) -> None:
    plane = np.zeros((3, 4), np.uint16)
    plane[1] = 300
    Image.fromarray(plane).save(tmp_path / "a.png")
    found = load.label_map(sample(tmp_path, "indexed", Stored("a.png"), **{LABEL_NAMES: "300=sky"}))
    assert found is not None
    assert found.names == {300: "sky"}
    assert found.labels[1, 1] == 300


@pytest.mark.parametrize("text", ['{"1": "sky", "2": "sea"}', "1=sky;2=sea", " 1 = sky ; 2=sea;;x=y;0=none"])
def test_label_names(text: str) -> None:
    assert label_names(text) == {1: "sky", 2: "sea"}


def test_inline_polygons(tmp_path: Path) -> None:
    shape = {"name": "kite", "category_id": 38, "segmentation": [[1, 1, 5, 1, 5, 5, 1, 5]]}
    spec = json.dumps({"size": [8, 10], "shapes": [shape]})
    found = load.label_map(sample(tmp_path, "polygons", Rendered("polygons", spec)))
    assert found is not None
    assert found.labels.shape == (8, 10)
    assert found.names == {38: "kite"}


@pytest.mark.parametrize("scheme", ["ade20k", "sceneparsing", "voc", "indexed"])
def test_stored_schemes_say_what_is_wrong(tmp_path: Path, scheme: str) -> None:
    (tmp_path / "text.png").write_text("no picture")
    for media in (Stored("gone.png"), Stored("../x.png"), Stored("text.png"), Rendered("world", "{}")):
        with pytest.raises(MediaError) as caught:
            load.label_map(sample(tmp_path, scheme, media))
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("spec", ["{", "{}", "[]", '{"size": [4, 4], "shapes": [{}]}', '{"size": [4], "shapes": []}'])
def test_polygons_say_what_is_wrong(tmp_path: Path, spec: str) -> None:
    with pytest.raises(MediaError):
        load.label_map(sample(tmp_path, "polygons", Rendered("polygons", spec)))


def test_unknown_scheme_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=", ".join(SCHEMES)):
        load.label_map(sample(tmp_path, "magic", Stored("a.png")))
