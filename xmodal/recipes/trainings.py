"""A run directory becomes a training: the same for every paper, but for how its data and its losses are prepared."""

from collections.abc import Callable, Iterator, Mapping

from xmodal.progress import Progress, Silent
from xmodal.recipes import matchmap_training, see_hear_read_training
from xmodal.recipes.networks import load_model, recipe_of
from xmodal.recipes.record import Recorder
from xmodal.recipes.samples import Samples
from xmodal.runs.index import read_index
from xmodal.runs.run import Run
from xmodal.training.distributed import Ranks
from xmodal.training.events import Event
from xmodal.training.loop import train
from xmodal.training.plan import Training, total_steps
from xmodal.workspace import Workspace

Prepare = Callable[[Run, Workspace, Progress, Ranks], Training]
"""Prepares the data of a run and builds its network."""
PREPARE: Mapping[str, Prepare] = {
    "matchmaps": matchmap_training.prepare,
    "see_hear_read": see_hear_read_training.prepare,
}
"""By the key of the paper."""


def prepare_run(run: Run, workspace: Workspace, progress: Progress, ranks: Ranks | None = None) -> Training:
    """Everything that the training of a run needs: its data are prepared, its network is built."""
    if run.checkpoints:
        load_model(run)  # a damaged one is said now, not after the data are prepared
    return PREPARE[recipe_of(run).PAPER](run, workspace, progress, ranks or Ranks())


def run_training(
    run: Run, workspace: Workspace, progress: Progress | None = None, ranks: Ranks | None = None
) -> Iterator[Event]:
    """Train a run to its end, or on from its newest checkpoint; log, status and progress follow each event.

    With `ranks` (see `training.distributed.joined`) each process calls this, and the leader alone writes.

    Raises:
        RunError: another process trains it.
        DivergedError: the loss is not finite; the status says so.
    """
    progress, ranks = progress or Silent(), ranks or Ranks()
    if not ranks.leads:
        yield from train(prepare_run(run, workspace, Silent(), ranks))
        return
    with run.lock():
        recorder = Recorder(run, progress)
        run.clear_stop()
        try:
            done = read_index(run.checkpoint()) if run.checkpoints else None
            known = {"step": done.step, "epoch": done.epoch} if done else {}
            recorder.begin("preparing the data", **known)
            training = prepare_run(run, workspace, progress, ranks)
            recorder.go_on_from(done.step if done else 0)
            Samples(run).rewind(done.step if done else -1)
            steps = total_steps(training.stages, training.data)
            device = training.place.describe(ranks.world)
            run.note_place(device)
            recorder.begin("", steps=steps, device=device)
            for event in train(training):
                recorder.note(event)
                yield event
        except BaseException as error:
            recorder.fail(error)
            raise
        recorder.end()
