"""What went wrong with something that the user gave, in one line: the command line and the pages show it as it is."""

import errno

from pydantic import ValidationError

_DISK = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the system allows no file as large as that",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission denied",
}
"""What a disk says, in words."""


class InputError(ValueError):
    """A file, a name or a setting that cannot be used; the message says which, why, and what to do."""


def reason(error: BaseException) -> str:
    """An error as one line; of a model's faults the first: `items: input should be greater than 0, not -1`."""
    if isinstance(error, ValidationError):
        fault = error.errors()[0]
        name = ".".join(str(part) for part in fault["loc"]) or error.title
        if fault["type"] == "value_error":  # a rule over several fields: the input would be all of them
            return f"{name}: {fault['msg'].removeprefix('Value error, ')}"
        return f"{name}: {fault['msg'][:1].lower()}{fault['msg'][1:]}, not {fault['input']!r:.60}"
    if isinstance(error, OSError) and error.errno in _DISK:
        return f"{_DISK[error.errno]}: {error.filename}" if error.filename else _DISK[error.errno]
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return next((line.strip() for line in text.splitlines() if line.strip()), type(error).__name__)
