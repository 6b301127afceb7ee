from pathlib import Path

import pytest
from PIL import Image

from tests.data.readers.reading import read
from xmodal.data.media import Stored
from xmodal.data.readers import ReaderError
from xmodal.data.readers.table import detect
from xmodal.data.sample import Split
from xmodal.modality import Modality

PHOTOS = (
    "/a/abbey/sun_aaalbzqrimafwbiv.jpg",
    "/a/abbey/sun_aaaulhwrhqgejnyt.jpg",
    "/a/apartment_building/outdoor/sun_aamlqasgdnbiucxy.jpg",
    "/z/zoo/sun_awvvbclhpyvgudjd.jpg",
)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Four photos, two partitions."""
    for photo in PHOTOS:
        path = tmp_path / "SUN397" / photo.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 20)).save(path)
    (tmp_path / "Partitions").mkdir()
    (tmp_path / "Partitions" / "ClassName.txt").write_text("/a/abbey\n/a/apartment_building/outdoor\n/z/zoo\n")
    for number, (train, test) in {"01": (PHOTOS[:2], PHOTOS[2:]), "02": (PHOTOS[2:], PHOTOS[:2])}.items():
        (tmp_path / "Partitions" / f"Training_{number}.txt").write_text("\n".join(train))
        (tmp_path / "Partitions" / f"Testing_{number}.txt").write_text("\r\n".join(test))
    return tmp_path


def test_partitions(release: Path) -> None:
    assert detect(release) == "sun397"
    samples, report = read(None, release)
    assert report.total == 0
    assert [sample.scene for sample in samples] == ["abbey", "abbey", "apartment_building/outdoor", "zoo"]
    assert samples[0].id == "sun397/a/abbey/sun_aaalbzqrimafwbiv"
    assert samples[0].media[Modality.IMAGE] == Stored("SUN397/a/abbey/sun_aaalbzqrimafwbiv.jpg")
    assert [sample.split for sample in samples] == [Split.TRAIN] * 2 + [Split.TEST] * 2
    other = {sample.id: sample.split for sample in read(None, release, partition="2")[0]}
    assert other == {s.id: Split.TEST if s.split is Split.TRAIN else Split.TRAIN for s in samples}
    with pytest.raises(ReaderError, match="Training_03"):
        read(None, release, partition="3")
    with pytest.raises(ReaderError, match="1 to 10"):
        read(None, release, partition="11")


def test_photos_beside_the_lists(release: Path) -> None:
    flat = release / "SUN397"
    for path in (release / "Partitions").iterdir():
        path.rename(flat / path.name)
    assert detect(flat) == "sun397"
    assert len(read(None, flat)[0]) == 4


def test_bad_rows(release: Path) -> None:
    with (release / "Partitions" / "Testing_01.txt").open("a") as names:
        names.write(f"\n/q/quarry/sun_x.jpg\n/z/zoo/sun_lost.jpg\n{PHOTOS[0]}\n/z/zoo/../../../x.jpg\n")
    samples, report = read(None, release)
    assert len(samples) == 4
    for row, words in zip(
        report.rows, ("not in ClassName", "missing file", "already", "not in ClassName"), strict=True
    ):
        assert words in row.reason
