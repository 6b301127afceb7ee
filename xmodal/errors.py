"""What went wrong with something that the user gave, in one line: the command line and the pages show it as it is."""

from pydantic import ValidationError


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
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return next((line.strip() for line in text.splitlines() if line.strip()), type(error).__name__)
