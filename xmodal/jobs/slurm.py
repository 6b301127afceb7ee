"""What Slurm says about jobs, and what it is told, through its own commands: they are on every cluster.

One `squeue` tells about all of a user's jobs at once and is asked at most every two seconds, however often pages look.
It forgets a job minutes after its end; `sacct` remembers, where the cluster keeps accounts.
"""

import importlib.util
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass, field
from functools import cache

from xmodal.errors import InputError

LOOK_S = 2.0
"""How old an answer may be."""
SILENT_S = 10.0
"""After Slurm did not answer, it is left alone for so long."""
FORGOTTEN_S = 60.0
"""How long nobody asks again about a job that the queue does not know."""
PATIENCE_S, LONG_PATIENCE_S = 5.0, 60.0
"""How long an answer may take, to a question and to a command."""
NEEDED = ("sbatch", "srun", "squeue", "scancel", "scontrol")
_FORMAT = "--format=%i|%T|%r"


class SlurmError(InputError):
    """Slurm is not there, does not answer or refuses, with one line of reason."""


@dataclass(frozen=True)
class Word:
    """What Slurm says about one job."""

    state: str
    """PENDING, RUNNING, TIMEOUT, ... (`man squeue`, "JOB STATE CODES")."""
    reason: str = ""
    """Why it waits or ended; empty if there is nothing to say."""

    def __str__(self) -> str:
        """`PENDING (Resources)`."""
        return f"{self.state} ({self.reason})" if self.reason else self.state


@dataclass(frozen=True)
class _Answer:
    text: str
    error: SlurmError | None
    at_s: float


@dataclass
class _Answers:
    """The newest answer to each command, so that many who look ask once."""

    kept: dict[tuple[str, ...], _Answer] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def to(self, command: tuple[str, ...], keep_s: float) -> str:
        """What the command prints; an answer that is younger than `keep_s` is given again."""
        with self.lock:
            known = self.kept.get(command)
            if known is not None and known.error is not None and keep_s:
                keep_s = max(keep_s, SILENT_S)
            if known is None or time.monotonic() - known.at_s >= keep_s:
                known = self.kept[command] = _answered(command)
        if known.error is not None:
            raise known.error
        return known.text


@cache
def _answers() -> _Answers:
    return _Answers()


def _answered(command: tuple[str, ...]) -> _Answer:
    try:
        text, error = _run(command), None
    except SlurmError as failed:
        text, error = "", failed
    return _Answer(text, error, time.monotonic())


def _run(command: tuple[str, ...], patience_s: float = PATIENCE_S) -> str:
    program = shutil.which(command[0])
    if program is None:
        raise SlurmError(f"this machine has no `{command[0]}`")
    try:
        done = subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=patience_s, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise SlurmError(f"`{command[0]}` has not answered within {patience_s:.0f} seconds") from error
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise SlurmError(lines[-1] if lines else f"`{command[0]}` ended with code {done.returncode}")
    return done.stdout


def available() -> str | None:
    """Why no job can be handed to Slurm from here; None if one can."""
    if importlib.util.find_spec("submitit") is None:
        return "the package submitit is not installed"
    absent = [name for name in NEEDED if shutil.which(name) is None]
    if absent:
        return f"this machine has no {', '.join(f'`{name}`' for name in absent)}: it belongs to no Slurm cluster"
    try:
        _queue(LOOK_S)
    except SlurmError as error:
        return f"Slurm does not answer: {error}"
    return None


def word(number: int, *, fresh: bool = False) -> Word | None:
    """What Slurm says about its job of that number; None if it has forgotten it.

    Raises:
        SlurmError: it does not answer.
    """
    known = _queue(0.0 if fresh else LOOK_S)
    return known[number] if number in known else _older(number)


def _queue(keep_s: float) -> dict[int, Word]:
    """Every job of this user that Slurm's controller remembers."""
    command = ("squeue", "--me", "--all", "--states=all", "--noheader", _FORMAT)
    return _words(_answers().to(command, keep_s))


def _older(number: int) -> Word | None:
    """A job that the last answer did not hold: one that came since, or one that ended long ago."""
    asked = ("squeue", f"--jobs={number}", "--all", "--states=all", "--noheader", _FORMAT)
    accounts = (
        "sacct",
        "--allocations",
        "--noheader",
        "--parsable2",
        f"--jobs={number}",
        "--format=JobID,State,Reason",
    )
    for command in (asked, accounts):
        try:
            found = _words(_answers().to(command, FORGOTTEN_S))
        except SlurmError:  # "Invalid job id specified", or no accounts are kept
            continue
        if number in found:
            return found[number]
    return None


def _words(text: str) -> dict[int, Word]:
    found = {}
    for line in text.splitlines():
        number, _, rest = line.strip().partition("|")
        state, _, reason = rest.partition("|")
        if number.isdecimal():  # `sacct` says who cancelled it: CANCELLED by 1000
            found[int(number)] = Word((state.split() or [""])[0].rstrip("+"), "" if reason == "None" else reason)
    return found


def end(number: int) -> None:
    """Let Slurm end a job that waits or runs: it tells its processes to end, and kills them half a minute later.

    Raises:
        SlurmError: it does not answer, or refuses.
    """
    _run(("scancel", str(number)), LONG_PATIENCE_S)


def begin_again(number: int) -> None:
    """Let Slurm end a running job and put it into its queue again.

    Raises:
        SlurmError: it does not answer, or refuses.
    """
    _run(("scontrol", "requeue", str(number)), LONG_PATIENCE_S)
