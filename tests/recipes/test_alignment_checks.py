"""What is said before a training of several senses: data of every sense, the teacher, disk, memory, time."""

from pathlib import Path

import pytest

from tests.recipes.shrunk_senses import shrunk_senses
from xmodal.recipes import SEE_HEAR_READ
from xmodal.recipes.alignment_plan import alignment_cost
from xmodal.recipes.changes import changed
from xmodal.recipes.checks import check
from xmodal.recipes.size_checks import Free
from xmodal.recipes.step_cost import BatchShape
from xmodal.workspace import Workspace

BOTH = shrunk_senses(SEE_HEAR_READ["see-hear-read-both"])
PLENTY = Free(10**12, 10**12)
BATCH = BatchShape(8, 99, 1)


@pytest.fixture
def here(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path)
    workspace.prepare()
    return workspace


def test_every_sense_is_looked_at(here: Workspace) -> None:
    found = {each.name: each for each in check(BOTH, here, free=PLENTY)}
    assert list(found) == [
        "name", "device", "data train, text", "data train, sound", "validation, text", "validation, sound", "labels",
        "disk", "memory", "time",
    ]  # fmt: skip
    assert {each.level for each in found.values()} == {"ok"}
    counts = [int(found[f"data train, {sense}"].text.split()[0]) for sense in ("text", "sound")]
    assert sum(counts) == 12
    assert "preparing 24 pairs" in found["time"].text  # twelve to learn from, six in each of two senses to measure
    assert f"{max(counts) // 3} steps" in found["time"].text
    assert "from a measured step of 3 pairs" in found["time"].text
    assert not list(here.root.glob("runs/*"))


def test_a_teacher_that_is_not_there(here: Workspace) -> None:
    asked = changed(BOTH, ['teacher={"kind": "run", "run": "nobody"}'])
    found = {each.name: each for each in check(asked, here, free=PLENTY)}
    assert (found["teacher"].level, found["time"].level) == ("fail", "ok")
    assert found["teacher"].text.startswith("there is no run 'nobody'")


def test_what_a_step_keeps() -> None:
    stage = BOTH.stages[0]
    one, two, half = (
        alignment_cost(BOTH, BOTH.model, stage, shape)
        for shape in (BATCH, BatchShape(16, 99, 1), BatchShape(8, 99, 1, bfloat16=True))
    )
    assert two.kept_bytes == pytest.approx(2 * one.kept_bytes, rel=0.1)
    assert 0.4 < half.kept_bytes / one.kept_bytes < 0.8
    assert two.branches_flop == pytest.approx(2 * one.branches_flop, rel=0.02)
    assert 2 < one.branches_flop / one.forward_flop < 3  # no gradient of the inputs, which is most in small networks
    pictures, sounds, texts = 2 * 8 * 3 * 99 * 99, 8 * 9 * 60, 8 * 6 * 5
    assert one.batch_bytes == 4 * (pictures + sounds + texts)
    frozen = alignment_cost(BOTH, BOTH.model, stage.model_copy(update={"frozen": ("pathways.",)}), BATCH)
    assert frozen.kept_bytes < 0.5 * one.kept_bytes
