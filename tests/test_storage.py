"""Files are whole or absent, paths stay inside, digests tell parts apart."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.small_files import no_file_above
from xmodal.errors import reason
from xmodal.storage import (
    UnsafePathError,
    atomic_directory,
    atomic_path,
    atomic_write,
    digest,
    inside,
    keep_spare,
    remove_leftovers,
    reserve,
    tree_bytes,
    use_spare,
)


def test_a_write_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "file.json"
    atomic_write(target, "ä")
    atomic_write(target, b"second")
    assert target.read_bytes() == b"second"
    assert list(target.parent.iterdir()) == [target]


def test_a_failure_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "file"
    atomic_write(target, "old")
    with pytest.raises(RuntimeError), atomic_path(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


_WRITE_FOR_EVER = """
import sys
from pathlib import Path
from xmodal.storage import atomic_write
print("ready", flush=True)
for number in range(10**9):
    atomic_write(Path(sys.argv[1]), bytes([number % 256]) * 400_000)
"""


def test_a_killed_writer_never_leaves_half_a_file(tmp_path: Path) -> None:
    target = tmp_path / "file"
    for pause_s in (0.03, 0.05, 0.08):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITE_FOR_EVER, str(target)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            while not target.exists():
                time.sleep(0.001)
            time.sleep(pause_s)
            writer.send_signal(signal.SIGKILL)
        content = target.read_bytes()
        assert len(content) == 400_000
        assert content.count(content[:1]) == 400_000


@pytest.mark.parametrize(
    "name",
    ["", "/etc/hosts", "../up", "a/../../up", "a\\b", "\\\\host\\share", "C:/x", "c:x", "nul\0", "..", "a/.."],
)
def test_paths_that_leave_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsafePathError):
        inside(tmp_path, name)


def test_links_are_followed_and_judged(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "good").mkdir()
    (root / "out").symlink_to(outside)
    (root / "alias").symlink_to(root / "good")
    with pytest.raises(UnsafePathError, match="through a link"):
        inside(root, "out/file")
    assert inside(root, "alias/file") == root.resolve() / "alias/file"
    assert inside(root, "Käse 1#%.jpg").name == "Käse 1#%.jpg"


@given(st.text(max_size=30))
def test_any_name_stays_inside_or_is_refused(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    root = tmp_path_factory.getbasetemp().resolve()
    try:
        path = inside(root, name)
    except UnsafePathError:
        return
    assert Path(os.path.normpath(path)).is_relative_to(root)


def test_digests_do_not_run_together() -> None:
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")
    assert digest("a") == digest(b"a")
    assert digest("a") == "fc9c942180a48b1bfa36938828a429dc"
    assert len(digest()) == 32


def test_sizes_of_trees(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "one").write_bytes(bytes(10))
    (tmp_path / "a" / "b" / "two").write_bytes(bytes(7))
    assert tree_bytes(tmp_path) == 17
    assert tree_bytes(tmp_path / "nowhere") == 0


def test_a_folder_is_replaced_whole_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    for text in ("first", "second"):
        with atomic_directory(target) as new:
            (new / text).write_text(text)
    assert [path.name for path in target.iterdir()] == ["second"]
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_keeps_the_old_folder(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    with atomic_directory(target) as new:
        (new / "old").write_text("old")
    with pytest.raises(RuntimeError), atomic_directory(target) as new:
        (new / "half").write_text("half")
        raise RuntimeError
    assert [path.name for path in target.iterdir()] == ["old"]
    assert list(tmp_path.iterdir()) == [target]


def test_where_folders_cannot_be_exchanged_two_renames_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xmodal.storage._exchanged", lambda *_: False)
    test_a_folder_is_replaced_whole_and_leaves_nothing_else(tmp_path)


_REPLACE_FOR_EVER = """
import sys
from pathlib import Path
from xmodal.storage import atomic_directory
print("ready", flush=True)
for number in range(10**9):
    with atomic_directory(Path(sys.argv[1])) as new:
        for name in "abc":
            (new / name).write_bytes(bytes([number % 256]) * 50_000)
"""


def test_a_killed_writer_leaves_the_old_folder_or_the_new_one(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    for pause_s in np.linspace(0.001, 0.05, 10):
        with subprocess.Popen(
            [sys.executable, "-S", "-c", _REPLACE_FOR_EVER, str(target)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            while not target.exists():
                time.sleep(0.001)
            time.sleep(float(pause_s))
            writer.send_signal(signal.SIGKILL)
        contents = {path.name: path.read_bytes() for path in target.iterdir()}
        assert contents.keys() == {"a", "b", "c"}
        assert len({content[:1] for content in contents.values()}) == 1
        assert all(content == content[:1] * 50_000 for content in contents.values())
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == [target]


def _array(folder: Path) -> None:
    with atomic_directory(folder) as new:
        np.save(new / "a.npy", np.zeros(100_000))


def _file(path: Path) -> None:
    atomic_write(path, bytes(100_000))


def _reserved(path: Path) -> None:
    with atomic_path(path) as temporary:
        os.truncate(temporary, 50_000)
        reserve(temporary)  # holes that are there already are filled, too


@pytest.mark.parametrize("write", [_array, _file])
def test_what_finds_no_room_leaves_nothing_and_names_what_it_was(tmp_path: Path, write: Callable[[Path], None]) -> None:
    with no_file_above(60_000), pytest.raises(OSError) as caught:
        write(tmp_path / "target")
    assert caught.value.errno in (errno.ENOSPC, errno.EFBIG)
    assert reason(caught.value).endswith(f": {tmp_path / 'target'}")
    assert list(tmp_path.iterdir()) == []


def test_room_is_claimed_before_it_is_filled(tmp_path: Path) -> None:
    _reserved(tmp_path / "target")
    found = (tmp_path / "target").stat()
    assert found.st_size == 50_000
    assert found.st_blocks * 512 >= 50_000


def test_a_spare_is_there_until_it_is_used(tmp_path: Path) -> None:
    keep_spare(tmp_path)
    keep_spare(tmp_path)
    assert tree_bytes(tmp_path) == 64 * 1024
    use_spare(tmp_path)
    use_spare(tmp_path)
    assert list(tmp_path.iterdir()) == []
