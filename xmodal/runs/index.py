"""The index of a checkpoint, which can be read without the packages that networks need."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from xmodal.errors import InputError, reason

INDEX = "checkpoint.json"
"""Names the other files with their digests."""


class CheckpointError(InputError):
    """A checkpoint that cannot be used, with one line that says which file and why."""


class CheckpointIndex(BaseModel):
    """What `checkpoint.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=1, le=1)
    """Version of the layout."""
    step: int = Field(ge=0)
    """Optimiser steps done in the whole run."""
    epoch: int = Field(ge=0)
    """Whole epochs done in the whole run."""
    whole: bool = True
    """Written at the end of an epoch; False: in the middle of the next one, where somebody asked to stop."""
    files: dict[str, str]
    """File name -> SHA-256."""
    state: dict[str, int] = {}
    """Where the trainer goes on."""


def read_index(folder: Path) -> CheckpointIndex:
    """The index of a checkpoint.

    Raises:
        CheckpointError: missing, unreadable or written by a newer version.
    """
    try:
        return CheckpointIndex.model_validate_json((folder / INDEX).read_bytes())
    except FileNotFoundError as error:
        raise CheckpointError(f"{folder} holds no checkpoint ({INDEX} is missing)") from error
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{folder / INDEX} is damaged or from a newer version: {reason(error)}") from error
