"""Workspaces for pages: one with the tiny catalog, one with nothing."""

from pathlib import Path

import pytest

from tests.recipes.fresh_run import fresh_run
from tests.ui.tiny_catalog import build
from xmodal.jobs import local
from xmodal.jobs.queue import Queue
from xmodal.workspace import VARIABLE, Workspace


@pytest.fixture(scope="session")
def tiny_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Root of a workspace that holds the tiny catalog."""
    root = tmp_path_factory.mktemp("workspace")
    build(root / "catalogs", root / "pictures and sounds")
    return root


@pytest.fixture
def tiny(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny catalog is loaded."""
    monkeypatch.setenv(VARIABLE, str(tiny_root))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with the tiny catalog and a run, `matchmaps-tiny-1`."""
    root = tmp_path_factory.mktemp("trained")
    build(root / "catalogs", root / "pictures and sounds")
    fresh_run(Workspace(root))
    return Workspace(root)


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """Nothing is loaded; jobs wait for ever, so that no demo world is made."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "empty"))
    monkeypatch.setattr(local, "begin", lambda *_: None)
    return Queue(Workspace(tmp_path / "empty"))
