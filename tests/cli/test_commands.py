"""Every command explains itself, fails with one line, and prints JSON that parses."""

import subprocess

import pytest

from tests.cli.running import Commands, start
from xmodal.cli import GROUPS

ALL = [(group, name) for group, commands in GROUPS.items() for name in commands]


@pytest.mark.parametrize(("group", "name"), ALL)
def test_help_of_every_command(xmodal: Commands, group: str, name: str) -> None:
    shown = xmodal(group, name, "--help")
    assert shown.code == 0
    assert "usage:" in shown.out
    assert "--json" in shown.out
    first = (GROUPS[group][name].__doc__ or "").split(".")[0].split()
    assert " ".join(first[:3]) in " ".join(shown.out.split())


@pytest.mark.parametrize("group", GROUPS)
def test_help_of_every_group(xmodal: Commands, group: str) -> None:
    shown = xmodal(group, "--help")
    assert shown.code == 0
    assert all(name in shown.out for name in GROUPS[group])


def test_usage(xmodal: Commands) -> None:
    assert xmodal("--help").code == 0
    for words in ((), ("nonsense",)):
        shown = xmodal(*words)
        assert shown.code == 2
        assert shown.out == ""
        assert "data check" in shown.err


@pytest.mark.parametrize(
    "words",
    [
        ("data", "show", "nothing"),
        ("data", "check", "/no/such/folder"),
        ("data", "import", "/no/such/folder"),
        ("data", "pack", "nothing", "--out", "x"),
        ("workspace", "clean", "--catalog", "nothing"),
        ("world", "build", "--modalities", "smell"),
        ("world", "build", "--items", "0"),
        ("world", "build", "--seed", "-1"),
        ("world", "build", "--out", "Not A Name"),
    ],
)
def test_wrong_input_is_one_line_and_exit_code_2(xmodal: Commands, words: tuple[str, ...]) -> None:
    shown = xmodal(*words)
    assert shown.code == 2
    assert shown.out == ""
    assert shown.err.startswith("error: ")
    assert len(shown.err.splitlines()) == 1
    assert "Traceback" not in shown.err


def test_an_unknown_flag_is_refused(xmodal: Commands) -> None:
    shown = xmodal("data", "list", "--colour", "red")
    assert shown.code == 2
    assert "Traceback" not in shown.err


def test_an_empty_workspace_is_no_error(xmodal: Commands) -> None:
    assert xmodal("data", "list", "--json").json == []
    shown = xmodal("data", "list")
    assert (shown.code, shown.out) == (0, "")
    assert "demo prepare" in shown.err
    assert xmodal("workspace", "show", "--json").json["total"] == 0
    assert xmodal("workspace", "clean", "--everything", "--json").json == {"freed_bytes": 0}


def test_the_module_runs_and_a_closed_pipe_is_no_traceback(xmodal: Commands) -> None:
    with start(xmodal.workspace, ["--help"]) as process:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        assert "world build" in out
    with start(xmodal.workspace, ["data", "list", "--json"]) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
        assert process.wait(60) == 0
    assert isinstance(process, subprocess.Popen)
