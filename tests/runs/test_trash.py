"""Deleting a run with a way back: every run is in one place, whole, whatever happens on the way."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.training.tiny import new_run
from xmodal.runs import trash
from xmodal.runs.notes import read, revise
from xmodal.runs.places import SHIPPED, own_names, own_run
from xmodal.runs.run import Run, RunError, open_run
from xmodal.storage import tree_bytes
from xmodal.workspace import Workspace


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Workspace]:
    found = Workspace(tmp_path / "workspace")
    found.prepare()
    yield found
    names = [*own_names(found), *(each.name for each in trash.trashed(found))]
    assert all(open_run(path.parent) for path in found.root.glob("*/*/manifest.json")), names


def test_there_and_back_and_for_good(here: Workspace) -> None:
    run = new_run(here.runs / "a-1")
    revise(run, text="kept")
    before = {path.name: path.read_bytes() for path in run.folder.iterdir() if path.suffix == ".json"}
    entry = trash.delete(run, here)
    assert (entry.id, entry.name, entry.number) == ("0001-a-1", "a-1", 1)
    assert own_names(here) == ()
    back = trash.restore("a-1", here)
    assert back.folder == run.folder
    assert {path.name: path.read_bytes() for path in run.folder.iterdir() if path.suffix == ".json"} == before
    assert trash.trashed(here) == ()
    trash.delete(back, here)
    size = tree_bytes(here.trash)
    assert trash.empty(here) == size > 0
    assert list(here.trash.iterdir()) == []
    assert trash.empty(here) == 0
    with pytest.raises(RunError, match="no run 'a-1' in the trash; it holds nothing"):
        trash.restore("a-1", here)


def test_two_of_one_name(here: Workspace) -> None:
    for text in ("first", "second"):
        revise(new_run(here.runs / "a-1"), text=text)
        trash.delete(own_run("a-1", here), here)
    assert [each.id for each in trash.trashed(here)] == ["0001-a-1", "0002-a-1"]
    assert read(trash.restore("a-1", here)).text == "second"
    for name in ("a-1", "0001-a-1"):
        with pytest.raises(RunError, match="there is another run a-1 by now: delete it first, or rename its folder"):
            trash.restore(name, here)
    assert read(own_run("a-1", here)).text == "second"
    trash.delete(own_run("a-1", here), here)
    assert read(trash.restore("0001-a-1", here)).text == "first"


def test_what_is_not_to_be_deleted(here: Workspace, tmp_path: Path) -> None:
    run = new_run(here.runs / "a-1")
    with run.lock(), pytest.raises(RunError, match="is being trained by process"):
        trash.delete(Run(run.folder), here)
    shipped = next(path.parent for path in SHIPPED.glob("*/manifest.json"))
    elsewhere = new_run(tmp_path / "elsewhere")
    for other in (Run(shipped), elsewhere, Run(here.runs / "a-1" / "..")):
        with pytest.raises(RunError):
            trash.delete(other, here)
    for name, words in ((shipped.name, "comes with the product"), ("../a-1", "no run"), ("", "no run")):
        with pytest.raises(RunError, match=words):
            own_run(name, here)
    assert own_names(here) == ("a-1",)
    assert shipped.is_dir()
    assert elsewhere.manifest.name == "elsewhere"


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from xmodal.runs import trash
from xmodal.workspace import Workspace
removed = shutil.rmtree
def dies(folder):
    os.unlink(next(path for path in Path(folder).rglob("*") if path.is_file()))
    os.kill(os.getpid(), signal.SIGKILL)
shutil.rmtree = dies
trash.empty(Workspace(Path(sys.argv[1])))
"""


def test_killed_while_it_deletes_for_good(here: Workspace) -> None:
    trash.delete(new_run(here.runs / "a-1"), here)
    done = subprocess.run([sys.executable, "-c", KILLED, str(here.root)])
    assert done.returncode == -9
    assert trash.trashed(here) == ()  # nobody can bring back half of it
    assert len(list(here.trash.iterdir())) == 1
    assert trash.empty(here) > 0
    assert list(here.trash.iterdir()) == []


def test_on_another_disk_it_says_so(here: Workspace, tmp_path: Path) -> None:
    other = Path("/dev/shm") / f"xmodal-{tmp_path.name}-{here.root.stat().st_ino}"
    other.mkdir()
    try:
        here.runs.symlink_to(other)
        run = new_run(here.runs / "a-1")
        if other.stat().st_dev == here.root.stat().st_dev:
            assert trash.delete(run, here).name == "a-1"
        else:
            with pytest.raises(RunError, match="are on different disks: move a-1 by hand"):
                trash.delete(run, here)
            assert open_run(run.folder).name == "a-1"
    finally:
        subprocess.run(["rm", "-r", str(other)], check=True)
