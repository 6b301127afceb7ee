"""Run commands in this process, or as a user would."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from xmodal.cli import main
from xmodal.workspace import VARIABLE


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON: one document and nothing else."""
        return json.loads(self.out)


class Commands:
    """Runs commands against a workspace of its own."""

    def __init__(self, workspace: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.workspace = workspace
        self._capture = capture

    def __call__(self, *words: str | Path) -> Outcome:
        """Run in this process; exit code, standard output and error."""
        self._capture.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(word) for word in words])
        shown = self._capture.readouterr()
        return Outcome(int(stopped.value.code or 0), shown.out, shown.err)


def start(workspace: Path, words: Sequence[str]) -> "subprocess.Popen[str]":
    """Start `python -m xmodal` as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "xmodal", *words],
        env=os.environ | {VARIABLE: str(workspace)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
