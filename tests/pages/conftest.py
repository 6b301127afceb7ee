"""The tiny catalog as the only one of a workspace."""

from pathlib import Path

import pytest

from tests.ui.tiny_catalog import build
from xmodal.data.catalog import Catalog
from xmodal.workspace import VARIABLE


@pytest.fixture(scope="session")
def tiny_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Root of a workspace that holds the tiny catalog. Do not write into its catalogs."""
    root = tmp_path_factory.mktemp("workspace")
    build(root / "catalogs", root / "pictures and sounds")
    return root


@pytest.fixture
def tiny(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """The tiny catalog, and its workspace as the current one."""
    monkeypatch.setenv(VARIABLE, str(tiny_root))
    return Catalog(tiny_root / "catalogs" / "tiny")
