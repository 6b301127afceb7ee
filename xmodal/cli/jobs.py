"""`python -m xmodal jobs ...`: what the page Train does, on the command line."""

import json as js
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro

from xmodal import workspace as workspaces
from xmodal.errors import InputError
from xmodal.jobs.cluster_options import ClusterOptions

if TYPE_CHECKING:
    from xmodal.jobs.job import Job
    from xmodal.jobs.queue import Queue

Where = Literal["here", "slurm"]
Options = Annotated[ClusterOptions, tyro.conf.arg(name="")]
NO_OPTIONS = ClusterOptions()
"""It is frozen, so that commands may share it as a default."""


def list_jobs(*, json: bool = False) -> int:
    """List all jobs with their state, the oldest first.

    Args:
        json: Print JSON.
    """
    queue = _queue()
    queue.advance()
    if json:
        jobs = [_content(job) for job in queue.jobs()]
        print(js.dumps({"jobs": jobs, "damaged": queue.damaged(), "fault": queue.fault()}))
        return 0
    for job in queue.jobs():
        content = _content(job)
        slurm = f" [{content['slurm']}]" if content["state"] in ("queued", "unknown") and content["slurm"] else ""
        print(f"{job.id:<24} {content['state']:<10} {job.spec.lane:<12} {job.spec.title}{slurm}")
    for name, line in queue.damaged().items():
        print(f"{line}; python -m xmodal jobs remove {name} forgets it")
    if fault := queue.fault():
        print(fault)
    return 0


def launch(
    recipe: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="RECIPE")],
    *,
    change: Annotated[tuple[str, ...], tyro.conf.arg(name="set", metavar="KEY=VALUE ...")] = (),
    data: str | None = None,
    name: str = "",
    threads: int = 1,
    on: Where = "here",
    slurm: Options = NO_OPTIONS,
    json: bool = False,
) -> int:
    """Train a recipe in the background, here in turn with others on the same device, or on a Slurm cluster.

    Args:
        recipe: Name of a recipe (`python -m xmodal recipes`).
        change: Fields of the recipe to change, such as `seed=3` or `stages.0.epochs=2`.
        data: Catalog (name or folder) to train on in place of the recipe's data; --set comes after it.
        name: Name of the run; default: the next free one, such as `matchmaps-tiny-3`.
        threads: Threads of the computation on this machine.
        on: This machine, or the Slurm cluster that it belongs to.
        slurm: What to ask Slurm for.
        json: Print JSON.
    """
    from xmodal.jobs.training import launch as launch_training
    from xmodal.recipes import RECIPES
    from xmodal.recipes.changes import changed

    if recipe not in RECIPES:
        raise InputError(f"there is no recipe {recipe!r}; known: {', '.join(RECIPES)}")
    wanted = RECIPES[recipe] if data is None else RECIPES[recipe].on(data)
    cluster = _cluster(on, slurm)
    job = launch_training(changed(wanted, change), _queue(), threads=threads, cluster=cluster, name=name)
    return _say(job, json=json)


def fork(
    run: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="RUN")],
    *,
    change: Annotated[tuple[str, ...], tyro.conf.arg(name="set", metavar="KEY=VALUE ...")] = (),
    fresh: bool = False,
    threads: int = 1,
    json: bool = False,
) -> int:
    """Train a run's recipe with changes, from the run's weights, in the background.

    Args:
        run: Folder or name of the run.
        change: Fields of its recipe to change, such as `stages.0.optimiser.rate=0.0003`.
        fresh: Begin as that run began, not with its weights.
        threads: Threads of the computation.
        json: Print JSON.
    """
    from xmodal.jobs.training import launch as launch_training
    from xmodal.recipes.fork import forked
    from xmodal.recipes.networks import find_run

    queue = _queue()
    recipe = forked(find_run(run, queue.workspace), change, weights=not fresh)
    return _say(launch_training(recipe, queue, threads=threads), json=json)


def run_command(
    words: Annotated[tuple[str, ...], tyro.conf.Positional, tyro.conf.arg(metavar="WORDS")], *, json: bool = False
) -> int:
    """Run any other command of this program in the background, in the lane of analyses.

    Args:
        words: The command, after `--`: `jobs run -- evaluate matchmaps-tiny-1 --table matchmaps.2`.
        json: Print JSON.
    """
    from xmodal.jobs import analyses

    if not words:
        raise InputError("name the command: python -m xmodal jobs run -- evaluate RUN --table matchmaps.2")
    return _say(analyses.ask(words, _queue(), title=" ".join(words)), json=json)


