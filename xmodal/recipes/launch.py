"""A recipe becomes a run directory; a run directory becomes a training; a trained run becomes a network again."""

import platform
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import torch

import xmodal
from xmodal.data.world.spec import WORLD_VERSION
from xmodal.evaluation.retrieval import measures, retrieve
from xmodal.features.pairs import PreparedPairs
from xmodal.features.words import Vocabulary
from xmodal.modality import Modality
from xmodal.models import build
from xmodal.models.matchmaps import MatchmapModel
from xmodal.progress import Progress, Silent
from xmodal.recipes.recipe import Recipe
from xmodal.recipes.sources import pairs_of
from xmodal.runs.checkpoint import fit as fit_weights
from xmodal.runs.checkpoint import load_tensors, read_index
from xmodal.runs.run import MANIFEST, Run, RunError, RunManifest, State, Status, create, now, open_run
from xmodal.seeding import stream
from xmodal.storage import atomic_write
from xmodal.training.distributed import join
from xmodal.training.events import DivergedError, Event, Saved, StepDone, Stopped, Validated
from xmodal.training.loop import MODEL, Training, train
from xmodal.training.precision import Place, choose
from xmodal.workspace import Workspace

SHIPPED = Path(xmodal.__path__[0]).parent / "checkpoints"
"""Runs that come with the product."""
VOCABULARY = "vocabulary.json"
LOG_EVERY_STEPS = 10


def runs_root(workspace: Workspace) -> Path:
    """Where the workspace keeps its runs."""
    return workspace.root / "runs"


def find_run(name: str, workspace: Workspace) -> Run:
    """A run by the path of its folder, its name in the workspace, its name among the shipped ones, or the name of a
    recipe: the newest run of it.

    Raises:
        RunError: there is none.
    """
    of_recipe = sorted(runs_root(workspace).glob(f"{name}-*"), key=_number)
    places = [Path(name), runs_root(workspace) / name, SHIPPED / name, *of_recipe[-1:]]
    for place in places:
        if (place / MANIFEST).is_file():
            return open_run(place)
    raise RunError(f"there is no run {name!r}; known: {', '.join(run_names(workspace)) or 'none yet'}")


def _number(folder: Path) -> int:
    """The number at the end of `<recipe>-<number>`, -1 for a folder of another recipe that begins alike."""
    tail = folder.name.rpartition("-")[2]
    return int(tail) if tail.isdecimal() else -1


def run_names(workspace: Workspace) -> tuple[str, ...]:
    """Names of the runs in the workspace, then of the shipped ones."""
    roots = (runs_root(workspace), SHIPPED)
    return tuple(path.parent.name for root in roots for path in sorted(root.glob(f"*/{MANIFEST}")))


def recipe_of(run: Run) -> Recipe:
    """The recipe that a run was made from.

    Raises:
        RunError: this version cannot read it.
    """
    try:
        return Recipe.model_validate(run.manifest.recipe)
    except ValueError as error:
        raise RunError(f"{run.folder / MANIFEST}: unreadable recipe: {str(error).splitlines()[0]}") from error


def launch(recipe: Recipe, folder: Path, workspace: Workspace) -> Run:
    """Write the run directory of a recipe; nothing is trained yet.

    Raises:
        RunError: the folder holds a run, or a run to start from is missing.
    """
    parents = {}
    for start in recipe.start:
        parent = find_run(start.run, workspace)
        weights = read_index(parent.checkpoint()).files[f"{MODEL}.safetensors"]
        parents |= dict.fromkeys(start.branches, f"{parent.name} {weights}")
    manifest = RunManifest(
        name=folder.name,
        recipe=recipe.model_dump(mode="json"),
        created=now(),
        versions={
            "python": platform.python_version(),
            "torch": torch.__version__,
            "world": str(WORLD_VERSION),
        },
        command=f"python -m xmodal train {recipe.name}",
        parents=parents,
    )
    return create(folder, manifest)


def next_folder(recipe: Recipe, workspace: Workspace) -> Path:
    """The first free folder for a run of the recipe: `matchmaps-demo-1`, `matchmaps-demo-2`, ..."""
    number = 1
    while (runs_root(workspace) / f"{recipe.name}-{number}").exists():
        number += 1
    return runs_root(workspace) / f"{recipe.name}-{number}"


def new_model(recipe: Recipe, workspace: Workspace) -> MatchmapModel:
    """The recipe's network with the weights that it starts from."""
    seed = int(stream(recipe.seed, "weights").integers(2**62))
    model = build(recipe.model, torch.Generator().manual_seed(seed))
    for start in recipe.start:
        tensors = load_tensors(find_run(start.run, workspace).checkpoint(), MODEL)
        wanted = tuple(f"{branch}." for branch in start.branches)
        taken = {name: tensor for name, tensor in tensors.items() if name.startswith(wanted)}
        fit_weights(model, model.state_dict() | taken, source=f"run {start.run}")
    return model


