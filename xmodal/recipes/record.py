"""What happens in a training goes into its run: metrics, status, progress."""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xmodal.errors import reason
from xmodal.progress import Progress
from xmodal.runs.run import INTERRUPTED, Run, State, Status
from xmodal.runs.tensorboard import EventFile
from xmodal.storage import keep_spare, use_spare
from xmodal.training.events import Event, Saved, StepDone, Stopped, Validated

LOG_EVERY_STEPS = 10
STATUS_EVERY_S = 0.5


@dataclass
class Recorder:
    """Writes down the events of one training; only the leading process has one."""

    run: Run
    progress: Progress
    status: Status = field(default_factory=lambda: Status(state=State.RUNNING))
    """As it would be written now."""
    _written_s: float = 0.0
    _events: EventFile | None = None

    def begin(self, message: str, **known: int | str) -> None:
        """The run is worked on: data are prepared, then it trains."""
        keep_spare(self.run.folder)
        self._put(state=State.RUNNING, message=message, **known)

    def go_on_from(self, step: int) -> None:
        """Forget what was logged after that step: it will be done again."""
        self.run.rewind_metrics(step)
        self._events = EventFile(self.run)

    def note(self, event: Event) -> None:
        """One event."""
        if isinstance(event, StepDone):
            self._step(event)
        elif isinstance(event, Validated):
            line = {"step": event.step, "epoch": event.epoch, "validation": dict(event.measures)}
            self._log(line | ({"concepts": dict(event.concepts)} if event.concepts else {}))
        elif isinstance(event, Saved):
            self._put(step=event.step, epoch=event.epoch)
        elif isinstance(event, Stopped):
            self._put(state=State.STOPPED, message="stopped as asked: it can go on (on the command line with --resume)")

    def end(self) -> None:
        """No more events come."""
        self._leave()
        if self.status.state is State.RUNNING:
            self._put(state=State.FINISHED, message="")

    def fail(self, error: BaseException) -> None:
        """The training ended early: by an error, the keyboard, or because nobody listens any more."""
        self._leave()
        interrupted = isinstance(error, KeyboardInterrupt | GeneratorExit)
        state, message = (State.STOPPED, INTERRUPTED) if interrupted else (State.FAILED, reason(error))
        with contextlib.suppress(OSError):  # what went wrong first is what counts
            self._put(state=state, message=message)

    def _leave(self) -> None:
        use_spare(self.run.folder)
        if self._events is not None:
            self._events.close()

    def _log(self, line: Mapping[str, Any]) -> None:
        timed = {**line, "time": round(time.time(), 3)}
        self.run.log(timed)
        if self._events is not None:
            self._events.add(timed)

    def _step(self, event: StepDone) -> None:
        note = f", {event.items_per_s:,.0f} pairs a second, {event.waiting:.0%} of the time waiting for data"
        self.progress.update(f"Training ({event.stage})", event.step, event.steps, note)
        if event.step % LOG_EVERY_STEPS == 0 or event.step in (1, event.steps):
            line = {"step": event.step, "epoch": event.epoch, "stage": event.stage, "loss": event.loss}
            rates = {"rate": event.rate, "items_per_s": event.items_per_s, "waiting": event.waiting}
            rates["memory_bytes"] = event.memory_bytes
            self._log(line | dict(event.terms) | rates)
        known = {"step": event.step, "steps": event.steps, "epoch": event.epoch}
        if time.monotonic() - self._written_s >= STATUS_EVERY_S:
            self._put(**known)
        else:
            self.status = self.status.model_copy(update=known)

    def _put(self, **known: object) -> None:
        self.status = self.status.model_copy(update=known)
        self.run.write_status(self.status)
        self._written_s = time.monotonic()
