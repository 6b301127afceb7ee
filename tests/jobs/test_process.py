"""Who a process is."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from xmodal.jobs.process import ProcessIdentity


def test_a_process_is_known_while_it_runs_and_not_afterwards() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    known = ProcessIdentity.of(child.pid)
    assert known.alive
    assert ProcessIdentity.model_validate_json(known.model_dump_json()).alive
    assert [each.pid for each in known.family()] == [child.pid]
    child.kill()
    while ProcessIdentity.of(child.pid).alive:  # it is a zombie at last: ended, but its parent has not looked
        pass
    assert not known.alive
    child.communicate()
    assert not known.alive
    assert known.family() == []
    with pytest.raises(ProcessLookupError, match=f"no process {child.pid}"):
        ProcessIdentity.of(child.pid)


def test_another_process_with_the_same_number_is_another() -> None:
    here = ProcessIdentity.of(os.getpid())
    assert here.alive
    assert not here.model_copy(update={"since_boot_s": here.since_boot_s - 60.0}).alive
    assert not here.model_copy(update={"boot": "another start of the machine"}).alive


@pytest.mark.parametrize("jump_s", [86_400, -86_400])
def test_setting_the_clock_makes_nobody_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump_s: int) -> None:
    here = ProcessIdentity.of(os.getpid())
    for entry in (*Path("/proc").glob("[0-9]*"), Path("/proc/uptime"), Path("/proc/self")):
        (tmp_path / entry.name).symlink_to(entry)
    lines = Path("/proc/stat").read_text().splitlines()
    since = {line: f"btime {int(line.split()[1]) + jump_s}" for line in lines if line.startswith("btime ")}
    assert since
    (tmp_path / "stat").write_text("\n".join(since.get(line, line) for line in lines))
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path))  # where the kernel tells what the time was at its start
    assert abs(psutil.boot_time() - int(next(iter(since)).split()[1])) > 80_000
    assert here.alive
    assert ProcessIdentity.of(os.getpid()).model_copy(update={"since_boot_s": here.since_boot_s}) == here
