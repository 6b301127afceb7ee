"""A training that is killed again and again ends with the weights of one that never was."""

import os
import signal
import time
from pathlib import Path

from tests.training.processes import server, train_to_the_end
from tests.training.tiny import weights
from xmodal.seeding import stream


def test_killed_at_random_moments_and_resumed_is_the_same_bit_for_bit(tmp_path: Path) -> None:
    context = server()
    warm = context.Process(target=print)
    warm.start()  # the server imports before it serves the first
    warm.join()
    whole = context.Process(target=train_to_the_end, args=(tmp_path / "whole",))
    began = time.monotonic()
    whole.start()
    whole.join(120)
    assert whole.exitcode == 0
    took_s = time.monotonic() - began
    killed = 0
    for moment_s in stream(1, "kills").uniform(0.02, 0.3, 8) * took_s:  # none is long enough for all three epochs
        child = context.Process(target=train_to_the_end, args=(tmp_path / "killed",))
        child.start()
        child.join(float(moment_s))
        if child.exitcode is None and child.pid is not None:
            os.kill(child.pid, signal.SIGKILL)
            killed += 1
        child.join()
    assert killed >= 2
    last = context.Process(target=train_to_the_end, args=(tmp_path / "killed",))
    last.start()
    last.join(120)
    assert last.exitcode == 0
    assert weights(tmp_path / "killed") == weights(tmp_path / "whole")
    left = [path.name for path in (tmp_path / "killed" / "checkpoints").iterdir()]
    assert left == ["step-0000009"]  # nothing half done lies about
