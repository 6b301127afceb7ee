"""Notes and tags: kept as written, refused when they are not plain, never lost."""

from pathlib import Path
from threading import Thread

import pytest
from pydantic import ValidationError

from tests.training.tiny import new_run
from xmodal.runs.notes import NOTES, Notes, read, revise
from xmodal.runs.run import Run, RunError


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return new_run(tmp_path / "a")


def test_written_and_read(run: Run) -> None:
    assert read(run) == Notes()
    revise(run, text="the first\nthat works ✓", add=("best", "paper-2", "best"))
    assert read(run) == Notes(text="the first\nthat works ✓", tags=("best", "paper-2"))
    revise(run, add=("a.b_c",), remove=("best", "unknown"))
    assert read(run).tags == ("a.b_c", "paper-2")
    assert revise(run, text="").text == ""
    assert read(run).tags == ("a.b_c", "paper-2")


@pytest.mark.parametrize("tag", ["", "Best", "two words", "-x", "x" * 33, "ü", "x\n", "../x"])
def test_a_tag_that_is_not_plain(run: Run, tag: str) -> None:
    revise(run, add=("kept",))
    with pytest.raises(ValidationError, match="tags"):
        revise(run, add=(tag,))
    assert read(run).tags == ("kept",)


@pytest.mark.parametrize("text", ["x" * 10_001, "a\0b", "\x1b[31m", "a\u202eb"])
def test_a_text_that_is_too_long_or_not_plain(run: Run, text: str) -> None:
    with pytest.raises(ValidationError, match="text"):
        revise(run, text=text)
    with pytest.raises(ValidationError, match="tags"):
        revise(run, add=[f"t{number}" for number in range(21)])
    assert not (run.folder / NOTES).exists()


@pytest.mark.parametrize("content", ["{", '{"format": 2}', '{"text": 5}', ""])
def test_a_damaged_file_is_said_and_stays(run: Run, content: str) -> None:
    path = run.folder / NOTES
    path.write_text(content)
    with pytest.raises(RunError, match=r"notes\.json is damaged or from a newer version: "):
        read(run)
    with pytest.raises(RunError, match="damaged"):
        revise(run, text="new")
    assert path.read_text() == content


def test_two_who_write_at_once_both_count(run: Run) -> None:
    threads = [Thread(target=revise, args=(run,), kwargs={"add": (f"t{number}",)}) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(read(run).tags) == {f"t{number}" for number in range(12)}
