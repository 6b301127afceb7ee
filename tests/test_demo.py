"""The demo world is made once per workspace, by whoever comes first, and everybody can watch."""

import json
from pathlib import Path

from tests.cli.running import start
from xmodal import demo
from xmodal.workspace import Workspace

TWO_ITEMS = "c5edbe3c83fc6162df10236d9c498056"
"""Digest of the first two items. Another one on some machine, or after a change, and the vectors that ship with runs
are of another demo world: raise `WORLD_VERSION`, and ship the runs anew."""


def test_two_processes_at_once_make_it_once(tmp_path: Path) -> None:
    words = ["demo", "prepare", "--items", "2", "--json"]
    with start(tmp_path, words) as one, start(tmp_path, words) as two:
        outputs = [process.communicate(timeout=180) for process in (one, two)]
        assert [one.returncode, two.returncode] == [0, 0], outputs
    assert [json.loads(out)["items"] for out, _ in outputs] == [2, 2]
    assert sum("Building the world" in err for _, err in outputs) == 1
    folder = Workspace(tmp_path).catalogs / demo.NAME
    assert len(list(folder.glob("items-*.arrow"))) == 1
    assert not (tmp_path / f".{demo.NAME}.progress.json").exists()
    again = demo.prepare(Workspace(tmp_path), items=2)
    assert len(again) == 2
    assert again.digest == TWO_ITEMS
    assert demo.state(Workspace(tmp_path)).ready


def test_its_state_can_be_seen_from_outside(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.prepare()
    assert demo.state(workspace) == demo.DemoState(ready=False, running=False, done=0, total=demo.ITEMS)
    with workspace.lock(demo.NAME):
        assert demo.state(workspace) == demo.DemoState(ready=False, running=True, done=0, total=demo.ITEMS)
        (tmp_path / f".{demo.NAME}.progress.json").write_text('{"stage": "s", "done": 5, "total": 9}')
        assert demo.state(workspace) == demo.DemoState(ready=False, running=True, done=5, total=9)
        pace = '{"stage": "s", "done": 5, "total": 9, "elapsed_s": 8.0, "before": 1}'
        (tmp_path / f".{demo.NAME}.progress.json").write_text(pace)
        assert (demo.state(workspace).elapsed_s, demo.state(workspace).before) == (8.0, 1)
        (tmp_path / f".{demo.NAME}.progress.json").write_text('{"stage"')
        assert demo.state(workspace).done == 0
    assert not demo.state(workspace).running
