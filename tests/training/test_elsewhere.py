"""A run that several processes trained in bfloat16 opens on this machine, in float32, with the scores it had there."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.elsewhere import KEPT, SCORES, scores_of, train_there
from tests.training.processes import together
from tests.training.tiny import CPU
from xmodal.recipes.networks import load_matchmaps
from xmodal.runs.run import Run, open_run
from xmodal.training.precision import Precision

TOLERANCE = 0.03
"""Between cosines in bfloat16, which has 8 bits of precision, and the same in float32."""


def same_scores(run: Run) -> np.ndarray:
    """The scores here, after they were compared with those that the run's folder tells."""
    there = np.array(json.loads((run.folder / SCORES).read_text()))
    here = np.array(scores_of(load_matchmaps(run), CPU))
    assert np.abs(here - there).max() <= TOLERANCE
    return here


def test_a_kept_run_of_two_processes_in_bfloat16() -> None:
    run = open_run(KEPT)
    (place,) = run.manifest.trained_on
    assert place.endswith("bfloat16, 2 processes")
    scores = same_scores(run)
    own, others = scores.diagonal().mean(), scores[~np.eye(8, dtype=bool)].mean()
    assert own > others + TOLERANCE, "it has learned"
    assert np.ptp(scores) > 10 * TOLERANCE, "scores differ much more than they may"
    assert all(value.dtype in (torch.float32, torch.int64) for value in load_matchmaps(run).state_dict().values())


def test_two_processes_in_bfloat16_now(tmp_path: Path) -> None:
    together(train_there, tmp_path / "run", "cpu", Precision.BFLOAT16)
    run = open_run(tmp_path / "run")
    assert run.manifest.trained_on == ("cpu (1 thread), bfloat16, 2 processes",)
    same_scores(run)


def test_a_run_that_goes_on_elsewhere_tells_both_places(tmp_path: Path) -> None:
    shutil.copytree(KEPT, tmp_path / "run")
    run = open_run(tmp_path / "run")
    first = run.manifest.trained_on
    for place in (first[0], "cpu (2 threads), float32", "cpu (2 threads), float32"):
        run.note_place(place)
    assert run.manifest.trained_on == (*first, "cpu (2 threads), float32")
    assert open_run(run.folder).manifest == run.manifest


@pytest.mark.gpu
@pytest.mark.parametrize("precision", [Precision.BFLOAT16, Precision.FLOAT32])
def test_a_run_of_this_machines_gpu_opens_on_its_cpu(tmp_path: Path, precision: Precision) -> None:
    train_there(tmp_path / "run", "cuda", precision)
    run = open_run(tmp_path / "run")
    assert run.manifest.trained_on == (f"{torch.cuda.get_device_name()}, {precision.value}",)
    same_scores(run)
