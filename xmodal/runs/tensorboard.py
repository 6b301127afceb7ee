"""Curves of a run as a TensorBoard event file, beside the metrics, which stay the truth.

Whenever a training begins or goes on, the file is written anew from `metrics.jsonl` and then follows it: no reader
sees a step twice, however the training before it ended, and no reader needs to understand `purge_step`. A new file
gets a higher number, so that a TensorBoard that is open moves on to it.

The records are written by tensorboardX: 0.7 MB, nothing that Streamlit does not bring along, looked after since 2017.
`torch.utils.tensorboard` needs `tensorboard` itself (with gRPC and a server, 55 MB). Of tensorboardX only the record
format is used: its queue holds ten events and blocks for ever once its thread could not write, as on a full disk.
"""

import contextlib
import json
import logging
import time
from collections.abc import Iterator, Mapping
from typing import Any

from tensorboardX import RecordWriter
from tensorboardX.proto.event_pb2 import Event, SessionLog  # pyright: ignore[reportAttributeAccessIssue] - made at run time
from tensorboardX.proto.summary_pb2 import Summary  # pyright: ignore[reportAttributeAccessIssue] - made at run time
from tensorboardX.summary import text

from xmodal.runs.curves import NO_LOSS, finite
from xmodal.runs.run import Run

LOG = logging.getLogger(__name__)
PREFIX = "events.out.tfevents."
FLUSH_EVERY_S = 10.0
"""TensorBoard looks every 30 s."""
RATES = ("rate", "items_per_s", "waiting", "memory_bytes")


class EventFile:
    """The event file of a run while it is trained. What it cannot write is said once; the training goes on."""

    def __init__(self, run: Run) -> None:
        self._run = run.name
        self._records: RecordWriter | None = None
        self._flushed_s = time.monotonic()
        with self._or_none():
            path = run.folder / f"{PREFIX}{_remove_old(run):010d}"
            self._records = RecordWriter(str(path))
            self._put(Event(wall_time=time.time(), file_version="brain.Event:2"))
            self._put(Event(wall_time=time.time(), session_log=SessionLog(status=SessionLog.START)))
            recipe = f"```json\n{json.dumps(run.manifest.recipe, indent=2)}\n```"
            self._put(Event(wall_time=time.time(), summary=text("recipe", recipe)))
            for line in run.metrics():
                self._put(_event(line))
            self._flush()

    def add(self, line: Mapping[str, Any]) -> None:
        """A line of the metrics that was written since."""
        with self._or_none():
            self._put(_event(line))
            if time.monotonic() - self._flushed_s >= FLUSH_EVERY_S:
                self._flush()

    def close(self) -> None:
        """No more lines come."""
        with self._or_none():
            self._flush()
        self._give_up()

    def _put(self, event: Event | None) -> None:
        if self._records is not None and event is not None:
            self._records.write(event.SerializeToString())

    def _flush(self) -> None:
        if self._records is not None:
            self._records.flush()
        self._flushed_s = time.monotonic()

    @contextlib.contextmanager
    def _or_none(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            LOG.warning("%s: no more curves for TensorBoard until it is resumed: %s", self._run, error)
            self._give_up()

    def _give_up(self) -> None:
        if self._records is not None:
            with contextlib.suppress(OSError):  # it tries once more to write what it still holds
                self._records.close()
        self._records = None


def _remove_old(run: Run) -> int:
    """Delete earlier event files; the number of the next."""
    old = sorted(run.folder.glob(f"{PREFIX}*"))
    for path in old:
        path.unlink()
    numbers = [int(number) for path in old if (number := path.name.removeprefix(PREFIX)).isdecimal()]
    return max(numbers, default=0) + 1


def _event(line: Mapping[str, Any]) -> Event | None:
    """A line of metrics with its numbers under the tags that TensorBoard groups; None if it holds none."""
    numbers = {tag: value for tag, value in _tagged(line).items() if finite(value)}
    if not numbers or not finite(line.get("step")):
        return None
    values = [Summary.Value(tag=tag, simple_value=value) for tag, value in numbers.items()]
    when = line["time"] if finite(line.get("time")) else time.time()
    return Event(wall_time=when, step=int(line["step"]), summary=Summary(value=values))


def _tagged(line: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "loss" in line:
        terms = {name: value for name, value in line.items() if name not in NO_LOSS}
        found = {"loss/total" if name == "loss" else f"loss/{name}": value for name, value in terms.items()}
        found |= {name: line.get(name) for name in RATES} | {"epoch": line.get("epoch")}
    if isinstance(line.get("validation"), Mapping):
        found |= {f"validation/{name}": value for name, value in line["validation"].items()}
    if isinstance(line.get("concepts"), Mapping):
        found["concepts/count"] = line["concepts"].get("count")
    return found
