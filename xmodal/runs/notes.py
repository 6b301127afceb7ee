"""What people write about a run: a text and tags, in `notes.json` of its folder."""

from collections.abc import Iterable
from typing import Annotated

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from xmodal.errors import reason
from xmodal.runs.run import Run, RunError
from xmodal.storage import atomic_write

NOTES = "notes.json"

Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,31}$")]
"""Lower case letters, digits, `.`, `_`, `-`; at most 32."""


class Notes(BaseModel):
    """What `notes.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=1, le=1)
    """Version of the layout."""
    text: str = Field(default="", max_length=10_000)
    """Anything; lines as they were written."""
    tags: tuple[Tag, ...] = Field(default=(), max_length=20)
    """Each once, sorted."""

    @field_validator("text")
    @classmethod
    def _plain(cls, text: str) -> str:
        if not all(sign.isprintable() or sign in "\n\t" for sign in text):
            raise ValueError("a note holds letters and signs, and no control characters")
        return text

    @field_validator("tags")
    @classmethod
    def _each_once(cls, tags: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(tags)))


def read(run: Run) -> Notes:
    """What was written about a run; empty if nothing was.

    Raises:
        RunError: the file is damaged.
    """
    path = run.folder / NOTES
    try:
        return Notes.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Notes()
    except (OSError, ValueError) as error:
        raise RunError(f"{path} is damaged or from a newer version: {reason(error)}") from error


def revise(run: Run, *, text: str | None = None, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Notes:
    """Write another text (None: as it is), add and remove tags; two who do so at once both count.

    Raises:
        RunError: what was written before is damaged: it stays for somebody to look at.
        pydantic.ValidationError: the text or a tag is too long, or not plain.
    """
    with FileLock(run.folder / ".notes.lock"):
        known = read(run)
        tags = (set(known.tags) | set(add)) - set(remove)
        revised = Notes(text=known.text if text is None else text, tags=tuple(sorted(tags)))
        if revised != known:
            atomic_write(run.folder / NOTES, revised.model_dump_json(indent=2))
    return revised
