import shutil
from pathlib import Path

from tests.data.readers.reading import read
from xmodal.data import load
from xmodal.data.sample import Split
from xmodal.modality import Modality


def test_masks_with_names(realdata: Path) -> None:
    samples, report = read(None, realdata / "sceneparsing")
    assert (len(samples), report.total) == (3, 0)
    assert {sample.split for sample in samples} == {Split.VALIDATION}
    found = load.label_map(samples[0])
    assert found is not None
    assert found.labels.shape == load.picture(samples[0], Modality.IMAGE).shape[:2]
    assert found.names == {1: "wall", 2: "building", 3: "sky", 5: "tree", 7: "road", 10: "grass", 18: "plant"}
    assert found.instance_names == ()


def test_full_layout_with_scenes(realdata: Path, tmp_path: Path) -> None:
    source = realdata / "sceneparsing"
    for kind, suffix in (("images", "jpg"), ("annotations", "png")):
        (tmp_path / kind / "validation").mkdir(parents=True)
        for number in (1, 2):
            name = f"ADE_val_{number:08d}.{suffix}"
            shutil.copy(source / "sampleData" / kind / name, tmp_path / kind / "validation" / name)
    (tmp_path / "annotations/validation/ADE_val_00000002.png").unlink()
    (tmp_path / "sceneCategories.txt").write_text("ADE_val_00000001 house\n")
    samples, report = read(None, tmp_path)
    assert [sample.scene for sample in samples] == ["house", None]
    assert samples[1].truth.label_map is None
    assert "kept without a label map" in report.rows[0].reason
    assert any("numbers instead of names" in note for note in report.notes)
    found = load.label_map(samples[0])
    assert found is not None
    assert found.names[2] == "class 2"
