"""The training loop: one for a CPU, a GPU and several processes under `torchrun`.

Nothing random is carried from step to step: the order of an epoch, the crops and the impostors of a step each come
from a stream named after the seed and the step. A run that goes on from a checkpoint therefore does exactly what the
uninterrupted run would have done, bit for bit on one machine with the same threads.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from xmodal.errors import InputError
from xmodal.models.contract import CrossModalModel
from xmodal.runs.checkpoint import fit, fit_optimiser, load_tensors, optimiser_tensors, save_checkpoint
from xmodal.runs.index import read_index
from xmodal.seeding import stream
from xmodal.training.distributed import with_common_statistics
from xmodal.training.events import DivergedError, Event, Saved, StepDone, Stopped, Validated
from xmodal.training.order import batches
from xmodal.training.plan import Position, Training, epoch_steps, steps_before, total_steps
from xmodal.training.precision import layout
from xmodal.training.prefetch import Prefetched
from xmodal.training.stage import Stage
from xmodal.training.task import Movable

MODEL, OPTIMISER = "model", "optimiser"
"""Groups of tensors in a checkpoint."""


def train(training: Training) -> Iterator[Event]:
    """Train to the end, from the newest checkpoint if there is one; every event is yielded as it happens.

    Raises:
        InputError: a stage that cannot be trained, before anything is done.
        DivergedError: loss or weights are not finite any more; the last checkpoint stays good.
    """
    for stage in training.stages:
        _check(training, stage)
    with_common_statistics(training.model, training.place.device, training.ranks)
    begin = _restored(training)
    if begin == Position():
        _look(training, 0, epoch_ended=False)
    for number in range(begin.stage, len(training.stages)):
        position = begin if number == begin.stage else Position(number)
        for event in _stage(training, position):
            yield event
            if isinstance(event, Stopped):
                return


def _check(training: Training, stage: Stage) -> None:
    size, world = min(stage.batch, len(training.data[stage.data])), training.ranks.world
    if size < 2:
        raise InputError(f"stage {stage.name!r} has {size} pair to learn from: two are the least")
    if size % world:
        raise InputError(f"stage {stage.name!r}: a batch of {size} pairs does not divide among {world} processes")
    training.task.check(stage)
    names = [name for name, _ in training.model.named_parameters()]
    for prefix in stage.frozen:
        if not any(name.startswith(prefix) for name in names):
            raise InputError(f"stage {stage.name!r} freezes {prefix!r}, but no parameter's name begins so")
    if all(name.startswith(stage.frozen) for name in names):
        raise InputError(f"stage {stage.name!r} freezes everything: nothing is left to learn")


def _restored(training: Training) -> Position:
    """Load the newest checkpoint's weights; the optimiser's follow when its stage begins."""
    if not training.run.checkpoints:
        return Position()
    folder = training.run.checkpoint()
    fit(training.model, load_tensors(folder, MODEL), source=str(folder / f"{MODEL}.safetensors"))
    return Position(**read_index(folder).state)


def _optimiser(training: Training, position: Position) -> torch.optim.Optimizer:
    stage = training.stages[position.stage]
    for name, parameter in training.model.named_parameters():
        parameter.requires_grad_(not name.startswith(stage.frozen))
    learned = [parameter for parameter in training.model.parameters() if parameter.requires_grad]
    optimiser = stage.optimiser.build(learned)
    if position.epoch or position.step:
        folder = training.run.checkpoint()
        fit_optimiser(optimiser, load_tensors(folder, OPTIMISER), source=str(folder / f"{OPTIMISER}.safetensors"))
    return optimiser


def _stage(training: Training, position: Position) -> Iterator[Event]:
    """The rest of a stage from that position on."""
    stage = training.stages[position.stage]
    optimiser = _optimiser(training, position)
    network: nn.Module = training.task
    if training.ranks.world > 1:
        network = DistributedDataParallel(network, find_unused_parameters=True)
    for epoch in range(position.epoch, stage.epochs):
        here = position if epoch == position.epoch else Position(position.stage, epoch)
        for done in _epoch(training, network, optimiser, here):
            if isinstance(done, StepDone):
                yield done
                continue
            _require_finite(training, done)
            yield _save(training, optimiser, done)
            yield Stopped(steps_before(training, done), _epochs(training, done))
            return
        after = Position(position.stage, epoch + 1)
        _require_finite(training, after)
        _look(training, steps_before(training, after), epoch_ended=True)
        if training.validate is not None and training.ranks.leads:
            training.model.eval()
            with torch.no_grad():
                measures = dict(training.validate(training.model))
                found = dict(training.concepts(training.model)) if training.concepts is not None else {}
            yield Validated(steps_before(training, after), _epochs(training, after), measures, found)
        yield _save(training, optimiser, after)


def _epoch(
    training: Training, network: nn.Module, optimiser: torch.optim.Optimizer, begin: Position
) -> Iterator[StepDone | Position]:
    """Steps of one epoch; yields a position, and ends, if somebody asks to stop."""
    stage, data = training.stages[begin.stage], training.data[training.stages[begin.stage].data]
    count = epoch_steps(stage, len(data))
    size = min(stage.batch, len(data))
    order = batches(data.lengths, size, stage.pool, stream([training.seed, begin.stage, begin.epoch], "order"))

    def load(step: int) -> Movable:
        chosen = order[step][training.ranks.part(size)]
        crops = stream([training.seed, begin.stage, begin.epoch, step, training.ranks.rank], "crops")
        return data.batch([int(place) for place in chosen], crops)

    steps, memory = total_steps(training.stages, training.data), layout(training.model)
    _train_mode(training.model, network, stage)
    with Prefetched(load, range(begin.step, count)) as loaded:
        for step in range(begin.step, count):
            position = Position(begin.stage, begin.epoch, step)
            started = time.monotonic()
            batch = next(loaded)
            waited = time.monotonic() - started
            moved = batch.to(training.place.device, memory)
            terms, loss, rate = _step(training, network, optimiser, moved, position)
            took = time.monotonic() - started
            if step + 1 < count and _look(training, steps_before(training, position) + 1, epoch_ended=False):
                _train_mode(training.model, network, stage)
            yield StepDone(
                step=steps_before(training, position) + 1,
                steps=steps,
                stage=stage.name,
                epoch=_epochs(training, position),
                terms=terms,
                loss=loss,
                rate=rate,
                items_per_s=size / took,
                waiting=waited / took,
                memory_bytes=training.place.memory_bytes(),
            )
            if training.ranks.any(training.run.stop_requested()):
                yield Position(begin.stage, begin.epoch, step + 1)
                return


def _look(training: Training, step: int, *, epoch_ended: bool) -> bool:
    """Take the sample predictions if they are wanted after that step; whether they were."""
    steps = total_steps(training.stages, training.data)
    if training.looks is None or not training.looks.wanted(step, steps, epoch_ended=epoch_ended):
        return False
    training.model.eval()
    training.looks.take(training.model, step)
    return True


def _train_mode(model: CrossModalModel, network: nn.Module, stage: Stage) -> None:
    """Training mode, except what is frozen: the statistics of its batch norms rest too."""
    network.train()
    for name, module in model.named_modules():
        if f"{name}.".startswith(stage.frozen):
            module.eval()


def _step(
    training: Training, network: nn.Module, optimiser: torch.optim.Optimizer, batch: Movable, position: Position
) -> tuple[dict[str, float], float, float]:
    """Forward, loss, backward, update: the terms of the loss, the loss, the learning rate."""
    stage = training.stages[position.stage]
    per_epoch = epoch_steps(stage, len(training.data[stage.data]))
    at = position.epoch * per_epoch + position.step
    rate = stage.optimiser.rate * stage.schedule.factor(at, steps=stage.epochs * per_epoch, epoch_steps=per_epoch)
    for group in optimiser.param_groups:
        group["lr"] = rate
    seed = int(stream([training.seed, position.stage, at], "impostors").integers(2**62))
    generator = torch.Generator().manual_seed(seed)
    with training.place.autocast():
        outputs = network(batch)
    terms = training.task.losses(stage, outputs, batch, training.ranks, generator)
    loss = torch.stack(list(terms.values())).sum()
    value = float(loss.detach())
    if not np.isfinite(value):
        bad = ", ".join(f"{name} {float(term.detach()):.3g}" for name, term in terms.items())
        raise DivergedError(
            f"the loss is {value} at step {steps_before(training, position) + 1} ({bad}): "
            "lower the learning rate, or limit the gradient with clip_norm"
        )
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    if stage.clip_norm is not None:
        nn.utils.clip_grad_norm_(network.parameters(), stage.clip_norm)
    optimiser.step()
    return {name: float(term.detach()) for name, term in terms.items()}, value, rate


def _epochs(training: Training, position: Position) -> int:
    """Epochs done in the whole run."""
    return sum(stage.epochs for stage in training.stages[: position.stage]) + position.epoch


def _save(training: Training, optimiser: torch.optim.Optimizer, position: Position) -> Saved:
    """Write a checkpoint and remove those that need not stay."""
    whole = position.step == 0
    if position.step == 0 and position.epoch == training.stages[position.stage].epochs:
        position = Position(position.stage + 1)
    step, epoch = steps_before(training, position), _epochs(training, position)
    folder = training.run.checkpoint_path(step)
    if training.ranks.leads:
        groups = {MODEL: training.model.state_dict(), OPTIMISER: optimiser_tensors(optimiser)}
        state = {"stage": position.stage, "epoch": position.epoch, "step": position.step}
        save_checkpoint(folder, groups, step=step, epoch=epoch, whole=whole, state=state)
        _prune(training, folder)
    return Saved(step, epoch, folder)


def _require_finite(training: Training, position: Position) -> None:
    """A last step may have broken weights that no loss has shown yet."""
    for name, tensor in training.model.state_dict().items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise DivergedError(
                f"{name} holds values that are not finite numbers at step {steps_before(training, position)}: "
                "lower the learning rate, or limit the gradient with clip_norm"
            )


def _prune(training: Training, newest: Path) -> None:
    for folder in training.run.checkpoints:
        index = read_index(folder)
        if folder != newest and not (index.whole and index.epoch in training.keep_epochs):
            training.run.drop_checkpoint(folder)