def remove(job: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="JOB")], *, json: bool = False) -> int:
    """Forget an ended or damaged job and its log; a run that it trained stays.

    Args:
        job: Id of the job.
        json: Print JSON.
    """
    queue = _queue()
    queue.remove(queue.job(job, damaged=True))
    print(js.dumps({"id": job}) if json else f"{job}: forgotten")
    return 0


def resume(
    run: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="RUN")],
    *,
    threads: int = 1,
    on: Where = "here",
    slurm: Options = NO_OPTIONS,
    json: bool = False,
) -> int:
    """Go on with a run that was stopped, cancelled or interrupted, in the background.

    Args:
        run: Folder or name of the run.
        threads: Threads of the computation on this machine.
        on: This machine, or the Slurm cluster that it belongs to.
        slurm: What to ask Slurm for.
        json: Print JSON.
    """
    from xmodal.jobs.training import resume as resume_training
    from xmodal.recipes.networks import find_run

    queue, cluster = _queue(), _cluster(on, slurm)
    return _say(resume_training(find_run(run, queue.workspace), queue, threads=threads, cluster=cluster), json=json)


def stop(job: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="JOB")], *, json: bool = False) -> int:
    """Let a training save and end after the step that it is in; `resume` goes on with it.

    Args:
        job: Id of the job.
        json: Print JSON.
    """
    from xmodal.jobs.training import stop as stop_training

    found = _queue().job(job)
    stop_training(found)
    return _say(found, json=json)


def cancel(job: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="JOB")], *, json: bool = False) -> int:
    """End a job that waits or runs, by force if it does not end by itself within seconds.

    Args:
        job: Id of the job.
        json: Print JSON.
    """
    queue = _queue()
    found = queue.job(job)
    queue.cancel(found)
    return _say(found, json=json)


def move(
    job: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="JOB")],
    places: Annotated[int, tyro.conf.Positional, tyro.conf.arg(metavar="PLACES")],
    *,
    json: bool = False,
) -> int:
    """Let a waiting job begin earlier or later.

    Args:
        job: Id of the job.
        places: How many places later; below 0: earlier.
        json: Print JSON.
    """
    queue = _queue()
    found = queue.job(job)
    queue.move(found, places)
    return _say(found, json=json)


def logs(job: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="JOB")], *, json: bool = False) -> int:
    """Print the end of what a job printed.

    Args:
        job: Id of the job.
        json: Print JSON.
    """
    found = _queue().job(job)
    print(js.dumps({"log": found.log()}) if json else found.log(), end="\n" if json else "")
    return 0


def _queue() -> "Queue":
    from xmodal.jobs.queue import Queue

    here = workspaces.current()
    here.prepare()
    return Queue(here)


def _cluster(on: Where, options: ClusterOptions) -> ClusterOptions | None:
    if on == "slurm":
        return options
    if asked := options.model_dump(exclude_defaults=True):
        raise InputError(f"{', '.join(asked)}: only Slurm is asked for that; add --on slurm")
    return None


def _say(job: "Job", *, json: bool) -> int:
    if json:
        print(js.dumps(_content(job)))
        return 0
    print(f"{job.id}: {job.state.value}, {job.spec.title}")
    return 0


def _content(job: "Job") -> dict[str, Any]:
    from xmodal.jobs.job import JobError, JobState

    try:
        state = job.state.value
    except JobError as error:
        state = f"damaged: {error}"
    failed = {"message": job.message} if state in (JobState.FAILED, JobState.LOST, JobState.UNKNOWN) else {}
    named = job.spec.model_dump(include={"title", "arguments", "lane", "run", "created"})
    return {"id": job.id, "state": state, "slurm": job.slurm_says} | named | failed


COMMANDS: Mapping[str, Callable[..., Any]] = {
    "list": list_jobs,
    "launch": launch,
    "fork": fork,
    "run": run_command,
    "resume": resume,
    "stop": stop,
    "cancel": cancel,
    "move": move,
    "remove": remove,
    "logs": logs,
}
"""Commands of this group."""
