"""Import writes everything or nothing, bad rows never stop it, names are safe."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.data.media_files import image_bytes, photo
from xmodal.data import importing, writing
from xmodal.data.catalog import Catalog
from xmodal.data.importing import ImportRequest
from xmodal.data.readers import ReaderError
from xmodal.data.report import Report
from xmodal.modality import Modality
from xmodal.progress import Silent, Terminal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "mine"
    root.mkdir()
    for name in ("a", "b", "c"):
        (root / f"{name}.png").write_bytes(image_bytes(Image.fromarray(photo()), "PNG"))
    (root / "table.csv").write_text("id,image,text\n1,a.png,one\n2,b.png,two\n3,c.png,three\n")
    return root


def test_a_folder_becomes_a_catalog_with_its_media_in_place(folder: Path, tmp_path: Path) -> None:
    screen = io.StringIO()
    catalog = importing.import_catalog(ImportRequest(folder), tmp_path / "cat", Terminal(screen))
    assert [sample.id for sample in catalog] == [sample.id for sample in Catalog(tmp_path / "cat")]
    assert len(catalog) == catalog.report().read == 3
    assert catalog.manifest.reader == "folder_table"
    assert sorted(path.suffix for path in (tmp_path / "cat").iterdir()) == [".arrow", ".json", ".json"]


def test_a_limit_reads_no_more(folder: Path, tmp_path: Path) -> None:
    assert len(importing.import_catalog(ImportRequest(folder, limit=2), tmp_path / "cat")) == 2
    assert importing.check(ImportRequest(folder, limit=1)).read == 1


def test_unusable_data_leave_an_existing_catalog_untouched(folder: Path, tmp_path: Path) -> None:
    before = importing.import_catalog(ImportRequest(folder), tmp_path / "cat")
    for name in "abc":
        (folder / f"{name}.png").unlink()
    (folder / "table.csv").write_text("id,image\n1,a.png\n2,b.png\n")
    with pytest.raises(ReaderError, match="no item could be read"):
        importing.import_catalog(ImportRequest(folder), tmp_path / "cat")
    assert Catalog(tmp_path / "cat").digest == before.digest
    assert len(list((tmp_path / "cat").glob("items-*.arrow"))) == 1


@pytest.mark.parametrize("name", ["Mine", "with space", ".hidden", "", "x" * 65, "-x"])
def test_names_that_make_no_folder_or_address(folder: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(ReaderError):
        importing.import_catalog(ImportRequest(folder), tmp_path / "cats" / name if name else tmp_path / "Not Good")


def test_twins_in_unicode_are_one_id(folder: Path) -> None:
    (folder / "table.csv").write_text("id,image,text\ncafe\u0301,a.png,one\ncaf\u00e9,b.png,two\n", encoding="utf-8")
    report = Report()
    found = list(importing.samples(ImportRequest(folder), report, Silent()))
    assert len(found) == report.total == 1
    assert report.rows[0].reason == "duplicate id: the first one is kept"


def test_an_interrupted_write_leaves_nothing_behind(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "sync_file", fail)
    with pytest.raises(KeyboardInterrupt):
        importing.import_catalog(ImportRequest(folder), tmp_path / "cat")
    assert list((tmp_path / "cat").iterdir()) == []


def test_a_check_decodes_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    (folder / "b.png").write_bytes(b"broken")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    report = importing.check(ImportRequest(folder))
    assert [(row.file, row.row.endswith("2")) for row in report.rows] == [("b.png", True)]
    assert importing.check(ImportRequest(folder), decode=False).total == 0
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_faults_name_the_modality(folder: Path, tmp_path: Path) -> None:
    (folder / "c.png").write_bytes(b"")
    catalog = importing.import_catalog(ImportRequest(folder), tmp_path / "cat")
    found = [importing.faults(sample) for sample in catalog]
    assert found[0] == []
    assert [modality for modality, _ in found[2]] == [Modality.IMAGE]
