"""Who a process is."""

import os
import subprocess
import sys

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
