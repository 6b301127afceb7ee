"""Metrics that grow while they are read."""

import os
from pathlib import Path

from xmodal.runs.followed import Followed
from xmodal.storage import atomic_write


def steps(followed: Followed) -> list[int]:
    return [line["step"] for line in followed.lines()]


def test_whole_lines_only_and_each_once(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    followed = Followed(path)
    assert steps(followed) == []
    with path.open("w") as file:
        file.write('{"step": 1}\n{"step": 2}\n{"st')
        file.flush()
        assert steps(followed) == [1, 2]
        file.write('ep": 3}\nnot json\n["no", "line"]\n')
        file.flush()
        assert steps(followed) == [1, 2, 3]
        assert steps(followed) == [1, 2, 3]


def test_a_resumed_run_writes_its_lines_again(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 1}\n{"step": 2}\n')
    followed = Followed(path)
    assert steps(followed) == [1, 2]
    atomic_write(path, '{"step": 1}\n{"step": 5}\n{"step": 6}\n')  # another file, longer than the first
    assert steps(followed) == [1, 5, 6]
    os.truncate(path, len('{"step": 1}\n'))
    assert steps(followed) == [1]
    path.unlink()
    assert steps(followed) == []
