"""A run in one row: how far it is, what it scored last, what people wrote about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xmodal.errors import InputError, reason
from xmodal.runs import notes
from xmodal.runs.curves import finite
from xmodal.runs.notes import Notes
from xmodal.runs.places import own_names
from xmodal.runs.run import Run, State, Status, open_run
from xmodal.workspace import Workspace

DAMAGED = "damaged"


@dataclass(frozen=True)
class Summary:
    """One run."""

    name: str
    state: str
    """A `State`, or `DAMAGED`."""
    step: int = 0
    """Optimiser steps done."""
    steps: int = 0
    """Of how many; 0 before the first."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """Measures on the validation data after its newest epoch."""
    notes: Notes = field(default_factory=Notes)
    message: str = ""
    """Why it ended as it did, or what is damaged."""


def summaries(workspace: Workspace) -> tuple[Summary, ...]:
    """Every run of the workspace by name; what is damaged in one says so in its row alone."""
    return tuple(summary(Run(workspace.runs / name)) for name in own_names(workspace))


def summary(run: Run) -> Summary:
    """The row of one run."""
    status, written, faults = Status(state=State.CREATED), Notes(), []
    scores: Mapping[str, float] = {}
    try:
        run = open_run(run.folder)
        status = run.status()
        scores = newest_scores(run)
    except (InputError, OSError) as error:
        faults.append(reason(error))
    try:
        written = notes.read(run)
    except InputError as error:
        faults.append(reason(error))
    state = DAMAGED if faults else status.state.value
    return Summary(run.name, state, status.step, status.steps, scores, written, "; ".join(faults) or status.message)


def newest_scores(run: Run) -> Mapping[str, float]:
    """The last measures on the validation data in its metrics; what is no number is left out."""
    found: Mapping[str, float] = {}
    for line in run.metrics():
        if isinstance(measures := line.get("validation"), Mapping):
            found = {name: value for name, value in measures.items() if finite(value)}
    return found
