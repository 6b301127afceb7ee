"""Event files, read back by TensorBoard's own reader: they say what the metrics say, however a training ended."""

import logging
import shutil
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.recipes.shrunk import shrunk
from tests.small_files import no_file_above
from tests.training.tiny import new_run
from xmodal.recipes import MATCHMAPS
from xmodal.recipes.launch import launch_next
from xmodal.recipes.trainings import run_training
from xmodal.runs.index import read_index
from xmodal.runs.run import Run, State, open_run
from xmodal.runs.tensorboard import PREFIX, EventFile
from xmodal.training.events import Validated
from xmodal.workspace import Workspace

Points = dict[str, list[tuple[int, float]]]


def read_back(run: Run) -> EventAccumulator:
    found = EventAccumulator(str(run.folder), size_guidance={"scalars": 0, "tensors": 0})
    found.Reload()
    return found


def shown(run: Run) -> Points:
    found = read_back(run)
    names = found.Tags()["scalars"]
    return {name: [(point.step, round(point.value, 4)) for point in found.Scalars(name)] for name in names}


def logged(run: Run) -> dict[str, list[tuple[int, Any]]]:
    """The same from the metrics, read in the plainest way."""
    points: dict[str, list[tuple[int, Any]]] = {}
    for line in run.metrics():
        if "loss" in line:
            known = {"step", "epoch", "stage", "rate", "items_per_s", "waiting", "memory_bytes", "time", "loss"}
            values = {f"loss/{name}": line[name] for name in line if name not in known} | {"loss/total": line["loss"]}
            values |= {name: line[name] for name in ("rate", "items_per_s", "waiting", "memory_bytes", "epoch")}
        else:
            values = {f"validation/{name}": value for name, value in line["validation"].items()}
        for name, value in values.items():
            points.setdefault(name, []).append((line["step"], pytest.approx(value, rel=1e-4, abs=1e-4)))
    return points


def test_a_killed_and_resumed_run_has_whole_curves(tmp_path: Path) -> None:
    here = Workspace(tmp_path / "workspace")
    here.prepare()
    run = launch_next(shrunk(MATCHMAPS["matchmaps-tiny"], "stages.0.epochs=7"), here)
    killed = Run(here.runs / "killed")
    for event in run_training(run, here):
        if (
            isinstance(event, Validated) and event.step == 12
        ):  # step 10 is on record, and validation after the last save
            shutil.copytree(run.folder, killed.folder)  # what a kill leaves: what is in no buffer
    assert run.status().state is State.FINISHED
    assert shown(run) == logged(run)
    assert [step for step, _ in shown(run)["loss/total"]] == [1, 10, 14]
    assert [step for step, _ in shown(run)["validation/recall_at_10"]] == [2, 4, 6, 8, 10, 12, 14]

    (old,) = killed.folder.glob(f"{PREFIX}*")
    with old.open("ab") as file:
        file.write(b"\x40\x00\x00\x00\x00")  # a record that was begun
    shown(killed)  # hinders nobody
    assert read_index(killed.checkpoint()).step == 10
    assert [line["step"] for line in killed.metrics()][-1] == 12
    list(run_training(killed, here))
    assert shown(killed) == logged(killed)
    assert {name: [step for step, _ in points] for name, points in shown(killed).items()} == {
        name: [step for step, _ in points] for name, points in shown(run).items()
    }
    assert [path.name for path in killed.folder.glob(f"{PREFIX}*")] == [f"{PREFIX}{2:010d}"]
    (text,) = read_back(killed).Tensors("recipe/text_summary")
    assert '"name": "matchmaps-tiny"' in text.tensor_proto.string_val[0].decode()


def test_times_are_those_of_the_metrics_and_what_is_no_number_is_left_out(tmp_path: Path) -> None:
    run = new_run(tmp_path / "a")
    run.log({"step": 3, "loss": float("nan"), "info_nce": 2.0, "time": 1_000.5})
    run.log({"step": 3, "epoch": 1, "validation": {"auc_seen": None, "recall_at_10": 0.5}, "concepts": {"count": 4}})
    run.log({"step": 4, "note": "x"})
    EventFile(run).close()
    assert shown(run) == {
        "loss/info_nce": [(3, 2.0)],
        "validation/recall_at_10": [(3, 0.5)],
        "concepts/count": [(3, 4)],
    }
    assert [point.wall_time for point in read_back(run).Scalars("loss/info_nce")] == [1_000.5]


def test_what_cannot_be_written_is_said_once_and_the_training_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run = open_run(new_run(tmp_path / "a").folder)
    events = EventFile(run)
    with caplog.at_level(logging.WARNING), no_file_above(2_000):
        for step in range(1_000):
            events.add({"step": step, "loss": 1.0})
        events.close()
    (record,) = caplog.records
    assert record.getMessage().startswith("a: no more curves for TensorBoard until it is resumed: ")
    assert len(shown(run)["loss/total"]) < 100
    (tmp_path / "a" / f"{PREFIX}{2:010d}").mkdir()  # what cannot be removed
    caplog.clear()
    EventFile(run).close()
    assert len(caplog.records) == 1
