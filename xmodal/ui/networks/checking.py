"""The check of a planned training as a job, and its answer, which is kept until another check of the same plan."""

from dataclasses import dataclass
from pathlib import Path

from xmodal import workspace
from xmodal.errors import reason
from xmodal.jobs import analyses
from xmodal.jobs.job import ACTIVE, PROGRESS, JobState
from xmodal.jobs.queue import Queue
from xmodal.progress import read
from xmodal.recipes.answers import Checked
from xmodal.storage import digest
from xmodal.ui.networks.launching import Plan


@dataclass(frozen=True)
class Checking:
    """How far the check of a plan is."""

    checked: Checked | None
    """The newest answer."""
    running: bool
    progress: str = ""
    share: float = 0.0
    fault: str = ""
    """Why the newest check ended without an answer."""


def start(planned: Plan) -> None:
    """Check it in the background."""
    path = _answer(planned)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    title = f"Check {planned.words[0]} before a start"
    analyses.ask(_words(planned), Queue(workspace.current()), title=title)


def state(planned: Plan) -> Checking:
    """Whether it is checked, and what came out."""
    job = analyses.newest(_words(planned), Queue(workspace.current()))
    if job is None:
        return Checking(None, running=False)
    if job.state in ACTIVE:
        told = read(job.folder / PROGRESS)
        return Checking(None, True, "" if told is None else str(told), (told and told.share) or 0.0)
    try:
        return Checking(Checked.model_validate_json(_answer(planned).read_bytes()), running=False)
    except (OSError, ValueError) as error:
        ended = job.message if job.state is JobState.FAILED else reason(error)
        return Checking(None, running=False, fault=f"The check ended without an answer: {ended}")


def _words(planned: Plan) -> tuple[str, ...]:
    return ("check", *planned.words, "--answer", str(_answer(planned)))


def _answer(planned: Plan) -> Path:
    return workspace.current().cache / "checks" / f"{digest(*planned.words)[:16]}.json"
