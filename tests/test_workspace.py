"""The workspace: one private folder, catalogs by name, sizes, cleaning, locks."""

import stat
from pathlib import Path

import pytest

from tests.data.samples import catalog_of, full
from xmodal.data.catalog import CatalogError
from xmodal.workspace import VARIABLE, Workspace, current, readable


def test_its_place_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    assert current().root == tmp_path / "workspace"
    monkeypatch.setenv(VARIABLE, str(tmp_path / "elsewhere"))
    assert current().root == tmp_path / "elsewhere"


def test_it_is_private(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    workspace.prepare()
    workspace.prepare()
    assert stat.S_IMODE(workspace.root.stat().st_mode) == 0o700


def test_catalogs_by_name_sizes_and_cleaning(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    assert workspace.names() == ()
    workspace.prepare()
    for name in ("zebra", "ant"):
        catalog_of(workspace.catalogs / name, [full(1)])
    (workspace.catalogs / "unfinished").mkdir()
    workspace.cache.mkdir()
    (workspace.cache / "thumb").write_bytes(bytes(1000))
    assert workspace.names() == ("ant", "zebra")
    assert workspace.catalog("ant")[0].id == "item-0001"
    assert workspace.sizes()["cache"] == 1000
    with pytest.raises(CatalogError, match="known: ant, zebra"):
        workspace.catalog("bee")
    for name in ("../ant", "", ".", "ant/.."):
        with pytest.raises(CatalogError):
            workspace.remove(name)
    assert workspace.clean() == 1000
    assert workspace.names() == ("ant", "zebra")
    assert workspace.remove("ant") > 0
    assert workspace.names() == ("zebra",)
    assert workspace.clean(everything=True) > 0
    assert workspace.names() == ()
    assert workspace.clean(everything=True) == 0


def test_a_lock_is_seen_and_ends(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert not workspace.locked("job")
    with workspace.lock("job"):
        assert workspace.locked("job")
        assert not workspace.locked("other")
    assert not workspace.locked("job")


def test_sizes_for_people() -> None:
    sizes = {0: "0 B", 999: "999 B", 1500: "1.5 kB", 312_000_000: "312 MB", 4_200_000_000: "4.2 GB", 10**13: "10000 GB"}
    assert {size: readable(size) for size in sizes} == sizes
