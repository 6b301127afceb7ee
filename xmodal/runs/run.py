"""A run directory: what was asked for, what happened, how far it is, and its checkpoints.

manifest.json     recipe with its seed, versions, command; written when the run is launched, and once more when its
                  training begins, with the device
status.json       state, step, device, message; replaced at most twice a second
metrics.jsonl     one line for each logged step and each validated epoch
checkpoints/      step-0000120/ ..., each committed by rename
samples/          what it made of a few fixed pairs, by step (`recipes.samples`)
events.out.*      the same for TensorBoard, made from the metrics
notes.json        what people wrote about it
stop              asks the trainer to end after its step
.spare            a little room for the last words, while it is trained
.lock             held by the process that trains the run
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field

from xmodal.errors import InputError, reason
from xmodal.runs.held import held
from xmodal.runs.index import INDEX, read_index
from xmodal.storage import atomic_write, remove_leftovers

MANIFEST = "manifest.json"
INTERRUPTED = "interrupted: it can go on (on the command line with --resume)"
_PATIENCE_S = 1.0
"""Who asks for the status holds the lock for a moment."""


class RunError(InputError):
    """A folder that is not a usable run, with one line of reason."""


class State(StrEnum):
    """Where a run is in its life."""

    CREATED = "created"
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    FINISHED = "finished"


class RunManifest(BaseModel):
    """What `manifest.json` holds: everything that decided the run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=1, le=1)
    """Version of the layout."""
    name: str
    """The folder's name when it was made."""
    recipe: dict[str, Any]
    """The whole recipe as JSON; `recipes` knows how to read it."""
    created: str
    """UTC, ISO 8601."""
    versions: dict[str, str]
    """Python, torch, world."""
    command: str = ""
    """Command line that makes this run again; empty if no recipe of that name is known."""
    parents: dict[str, str] = {}
    """Runs whose weights it starts from: branch -> name and SHA-256 of the weights."""
    trained_on: tuple[str, ...] = ()
    """Devices, number formats and processes that trained it, in turn; more than one if it was resumed elsewhere."""


