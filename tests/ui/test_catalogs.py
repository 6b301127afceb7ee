"""Catalogs as pages see them: opened once, opened anew after a change, calm about damage."""

from pathlib import Path

import pytest

from tests.ui.tiny_catalog import ITEMS, build
from xmodal.data.catalog import Catalog, CatalogError
from xmodal.modality import Modality
from xmodal.ui.catalogs import open_catalog, richest, summarise
from xmodal.workspace import VARIABLE


def test_a_summary_counts(tiny: Catalog) -> None:
    found = summarise(tiny)
    assert (found.items, found.bad_rows, found.masks) == (ITEMS, 2, ITEMS)
    assert found.counts[Modality.VIDEO] == 1
    assert sum(found.splits.values()) == ITEMS
    assert len(set(found.covers)) == len(found.covers) == 6


def test_the_richest_item_has_the_video(tiny: Catalog) -> None:
    found = richest(tiny)
    assert found is not None
    assert Modality.VIDEO in found.media


@pytest.mark.usefixtures("tiny")
def test_one_version_is_opened_once() -> None:
    assert open_catalog("tiny") is open_catalog("tiny")


def test_a_new_build_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    build(tmp_path / "catalogs", tmp_path / "media")
    first = open_catalog("tiny")
    build(tmp_path / "catalogs", tmp_path / "media")
    assert open_catalog("tiny") is not first
    assert first[3].id == "tiny/003"


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("name", ["", "..", "other", "../tiny", "/etc"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(CatalogError):
        open_catalog(name)


def test_a_damaged_table_is_a_catalog_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    catalog = build(tmp_path / "catalogs", tmp_path / "media")
    for table in catalog.folder.glob("*.arrow"):
        table.write_bytes(table.read_bytes()[:100])
    with pytest.raises(CatalogError, match="damaged"):
        open_catalog("tiny")
