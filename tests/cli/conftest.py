"""A workspace of its own for every test of the command line."""

from pathlib import Path

import pytest

from tests.cli.running import Commands
from xmodal.workspace import VARIABLE


@pytest.fixture
def xmodal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Commands:
    workspace = tmp_path / "workspace"
    monkeypatch.setenv(VARIABLE, str(workspace))
    return Commands(workspace, capsys)