class Status(BaseModel):
    """What `status.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: State
    step: int = 0
    """Optimiser steps done."""
    steps: int = 0
    """Optimiser steps in the whole run."""
    epoch: int = 0
    message: str = ""
    """Why it stopped or failed, in one line."""
    device: str = ""
    """What it runs on, e.g. `cpu (2 threads), float32`."""
    pid: int = 0
    """Process that writes this."""
    updated: str = ""
    """UTC, ISO 8601."""


def now() -> str:
    """The time, UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Run:
    """One run directory."""

    folder: Path

    @cached_property
    def manifest(self) -> RunManifest:
        """What was asked for.

        Raises:
            RunError: missing or unreadable.
        """
        path = self.folder / MANIFEST
        try:
            return RunManifest.model_validate_json(path.read_bytes())
        except FileNotFoundError as error:
            raise RunError(f"{self.folder} is not a run: it has no {MANIFEST}") from error
        except (OSError, ValueError) as error:
            raise RunError(f"{path} is damaged or from a newer version: {reason(error)}") from error

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.name

    @property
    def checkpoints(self) -> tuple[Path, ...]:
        """Folders of the complete checkpoints, oldest first."""
        folders = sorted((self.folder / "checkpoints").glob("step-*"))
        return tuple(folder for folder in folders if (folder / INDEX).is_file())

    @property
    def epochs(self) -> tuple[int, ...]:
        """Epochs whose weights are kept, ascending."""
        indices = (read_index(path) for path in self.checkpoints)
        return tuple(sorted(index.epoch for index in indices if index.whole))

    def checkpoint(self, epoch: int | None = None) -> Path:
        """The checkpoint after that epoch, or the newest.

        Raises:
            RunError: there is none.
        """
        if epoch is not None:
            indices = {path: read_index(path) for path in self.checkpoints}
            epochs = {index.epoch: path for path, index in indices.items() if index.whole}
            if epoch not in epochs:
                kept = ", ".join(map(str, epochs)) or "none"
                raise RunError(f"{self.name} has no checkpoint of epoch {epoch}; kept: {kept}")
            return epochs[epoch]
        if not self.checkpoints:
            raise RunError(f"{self.name} has no checkpoint yet: train it first")
        return self.checkpoints[-1]

    def checkpoint_path(self, step: int) -> Path:
        """Where the checkpoint after that step lies or will lie."""
        return self.folder / "checkpoints" / f"step-{step:07d}"

    def drop_checkpoint(self, folder: Path) -> None:
        """Remove a checkpoint; its index goes first, so that nobody takes what is left of it for whole."""
        (folder / INDEX).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)

    def _remove_leftovers(self) -> None:
        """Delete what a killed trainer was writing or removing."""
        remove_leftovers(self.folder / "checkpoints")
        for folder in (self.folder / "checkpoints").glob("step-*"):
            if not (folder / INDEX).is_file():
                shutil.rmtree(folder, ignore_errors=True)

    def status(self) -> Status:
        """How far it is (`created` if nothing was written yet); a trainer that was killed counts as stopped.

        Raises:
            RunError: the file is damaged.
        """
        try:
            written = Status.model_validate_json((self.folder / "status.json").read_bytes())
        except FileNotFoundError:
            return Status(state=State.CREATED)
        except (OSError, ValueError) as error:
            raise RunError(f"{self.folder / 'status.json'} is damaged: {reason(error)}") from error
        if written.state is State.RUNNING and not held(self.folder / ".lock"):
            return written.model_copy(update={"state": State.STOPPED, "message": INTERRUPTED})
        return written

    def write_status(self, status: Status) -> None:
        """Replace the status."""
        stamped = status.model_copy(update={"pid": os.getpid(), "updated": now()})
        atomic_write(self.folder / "status.json", stamped.model_dump_json(indent=2))

    def note_place(self, place: str) -> None:
        """Write down in the manifest where training begins or goes on (for the process that holds the lock)."""
        known = self.manifest.trained_on
        if known[-1:] == (place,):
            return
        told = self.manifest.model_copy(update={"trained_on": (*known, place)})
        atomic_write(self.folder / MANIFEST, told.model_dump_json(indent=2))
        del self.__dict__["manifest"]  # what `cached_property` keeps

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the run while it is trained; ends with the process. What a killed trainer left half done is removed.

        Raises:
            RunError: another process trains it.
        """
        lock = FileLock(self.folder / ".lock", timeout=_PATIENCE_S, thread_local=False)
        try:
            lock.acquire()
        except Timeout as error:
            raise RunError(f"{self.name} is being trained by process {self.status().pid}") from error
        try:
            self._remove_leftovers()
            yield
        finally:
            lock.release()

    def request_stop(self) -> None:
        """Ask the trainer to save and end after the step that it is in."""
        atomic_write(self.folder / "stop", "")

    def stop_requested(self) -> bool:
        """Whether somebody asked."""
        return (self.folder / "stop").exists()

    def clear_stop(self) -> None:
        """Forget the request (when the run is resumed)."""
        (self.folder / "stop").unlink(missing_ok=True)

    def log(self, line: Mapping[str, Any]) -> None:
        """Append one line to the metrics."""
        with (self.folder / "metrics.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(dict(line)) + "\n")

    def metrics(self) -> Iterator[dict[str, Any]]:
        """Every whole line of the metrics in order; a line cut off by a kill is left out."""
        path = self.folder / "metrics.jsonl"
        if not path.exists():
            return
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if isinstance(entry, dict):
                    yield entry

    def rewind_metrics(self, step: int) -> None:
        """Drop lines after that step: a resumed run writes them again."""
        kept = [json.dumps(line) for line in self.metrics() if line.get("step", 0) <= step]
        atomic_write(self.folder / "metrics.jsonl", "".join(line + "\n" for line in kept))


def create(folder: Path, manifest: RunManifest) -> Run:
    """Make a run directory.

    Raises:
        RunError: the folder already holds a run.
    """
    if (folder / MANIFEST).exists():
        raise RunError(f"{folder} already holds a run: choose another name, or go on with --resume")
    folder.mkdir(parents=True, exist_ok=True)
    atomic_write(folder / MANIFEST, manifest.model_dump_json(indent=2))
    run = Run(folder)
    run.write_status(Status(state=State.CREATED))
    return run


def open_run(folder: Path) -> Run:
    """The run in that folder.

    Raises:
        RunError: it is not a run, or its manifest is unreadable.
    """
    run = Run(folder)
    _ = run.manifest
    return run