def load_model(run: Run, *, epoch: int | None = None, device: str = "cpu") -> MatchmapModel:
    """The network of a run after an epoch (None: the newest), for use: evaluation mode, no gradients.

    Raises:
        RunError: no such checkpoint.
        CheckpointError: it is damaged or does not fit.
    """
    folder = run.checkpoint(epoch)
    model = build(recipe_of(run).model, torch.Generator().manual_seed(0))
    fit_weights(model, load_tensors(folder, MODEL), source=str(folder))
    return model.to(device).eval().requires_grad_(False)


def vocabulary_of(run: Run) -> Vocabulary | None:
    """The words of a run whose captions are texts."""
    path = run.folder / VOCABULARY
    return Vocabulary.model_validate_json(path.read_bytes()) if path.is_file() else None


def prepare_run(run: Run, workspace: Workspace, progress: Progress) -> Training:
    """Everything that the training of a run needs: its data are prepared, its network is built."""
    recipe = recipe_of(run)
    place = choose(recipe.device, recipe.precision)
    ranks = join(place.device)
    data = {name: pairs_of(recipe, each, workspace, progress) for name, each in recipe.data.items()}
    vocabulary = _vocabulary(run, recipe, data)
    data = {name: replace(each, vocabulary=vocabulary) for name, each in data.items()}
    held_out = pairs_of(recipe, recipe.validation, workspace, progress, vocabulary)

    def validate(model: MatchmapModel) -> Mapping[str, float]:
        return measures(retrieve(model, held_out, recipe.aggregation))

    return Training(
        run=run,
        model=new_model(recipe, workspace).to(place.device, memory_format=place.memory_format),
        stages=recipe.stages,
        data=data,
        seed=recipe.seed,
        place=place,
        validate=validate,
        ranks=ranks,
        keep_epochs=frozenset(recipe.keep_epochs),
    )


def _vocabulary(run: Run, recipe: Recipe, data: Mapping[str, PreparedPairs]) -> Vocabulary | None:
    """The words of the training texts, fixed when the run first starts."""
    if recipe.pair.caption is not Modality.TEXT or recipe.model.caption.kind != "word_cnn":
        return None
    if (known := vocabulary_of(run)) is not None:
        return known
    texts = [text for each in data.values() for place in each.positions for text in each.prepared.text(place)]
    vocabulary = Vocabulary.of(texts, most=recipe.model.caption.vocabulary - 2)
    atomic_write(run.folder / VOCABULARY, vocabulary.model_dump_json())
    return vocabulary


def run_training(run: Run, workspace: Workspace, progress: Progress | None = None) -> Iterator[Event]:
    """Train a run to its end, or on from its newest checkpoint; log, status and progress follow each event.

    Raises:
        DivergedError: the loss is not finite; the status says so.
    """
    progress = progress or Silent()
    run.clear_stop()
    try:
        training = prepare_run(run, workspace, progress)
        if training.ranks.leads:
            done = read_index(run.checkpoint()).step if run.checkpoints else 0
            run.rewind_metrics(done)
            run.write_status(Status(state=State.RUNNING, step=done, device=training.place.describe()))
        for event in train(training):
            if training.ranks.leads:
                _record(run, training.place, event, progress)
            yield event
    except KeyboardInterrupt:
        _end(run, State.STOPPED, "stopped by the keyboard: go on with --resume")
        raise
    except (DivergedError, ValueError, OSError, RuntimeError) as error:
        _end(run, State.FAILED, str(error))
        raise
    if run.status().state is State.RUNNING:
        _end(run, State.FINISHED, "")


def _end(run: Run, state: State, message: str) -> None:
    run.write_status(run.status().model_copy(update={"state": state, "message": message}))


def _record(run: Run, place: Place, event: Event, progress: Progress) -> None:
    """Log an event, and say how far the run is."""
    if isinstance(event, StepDone):
        progress.update(f"Training ({event.stage})", event.step, event.steps)
        if event.step % LOG_EVERY_STEPS == 0 or event.step in (1, event.steps):
            line = {"step": event.step, "epoch": event.epoch, "stage": event.stage, "loss": event.loss}
            rates = {"rate": event.rate, "items_per_s": event.items_per_s, "waiting": event.waiting}
            run.log(line | dict(event.terms) | rates)
            status = Status(state=State.RUNNING, step=event.step, steps=event.steps, epoch=event.epoch)
            run.write_status(status.model_copy(update={"device": place.describe()}))
    elif isinstance(event, Validated):
        run.log({"step": event.step, "epoch": event.epoch, "validation": dict(event.measures)})
    elif isinstance(event, Stopped):
        _end(run, State.STOPPED, "stopped as asked: go on with --resume")
    elif isinstance(event, Saved):
        status = run.status()
        run.write_status(status.model_copy(update={"step": event.step, "epoch": event.epoch}))
