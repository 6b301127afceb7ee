"""The jobs of a workspace, in which order they run, and who begins the next: anybody who looks, under one lock."""

import contextlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xmodal.errors import InputError
from xmodal.jobs import cluster, local
from xmodal.jobs.cluster_options import ClusterOptions
from xmodal.jobs.job import ACTIVE, SPEC, Job, JobError, JobSpec, JobState
from xmodal.runs.run import Run, now
from xmodal.storage import atomic_directory, atomic_write, keep_spare
from xmodal.workspace import Workspace

ANALYSIS = "analysis"
"""The lane of everything that is no training: three seconds of work never wait for one."""
_LOCK, _ORDER = "jobs", "order.json"


@dataclass(frozen=True)
class Work:
    """What somebody wants done."""

    title: str
    arguments: tuple[str, ...]
    """What follows `python -m xmodal`."""
    lane: str = ANALYSIS
    run: str = ""
    """Folder of the run that is trained."""
    threads: int = 1
    cluster: ClusterOptions | None = None
    """What it asks Slurm for; None: it runs on this machine."""


@dataclass(frozen=True)
class Queue:
    """All jobs of a workspace."""

    workspace: Workspace

    @property
    def root(self) -> Path:
        """Folder of the jobs' folders."""
        return self.workspace.root / "jobs"

    def jobs(self) -> tuple[Job, ...]:
        """Every readable job, the oldest first."""
        found = []
        for path in self.root.glob(f"*/{SPEC}"):
            job = Job(path.parent)
            try:
                found.append((job.spec.number, job))
            except JobError:
                continue  # `damaged` tells
        return tuple(job for _, job in sorted(found, key=lambda each: each[0]))

    def fault(self) -> str:
        """Why nothing can begin: a disk that is full or cannot be written to; empty if it can."""
        fault = self.workspace.fault()
        return f"{fault}: nothing is begun there" if fault else ""

    def damaged(self) -> dict[str, str]:
        """What is wrong with jobs that cannot be read, a line each, by their ids."""
        lines = {}
        for path in sorted(self.root.glob("[!.]*/")):
            try:
                _ = Job(path).spec, Job(path).state
            except JobError as error:
                lines[path.name] = str(error)
        return lines

    def job(self, name: str, *, damaged: bool = False) -> Job:
        """A job by its id; with `damaged` also one of which nothing can be read, so that it can be forgotten.

        Raises:
            JobError: there is none.
        """
        found = {job.id: job for job in self.jobs()}
        if damaged:
            found |= {each: Job(self.root / each) for each in self.damaged()}
        if name not in found:
            raise JobError(f"there is no job {name!r}; known: {', '.join(found) or 'none yet'}")
        return found[name]

    def active(self, run: Run) -> Job | None:
        """The job for a run that waits or runs, if there is one."""
        folder = str(run.folder.absolute())
        own = (job for job in self.jobs() if job.spec.run == folder)
        return next((job for job in own if _state(job) in ACTIVE), None)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else puts work into it, begins, moves or cancels a job meanwhile."""
        with self.workspace.lock(_LOCK):
            yield

    def submit(self, work: Work, *, once: bool = False) -> Job:
        """Put work at the end of its lane; it begins at once if nothing runs there.

        With `once` a job that waits or runs already with the same command is given back in place of a second one.
        """
        with self.held():
            for job in self.jobs() if once else ():
                if job.spec.arguments == work.arguments and _state(job) in ACTIVE:
                    return job
            number = 1 + max((_number(path) for path in self.root.glob("[0-9]*-*")), default=0)
            folder = self.root / f"{number:04d}-{work.arguments[0]}"
            spec = JobSpec(
                number=number, title=work.title, arguments=work.arguments, lane=work.lane, run=work.run,
                threads=work.threads, created=now(), cluster=work.cluster,
            )  # fmt: skip
            with atomic_directory(folder) as new:
                atomic_write(new / SPEC, spec.model_dump_json(indent=2))
                keep_spare(new)
            if not self.workspace.fault():
                self._advance()
        if work.cluster is not None:
            cluster.begin(Job(folder), self.workspace)
        return Job(folder)

    def advance(self) -> None:
        """Begin the first waiting job of every lane in which nothing runs; on a full or read-only disk none begins, and
        `damaged` says so."""
        if not self.root.is_dir() or self.workspace.fault():
            return
        with self.held():
            self._advance()

    def _advance(self) -> None:
        states = self._states()
        working = (job for job, state in states.items() if state is JobState.RUNNING or (state is None and job.alive))
        busy = {job.spec.lane for job in working}
        for job in self._waiting(states):
            if job.spec.lane not in busy:
                local.begin(job, self.workspace)
                busy.add(job.spec.lane)

    def waiting(self) -> tuple[Job, ...]:
        """Jobs that have not begun, in the order in which they will."""
        return tuple(self._waiting(self._states()))

    def _states(self) -> dict[Job, JobState | None]:
        """Of the jobs of this machine: Slurm has a queue of its own."""
        return {job: _state(job) for job in self.jobs() if job.spec.cluster is None}

    def _waiting(self, states: dict[Job, JobState | None]) -> Iterator[Job]:
        order = self._order()
        place = {name: number for number, name in enumerate(order)}
        queued = [job for job, state in states.items() if state is JobState.QUEUED]
        yield from sorted(queued, key=lambda job: (place.get(job.id, len(order)), job.spec.number))

    def _order(self) -> list[str]:
        try:
            found = json.loads((self.root / _ORDER).read_bytes())
        except (OSError, ValueError):
            return []
        return [str(each) for each in found] if isinstance(found, list) else []

    def move(self, job: Job, places: int) -> None:
        """Let a waiting job begin earlier (`places` below 0) or later among those that wait.

        Raises:
            JobError: it does not wait any more.
        """
        with self.held():
            names = [each.id for each in self.waiting()]
            if job.id not in names:
                raise JobError(f"job {job.id} does not wait any more: it is {job.state.value}")
            old = names.index(job.id)
            names.insert(max(0, min(len(names) - 1, old + places)), names.pop(old))
            atomic_write(self.root / _ORDER, json.dumps(names))

    def cancel(self, job: Job) -> None:
        """End a job that waits or runs; its runner does so within seconds, saving what can be saved.

        Where its runner is gone, this waits for the end.

        Raises:
            JobError: it has ended already, or Slurm does not answer; it ends as soon as it looks at its folder.
        """
        self.ask_cancel(job)
        if job.spec.cluster is not None:
            cluster.cancel(job)
        else:
            local.end_orphan(job)

    def ask_cancel(self, job: Job) -> None:
        """Want the end of a job that waits or runs: its runner sees to it, if there is one.

        Raises:
            JobError: it has ended already.
        """
        with self.held():
            if (state := job.state) not in ACTIVE:
                raise JobError(f"job {job.id} is {state.value} already")
            job.ask_cancel()

    def remove(self, job: Job) -> None:
        """Forget an ended job and its log; a run that it trained stays.

        Raises:
            JobError: it waits or runs.
        """
        with self.held():
            state = _state(job)  # a damaged one can be forgotten too
            if state is not None and state in ACTIVE:
                raise JobError(f"job {job.id} is {state.value}: cancel it first")
            if state is None and job.alive:
                raise JobError(f"job {job.id} is damaged, and its process still works: end that first")
            shutil.rmtree(job.folder)


def _number(folder: Path) -> int:
    """A job's number by its folder's name, also where its `spec.json` is damaged: no other job takes its folder."""
    number = folder.name.partition("-")[0]
    return int(number) if number.isdecimal() else 0


def _state(job: Job) -> JobState | None:
    try:
        return job.state
    except InputError:
        return None
